package gateway

import (
	"fmt"
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// maxEvaluations bounds the validation of one body: schemas that are applied to
// values, some 100 ns each.
const maxEvaluations = 1_000_000

// checkEffort refuses a body whose validation would not end: a schema that
// refers twice to itself takes time that doubles with each level of the body.
// The number of evaluations is reckoned, in time that grows with the body only.
func checkEffort(schema *jsonschema.Schema, body any) error {
	if newEffort(body).of(schema) > maxEvaluations {
		return fmt.Errorf("the model would have to be applied more than %d times", maxEvaluations)
	}
	return nil
}

// effort knows how many evaluations each schema needs for one value.
type effort struct {
	known   map[*jsonschema.Schema]int
	members map[string]*effort
	items   []*effort
}

func newEffort(value any) *effort {
	e := &effort{known: map[*jsonschema.Schema]int{}}
	switch v := value.(type) {
	case map[string]any:
		e.members = make(map[string]*effort, len(v))
		for name, member := range v {
			e.members[name] = newEffort(member)
		}
	case []any:
		for _, item := range v {
			e.items = append(e.items, newEffort(item))
		}
	}
	return e
}

// of is at least what the validator evaluates. A schema that comes back to itself
// at the same value counts once: the validator finds that.
func (e *effort) of(s *jsonschema.Schema) int {
	if e == nil || s == nil {
		return 0
	}
	if n, ok := e.known[s]; ok {
		return n
	}
	e.known[s] = 0 // while it is reckoned
	n := 1
	add := func(on *effort, schemas ...*jsonschema.Schema) {
		for _, schema := range schemas {
			n = min(n+on.of(schema), maxEvaluations+1)
		}
	}
	add(e, atValue(s)...)
	every := atMembers(s)
	for name, member := range e.members {
		add(member, s.Properties[name])
		add(member, every...)
	}
	first, each := atItems(s)
	for i, item := range e.items {
		add(item, each...)
		if i < len(first) {
			add(item, first[i])
		}
	}
	e.known[s] = n
	return n
}

// atValue are the schemas that s applies to the same value.
func atValue(s *jsonschema.Schema) []*jsonschema.Schema {
	all := slices.Concat([]*jsonschema.Schema{s.Ref, s.RecursiveRef, s.Not, s.If, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf)
	if s.DynamicRef != nil {
		all = append(all, s.DynamicRef.Ref)
	}
	for _, dependency := range s.Dependencies {
		all = append(all, schemasIn(dependency)...)
	}
	return slices.AppendSeq(all, maps.Values(s.DependentSchemas))
}

// atMembers are those that it may apply to each member of an object, beside the
// member's own in Properties.
func atMembers(s *jsonschema.Schema) []*jsonschema.Schema {
	all := append(schemasIn(s.AdditionalProperties), s.UnevaluatedProperties)
	return slices.AppendSeq(all, maps.Values(s.PatternProperties))
}

// atItems are those that it applies to the first items of a list, one each, and
// those that it may apply to each.
func atItems(s *jsonschema.Schema) (first, each []*jsonschema.Schema) {
	first, each = s.PrefixItems, append(schemasIn(s.AdditionalItems), s.Items2020, s.Contains, s.UnevaluatedItems)
	switch items := s.Items.(type) {
	case *jsonschema.Schema:
		each = append(each, items)
	case []*jsonschema.Schema:
		first = items
	}
	return first, each
}

// schemasIn gives the schema of a keyword that may hold something else, too.
func schemasIn(keyword any) []*jsonschema.Schema {
	if schema, ok := keyword.(*jsonschema.Schema); ok {
		return []*jsonschema.Schema{schema}
	}
	return nil
}

// mayMultiply says whether a schema refers to itself, or to others so often, that
// bodies need checkEffort. Those of most models don't.
func mayMultiply(s *jsonschema.Schema) bool {
	left := 10_000 // schemas, each counted wherever it is referred to
	var follow func(s *jsonschema.Schema) bool
	follow = func(s *jsonschema.Schema) bool {
		if s == nil {
			return false
		}
		if left--; left < 0 {
			return true
		}
		first, each := atItems(s)
		within := slices.Concat(atValue(s), slices.Collect(maps.Values(s.Properties)), atMembers(s), first, each)
		return slices.ContainsFunc(within, follow)
	}
	return follow(s)
}

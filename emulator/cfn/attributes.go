package cfn

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// standIns says for one resource type what Ref and Fn::GetAtt give. Texts have
// placeholders:
//
//	{name}            physical name: the explicit one, else the generated one
//	{arn} {ref}       the type's own
//	{region} {account} {partition} {suffix} {stack}
//	{hex:17} {lower:10} {upper:21} {digits:9} {uuid:1}
//	                  an ID; a third part tells two IDs of one resource apart
//	{.Properties.X}   a property; alone in the text it keeps its type
type standIns struct {
	name       string // property that names it explicitly, "" when nothing does
	limit      int    // longest name, 0 for any
	lower      bool   // generated names are in lower case
	ending     func(*Resource) string
	ref        string // {name} when empty
	arn        string
	attributes map[string]string
	derived    map[string]func(*Resource) any // what no text can say
}

// ref gives what Ref means for the resource.
func (r *Resource) ref() any {
	if hook := r.Stack.assembly.options.Attribute; hook != nil {
		if value, ok := hook(r, "Ref"); ok {
			return value
		}
	}
	return r.standIn("{ref}")
}

// attribute gives what Fn::GetAtt means; false when the attribute is not known.
func (r *Resource) attribute(name string) (any, bool) {
	if hook := r.Stack.assembly.options.Attribute; hook != nil {
		if value, ok := hook(r, name); ok {
			return value, true
		}
	}
	if output, ok := strings.CutPrefix(name, "Outputs."); ok && r.nested != nil {
		return r.nestedOutput(output)
	}
	kind := types[r.Type]
	if derive, ok := kind.derived[name]; ok {
		return derive(r), true
	}
	if text, ok := kind.attributes[name]; ok {
		return r.standIn(text), true
	}
	return nil, false
}

func (r *Resource) nestedOutput(name string) (any, bool) {
	output := r.nested.outputs[name]
	if output == nil {
		return nil, false
	}
	return output.value(), true
}

func (r *Resource) attributeNames() []string {
	kind := types[r.Type]
	return slices.AppendSeq(slices.Collect(maps.Keys(kind.attributes)), maps.Keys(kind.derived))
}

// standIn fills a text's placeholders, once.
func (r *Resource) standIn(text string) any {
	if value, ok := r.standIns.Load(text); ok {
		return value
	}
	value := r.fill(text)
	r.standIns.Store(text, value)
	return value
}

func (r *Resource) fill(text string) any {
	if whole, ok := strings.CutPrefix(text, "{"); ok && strings.IndexByte(whole, '}') == len(whole)-1 {
		return r.placeholder(strings.TrimSuffix(whole, "}"))
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		value := r.placeholder(name)
		if failed(value) {
			return value
		}
		filled, _ := scalar(value)
		out.WriteString(filled)
		text = after
	}
}

func (r *Resource) placeholder(name string) any {
	kind := types[r.Type]
	id := r.physicalID()
	switch name {
	case "name":
		if isLong(id) {
			return lastPart(id)
		}
		if id != "" {
			return id
		}
		return r.physicalName(kind)
	case "arn":
		if strings.HasPrefix(id, "arn:") {
			return id
		}
		if derive, ok := kind.derived["{arn}"]; ok {
			return derive(r)
		}
		return r.standIn(kind.arn)
	case "ref":
		if id != "" {
			return id
		}
		if kind.ref == "" {
			return r.standIn("{name}")
		}
		return r.standIn(kind.ref)
	case "region":
		return r.Stack.Region
	case "account":
		return r.Stack.AccountID
	case "partition":
		return r.Stack.partition()
	case "suffix":
		return r.Stack.urlSuffix()
	case "stack":
		return r.Stack.Name
	}
	if path, ok := strings.CutPrefix(name, "."); ok {
		return r.propertyAt(path)
	}
	return r.id(name)
}

// physicalID is that of a deployed resource, "" when none is known.
func (r *Resource) physicalID() string {
	if given := r.Stack.assembly.options.PhysicalID; given != nil {
		return given(r)
	}
	return ""
}

// isLong says whether a physical ID is an ARN or a URL that ends in the name.
func isLong(id string) bool {
	return strings.HasPrefix(id, "arn:") || strings.HasPrefix(id, "https://")
}

// id makes the letters of "alphabet:length[:what]".
func (r *Resource) id(name string) any {
	alphabet, length, _ := strings.Cut(name, ":")
	length, what, _ := strings.Cut(length, ":")
	seed := r.Stack.seed(r.LogicalID) + "/" + what
	n, _ := strconv.Atoi(length)
	switch alphabet {
	case "uuid":
		return uuidOf(seed)
	case "digits":
		return letters(seed, digits, n)
	case "lower":
		return letters(seed, lower, n)
	case "upper":
		return letters(seed, upper, n)
	}
	return hexOf(seed, n)
}

func (r *Resource) physicalName(kind standIns) any {
	if kind.name != "" {
		switch name := r.property(kind.name).(type) {
		case Unresolved:
			return name
		case string:
			return name
		case json.Number:
			return name.String()
		}
	}
	ending := ""
	if kind.ending != nil {
		ending = kind.ending(r)
	}
	name := r.generatedName(max(0, kind.limit-len(ending))) + ending
	if kind.lower {
		name = strings.ToLower(name)
	}
	return name
}

// propertyAt reads a property for an attribute; a missing one is "".
func (r *Resource) propertyAt(path string) any {
	top, rest, nested := strings.Cut(path, ".")
	value := r.property(top)
	for nested {
		var key string
		key, rest, nested = strings.Cut(rest, ".")
		m, _ := value.(map[string]any)
		value = m[key]
	}
	if value == nil {
		return ""
	}
	return value
}

// propertyText reads a property that is a string in every template that works.
func (r *Resource) propertyText(path string) string {
	text, _ := scalar(r.propertyAt(path))
	return text
}

package example

import (
	"encoding/json"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// mostDepth bounds a model that holds itself.
const mostDepth = 8

// bodyOf is a body as the method's model of JSON describes it, with a value for
// each member; "" without such a model. Patterns are not looked at.
func bodyOf(m *gateway.Method) string {
	model := m.RequestModels["application/json"]
	if model == nil {
		return ""
	}
	value := valueOf(model.Schema(), 0)
	if value == nil { // a model that takes anything
		return "{}"
	}
	text, _ := json.Marshal(value) // maps, lists, strings, numbers of a document
	return string(text)
}

func valueOf(s *jsonschema.Schema, depth int) any {
	switch {
	case s == nil || depth > mostDepth:
		return nil
	case s.Ref != nil:
		return valueOf(s.Ref, depth+1)
	case s.Default != nil:
		return *s.Default
	case s.Enum != nil && len(s.Enum.Values) > 0:
		return s.Enum.Values[0]
	case len(s.Properties) > 0:
		members := map[string]any{}
		for name, property := range s.Properties {
			if value := valueOf(property, depth+1); value != nil {
				members[name] = value
			}
		}
		return members
	}
	for _, choice := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		return valueOf(choice, depth+1)
	}
	return plainValue(s, depth)
}

// plainValue is a value of the schema's first type; nil of a schema without one.
func plainValue(s *jsonschema.Schema, depth int) any {
	if s.Types == nil || s.Types.IsEmpty() {
		return nil
	}
	switch s.Types.ToStrings()[0] {
	case "object":
		return map[string]any{}
	case "array":
		items, _ := s.Items.(*jsonschema.Schema)
		if item := valueOf(items, depth+1); item != nil {
			return []any{item}
		}
		return []any{}
	case "string":
		if s.Format != nil && s.Format.Name == "date-time" {
			return "2026-11-24T05:40:00Z"
		}
		return "text"
	case "integer", "number":
		if s.Minimum != nil {
			least, _ := s.Minimum.Float64()
			return least
		}
		return 1
	case "boolean":
		return true
	}
	return nil
}

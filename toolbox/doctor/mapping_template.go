package doctor

import (
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// MappingTemplate is a mapping template of a method, for those who read it.
type MappingTemplate struct {
	Method   *gateway.Method
	Property string // "Integration.RequestTemplates.application/json"
	Text     string
	File     string                   // it was read from, from the assembly's root; "" for none
	Parsed   *gateway.MappingTemplate // nil when Err is set
	Err      *vtl.Error

	// Where is a place of it: in its own file, else the property that holds it.
	Where func(line, column int) Where
}

// MappingTemplates lists the mapping templates that requests go through, those
// of each stage.
func (s *Subject) MappingTemplates() []MappingTemplate {
	var all []MappingTemplate
	for _, api := range s.APIs {
		for _, m := range s.methods(api) {
			for _, t := range s.templates(m) {
				all = append(all, MappingTemplate{m.Method, t.property, t.text, t.source, t.parsed, t.err,
					func(line, column int) Where { return t.where(s, line, column) }})
			}
		}
	}
	return all
}

// Method is a method in one stage, for those who look at its properties.
type Method struct {
	*gateway.Method
	Route string // "GET /orders/{id}"
	Where func(property string) Where
}

// Methods lists the methods of each stage whose values can be resolved.
func (s *Subject) Methods() []Method {
	var all []Method
	for _, api := range s.APIs {
		for _, m := range s.methods(api) {
			all = append(all, Method{m.Method, m.route(), func(property string) Where { return s.where(m.resource, property) }})
		}
	}
	return all
}

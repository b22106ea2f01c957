package gateway

import "github.com/apigw-integrations/apigw-integrations/emulator/vtl"

// MappingTemplate is a parsed mapping template. It may be rendered by any
// number of requests at the same time.
type MappingTemplate struct {
	name     string
	template *vtl.Template
}

// TemplateInput is what one rendering of a mapping template can see. Nothing
// of it is changed but Overrides.
type TemplateInput struct {
	Body           string // text of the body; "" counts as {} (rule 81)
	Params         Params
	Context        *ContextVariables
	StageVariables map[string]string
	Overrides      *Overrides // nil: overrides are dropped after the rendering
}

// Params are the request's parameters as $input.params() shows them, in the
// order of the wire. Of equal names the last value counts.
type Params struct {
	Path        []Field
	Querystring []Field // decoded
	Header      []Field
}

// ParseMappingTemplate parses the text of a mapping template. The name says in
// errors where the text comes from: "mappings/mock/request.vtl", or
// "Stack/LogicalID/Property" of an inline template.
func ParseMappingTemplate(name, text string) (*MappingTemplate, error) {
	t, err := vtl.Parse(name, text)
	if err != nil {
		return nil, err
	}
	return &MappingTemplate{name, t}, nil
}

// Name is the name that the template was parsed under.
func (t *MappingTemplate) Name() string { return t.name }

// Render evaluates the template. An error names file, line and column.
func (t *MappingTemplate) Render(in *TemplateInput) (string, error) {
	return t.template.Render(nil)
}

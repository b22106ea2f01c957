package gateway

import "github.com/apigw-integrations/apigw-integrations/emulator/vtl"

// MappingTemplate is a parsed mapping template. It may be rendered by any
// number of requests at the same time.
type MappingTemplate struct {
	name     string
	text     string
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
// "Stack/LogicalID/Property" of an inline template. Every error is a *vtl.Error.
func ParseMappingTemplate(name, text string) (*MappingTemplate, error) {
	t, err := vtl.Parse(name, text)
	if err != nil {
		return nil, err
	}
	return &MappingTemplate{name, text, t}, nil
}

// Name is the name that the template was parsed under.
func (t *MappingTemplate) Name() string { return t.name }

// Text is what was parsed.
func (t *MappingTemplate) Text() string { return t.text }

// References lists the variables that the template reads, with their places.
func (t *MappingTemplate) References() []vtl.Reference { return t.template.References() }

// Syntax is the template as it is written, for those who read it.
func (t *MappingTemplate) Syntax() []*vtl.Syntax { return t.template.Syntax() }

// Render evaluates the template. Every error is a *vtl.Error, which names file,
// line and column.
func (t *MappingTemplate) Render(in *TemplateInput) (string, error) {
	return t.template.Render(in.Variables())
}

// Observe is Render, and tells what the template read and which of its lines
// and branches it rendered; of a template that failed too.
func (t *MappingTemplate) Observe(in *TemplateInput) (string, *vtl.Observation, error) {
	return t.template.Observe(in.Variables())
}

// Coverage is that of the template before any rendering.
func (t *MappingTemplate) Coverage() vtl.Coverage { return t.template.Coverage() }

// Variables gives a template what it can see.
func (in *TemplateInput) Variables() vtl.Variables { return variables{in} }

// variables gives a template $input, $util, $context and $stageVariables, each
// made when it is first asked for.
type variables struct{ in *TemplateInput }

func (v variables) Variable(name string) (vtl.Value, bool) {
	switch name {
	case "input":
		return newInput(v.in), true
	case "util":
		return utilVariable{}, true
	case "context":
		return v.in.Context.value(v.in.Overrides), true
	case "stageVariables":
		return textMap(v.in.StageVariables), true
	}
	return nil, false
}

// Package render renders one mapping template on its own, by the engine of the
// local gateway, and tells what it read and reached, or where it failed.
package render

import (
	"errors"
	"os"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// Template is a mapping template. Any number of goroutines may render it.
type Template struct {
	Name   string // the file's, as problems name it
	Text   string
	parsed *gateway.MappingTemplate
}

// Result is what a rendering made, up to its problem if it has one.
type Result struct {
	Output string `json:"output"`
	// Overrides are $context.requestOverride and $context.responseOverride
	// where templates set something:
	// {"responseOverride": {"status": 404, "header": {"Retry-After": "1"}}}.
	Overrides map[string]any `json:"overrides,omitempty"`
	*vtl.Observation
	Problem *Problem `json:"error,omitempty"`
}

// Open parses the template in a file. Every error of its text is a *Problem.
func Open(file string) (*Template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, string(text))
}

// Parse parses the text of a template. Every error is a *Problem.
func Parse(name, text string) (*Template, error) {
	parsed, err := gateway.ParseMappingTemplate(name, text)
	if err != nil {
		return nil, newProblem(err, text)
	}
	return &Template{name, text, parsed}, nil
}

// Coverage is that of the template before any rendering.
func (t *Template) Coverage() vtl.Coverage { return t.parsed.Coverage() }

// Render renders the template.
func (t *Template) Render(in Input) *Result {
	overrides := gateway.NewOverrides()
	if in.Before != nil {
		if _, err := in.Before.parsed.Render(in.templateInput(overrides)); err != nil {
			return &Result{Problem: newProblem(err, in.Before.Text)}
		}
	}
	output, seen, err := t.parsed.Observe(in.templateInput(overrides))
	r := &Result{Output: output, Overrides: written(overrides), Observation: seen}
	if err != nil {
		r.Problem = newProblem(err, t.Text)
	}
	return r
}

func newProblem(err error, text string) *Problem {
	var e *vtl.Error
	errors.As(err, &e) // gateway.MappingTemplate promises it
	return &Problem{e.Name, e.Line, e.Column, e.Message, e.Hint, lineOf(text, e.Line)}
}

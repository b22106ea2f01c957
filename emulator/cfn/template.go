package cfn

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// template is the text of one template, its values not resolved.
type template struct {
	parameters map[string]rawParameter
	mappings   map[string]any
	conditions map[string]any
	resources  map[string]rawResource
	outputs    map[string]rawOutput
}

type rawParameter struct {
	kind       string
	def        any // nil when there is no default
	allowed    []any
	hasDefault bool
}

type rawResource struct {
	kind           string
	condition      any // name, nil without
	dependsOn      []string
	deletionPolicy string
	properties     map[string]any
	metadata       map[string]any
}

type rawOutput struct {
	condition  any
	value      any
	exportName any // nil when not exported
}

// shapeError is a part of a template that has the wrong shape.
type shapeError struct{ path, message string }

// sectionReader reads the parts of a template and notes those of the wrong shape.
type sectionReader struct{ faults []shapeError }

func (r *sectionReader) fault(path, message string) {
	r.faults = append(r.faults, shapeError{path, message})
}

// object reads an optional object.
func (r *sectionReader) object(v any, path string) map[string]any {
	m, ok := v.(map[string]any)
	if !ok && v != nil {
		r.fault(path, kindOf(v)+" where an object is needed")
	}
	return m
}

// readTemplate sorts a template's sections. Sections of the wrong shape are
// refused whole: there is nothing that could be served beside them.
func readTemplate(sections map[string]any) (*template, []shapeError) {
	t := &template{
		parameters: map[string]rawParameter{},
		resources:  map[string]rawResource{},
		outputs:    map[string]rawOutput{},
	}
	var r sectionReader
	section := func(name string) map[string]any { return r.object(sections[name], name) }
	t.mappings, t.conditions = section("Mappings"), section("Conditions")
	for name, v := range inOrder(section("Parameters")) {
		t.parameters[name] = readParameter(r.object(v, "Parameters."+name))
	}
	for name, v := range inOrder(section("Resources")) {
		t.resources[name] = r.resource(v, "Resources."+name)
	}
	for name, v := range inOrder(section("Outputs")) {
		t.outputs[name] = r.output(v, "Outputs."+name)
	}
	return t, r.faults
}

// inOrder ranges over an object by its keys' order.
func inOrder(m map[string]any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}

func readParameter(entry map[string]any) rawParameter {
	p := rawParameter{kind: text(entry["Type"])}
	p.def, p.hasDefault = entry["Default"]
	p.allowed, _ = entry["AllowedValues"].([]any)
	return p
}

func (r *sectionReader) resource(v any, path string) rawResource {
	entry := r.object(v, path)
	if text(entry["Type"]) == "" {
		r.fault(path, "no Type")
	}
	return rawResource{
		kind:           text(entry["Type"]),
		condition:      entry["Condition"],
		dependsOn:      texts(entry["DependsOn"]),
		deletionPolicy: text(entry["DeletionPolicy"]),
		properties:     r.object(entry["Properties"], path+".Properties"),
		metadata:       r.object(entry["Metadata"], path+".Metadata"),
	}
}

func (r *sectionReader) output(v any, path string) rawOutput {
	entry := r.object(v, path)
	export := r.object(entry["Export"], path+".Export")
	return rawOutput{condition: entry["Condition"], value: entry["Value"], exportName: export["Name"]}
}

// texts reads a string or a list of strings.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			if name, ok := item.(string); ok {
				all = append(all, name)
			}
		}
		return all
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// scalar gives the text of a string, number or boolean, as CloudFormation does
// where a string is needed.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// kindOf names a value's kind in messages.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	default:
		return strings.TrimPrefix(fmt.Sprintf("%T", v), "cfn.")
	}
}

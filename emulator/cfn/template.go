package cfn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// template is the text of one template, its values not resolved.
type template struct {
	parameters map[string]rawParameter
	mappings   map[string]any
	conditions map[string]any
	resources  map[string]rawResource
	outputs    map[string]rawOutput
	transforms []string
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

// parseTemplate reads a template, JSON or YAML. Numbers become json.Number in
// both.
func parseTemplate(name string, text []byte) (*template, error) {
	tree, err := parseText(name, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t, err := readTemplate(tree)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// parseText reads JSON or YAML. A name that tells neither leaves it to the first
// letter.
func parseText(name string, text []byte) (any, error) {
	isJSON := bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff"))), []byte("{"))
	switch filepath.Ext(name) {
	case ".yaml", ".yml":
		isJSON = false
	case ".json":
		isJSON = true
	}
	if isJSON {
		return parseJSON(text)
	}
	return parseYAML(text)
}

func parseJSON(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err == io.EOF {
		return nil, errors.New("empty template")
	} else if err != nil {
		return nil, jsonPlace(text, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("text after the JSON value")
	}
	return tree, nil
}

// jsonPlace adds line and column to a syntax error.
func jsonPlace(text []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset > int64(len(text)) {
		return err
	}
	before := text[:syntax.Offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("%d:%d: %w", line, column, err)
}

// readTemplate sorts a template's sections. Sections of the wrong shape are
// refused whole: there is nothing that could be served beside them.
func readTemplate(tree any) (*template, error) {
	sections, ok := tree.(map[string]any)
	if !ok {
		return nil, errors.New("a template is an object with the section Resources")
	}
	t := &template{
		parameters: map[string]rawParameter{},
		resources:  map[string]rawResource{},
		outputs:    map[string]rawOutput{},
	}
	var faults []error
	section := func(name string) map[string]any {
		entries, err := object(sections[name], name)
		faults = append(faults, err)
		return entries
	}
	t.mappings, t.conditions = section("Mappings"), section("Conditions")
	for name, v := range section("Parameters") {
		entry, err := object(v, "Parameters."+name)
		faults = append(faults, err)
		t.parameters[name] = readParameter(entry)
	}
	for name, v := range section("Resources") {
		r, err := readResource(name, v)
		faults = append(faults, err)
		t.resources[name] = r
	}
	for name, v := range section("Outputs") {
		o, err := readOutput(name, v)
		faults = append(faults, err)
		t.outputs[name] = o
	}
	t.transforms = macros(sections["Transform"])
	if _, ok := sections["Resources"]; !ok {
		faults = append(faults, errors.New("no section Resources"))
	}
	return t, errors.Join(faults...)
}

// macros names the macros of a template but the one whose functions are built in.
func macros(v any) []string {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	var names []string
	for _, item := range list {
		name := text(item)
		if macro, ok := item.(map[string]any); ok {
			name = text(macro["Name"])
		}
		if name != "AWS::LanguageExtensions" {
			names = append(names, name)
		}
	}
	return names
}

func readParameter(entry map[string]any) rawParameter {
	p := rawParameter{kind: text(entry["Type"])}
	p.def, p.hasDefault = entry["Default"]
	p.allowed, _ = entry["AllowedValues"].([]any)
	return p
}

func readResource(name string, v any) (rawResource, error) {
	place := "Resources." + name
	entry, err := object(v, place)
	if err != nil {
		return rawResource{}, err
	}
	r := rawResource{kind: text(entry["Type"]), condition: entry["Condition"], dependsOn: texts(entry["DependsOn"])}
	r.deletionPolicy = text(entry["DeletionPolicy"])
	if r.kind == "" {
		return r, fmt.Errorf("%s: no Type", place)
	}
	properties, propertiesErr := object(entry["Properties"], place+".Properties")
	metadata, metadataErr := object(entry["Metadata"], place+".Metadata")
	r.properties, r.metadata = properties, metadata
	return r, errors.Join(propertiesErr, metadataErr)
}

func readOutput(name string, v any) (rawOutput, error) {
	place := "Outputs." + name
	entry, err := object(v, place)
	if err != nil {
		return rawOutput{}, err
	}
	export, err := object(entry["Export"], place+".Export")
	return rawOutput{condition: entry["Condition"], value: entry["Value"], exportName: export["Name"]}, err
}

// object reads an optional object.
func object(v any, place string) (map[string]any, error) {
	if v == nil {
		return nil, nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: %s where an object is needed", place, kindOf(v))
	}
	return m, nil
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

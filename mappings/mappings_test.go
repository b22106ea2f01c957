// Package mappings_test plays the cases that lie beside the mapping templates.
//
// request.txtar holds the cases of request.vtl. A case is a group of sections
// that begin with its name:
//
//	name/body.json       what $input.body is, without the last line break
//	name/input.json      "body" as a JSON string; "params", "stageVariables"
//	name/before.vtl      what an earlier template did: overrides, for example
//	name/output.json     what the template renders; .json and .xml must be well-formed
//	name/overrides.json  what it left in $context.requestOverride and .responseOverride
//
// "go test ./mappings -update" writes the output sections anew from Apache
// Velocity, see oracle_test.go.
package mappings_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

var update = flag.Bool("update", false, "write the expected output anew, as VTL_ORACLE renders it")

// What every case has unless its input.json says otherwise.
const (
	requestID = "9f3c1f0e-6d1b-4e0c-8a53-1d1a5c8b7e21"
	machine   = "arn:aws:states:us-east-1:000000000000:stateMachine:orders"
	topic     = "arn:aws:sns:us-east-1:000000000000:notifications"
)

var requestTime = time.Date(2026, 11, 24, 5, 40, 0, 123e6, time.UTC)

// testCase is one rendering of a template.
type testCase struct {
	file, name string // "lambda/xml/request.txtar", "two items"
	template   string // its text, after what before.vtl does
	input      input

	output    string
	form      string // extension of the output section
	overrides map[string]any
}

// input is input.json.
type input struct {
	Body           string                       `json:"body"`
	Params         map[string]map[string]string `json:"params"` // path, querystring, header
	StageVariables map[string]string            `json:"stageVariables"`
}

// result is what an engine made of a case.
type result struct {
	output    string
	overrides map[string]any
}

func TestTemplates(t *testing.T) {
	e := engine{}
	for _, c := range readCases(t) {
		t.Run(c.file+"/"+c.name, func(t *testing.T) {
			got, err := e.render(c)
			if err != nil {
				t.Fatal(err)
			}
			c.check(t, got)
		})
	}
}

// TestEveryTemplateHasCases fails for a template that nobody would notice breaking.
func TestEveryTemplateHasCases(t *testing.T) {
	for _, template := range find(t, ".vtl") {
		cases := strings.TrimSuffix(template, ".vtl") + ".txtar"
		if _, err := os.Stat(cases); err != nil {
			t.Errorf("%s has no cases: write %s", template, cases)
		}
	}
}

// TestLastLineBreak covers what a section can't show: these bodies end without one.
func TestLastLineBreak(t *testing.T) {
	for _, c := range readCases(t) {
		if c.file != "sns/request.txtar" && c.file != "mock/message/response.txtar" {
			continue
		}
		got, err := engine{}.render(c)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(got.output, "\n") {
			t.Errorf("%s/%s ends with a line break: %q", c.file, c.name, got.output)
		}
	}
}

func (c *testCase) check(t *testing.T, got result) {
	t.Helper()
	if diff := cmp.Diff(c.output, withLineBreak(got.output)); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.overrides, got.overrides); diff != "" {
		t.Errorf("overrides (-want +got):\n%s", diff)
	}
	if err := wellFormed(c.form, got.output); err != nil {
		t.Errorf("output is no %s: %v\n%s", c.form, err, got.output)
	}
}

// withLineBreak is text as a txtar section can hold it.
func withLineBreak(text string) string {
	return strings.TrimSuffix(text, "\n") + "\n"
}

func wellFormed(form, text string) error {
	switch form {
	case ".json":
		var v any
		return json.Unmarshal([]byte(text), &v)
	case ".xml":
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	default:
		return nil
	}
}

// engine is our own engine, with the templates that it has parsed by their text.
type engine map[string]*gateway.MappingTemplate

func (e engine) render(c *testCase) (result, error) {
	template, ok := e[c.template]
	if !ok {
		var err error
		template, err = gateway.ParseMappingTemplate("mappings/"+c.file, c.template)
		if err != nil {
			return result{}, err
		}
		e[c.template] = template
	}
	overrides := gateway.NewOverrides()
	output, err := template.Render(&gateway.TemplateInput{
		Body: c.input.Body,
		Params: gateway.Params{
			Path:        fields(c.input.Params["path"]),
			Querystring: fields(c.input.Params["querystring"]),
			Header:      fields(c.input.Params["header"]),
		},
		Context:        &gateway.ContextVariables{RequestID: requestID, RequestTime: requestTime},
		StageVariables: c.input.StageVariables,
		Overrides:      overrides,
	})
	return result{output, written(overrides)}, err
}

func fields(m map[string]string) []gateway.Field {
	var list []gateway.Field
	for name, value := range m {
		list = append(list, gateway.Field{Name: name, Value: value})
	}
	return list
}

// written is what templates set in overrides, as overrides.json has it.
func written(o *gateway.Overrides) map[string]any {
	all := map[string]any{}
	put := func(override, member string, value any) {
		m, ok := all[override].(map[string]any)
		if !ok {
			m = map[string]any{}
			all[override] = m
		}
		m[member] = value
	}
	for _, part := range []struct {
		override, member string
		fields           []gateway.Field
	}{
		{"requestOverride", "path", o.RequestPath()},
		{"requestOverride", "querystring", o.RequestQuerystring()},
		{"requestOverride", "header", o.RequestHeader()},
		{"responseOverride", "header", o.ResponseHeader()},
	} {
		values := map[string]any{}
		for _, f := range part.fields {
			values[f.Name] = f.Value
		}
		if len(values) > 0 {
			put(part.override, part.member, values)
		}
	}
	if status, ok := o.ResponseStatus(); ok {
		put("responseOverride", "status", float64(status))
	}
	return nilIfEmpty(all)
}

func nilIfEmpty(m map[string]any) map[string]any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// find returns the files of this folder with an extension.
func find(t *testing.T, extension string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == extension {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// readCases reads the cases of all templates.
func readCases(t *testing.T) []*testCase {
	t.Helper()
	var all []*testCase
	for _, file := range find(t, ".txtar") {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		template, err := os.ReadFile(strings.TrimSuffix(file, ".txtar") + ".vtl")
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			name, part := path.Split(section.Name)
			name = strings.TrimSuffix(name, "/")
			if len(all) == 0 || all[len(all)-1].file != file || all[len(all)-1].name != name {
				all = append(all, newCase(file, name, string(template)))
			}
			if err := all[len(all)-1].add(part, string(section.Data)); err != nil {
				t.Fatalf("%s: %s: %v", file, section.Name, err)
			}
		}
	}
	return all
}

func newCase(file, name, template string) *testCase {
	return &testCase{
		file:     file,
		name:     name,
		template: template,
		input: input{StageVariables: map[string]string{
			"ordersTable":          "orders",
			"notificationTopicArn": topic,
			"stateMachineArn":      machine,
		}},
	}
}

// add takes one section of the case's file.
func (c *testCase) add(part, data string) error {
	switch strings.TrimSuffix(part, path.Ext(part)) {
	case "body":
		c.input.Body = strings.TrimSuffix(data, "\n")
	case "input":
		return json.Unmarshal([]byte(data), &c.input)
	case "before":
		c.template = data + c.template
	case "output":
		c.output, c.form = data, path.Ext(part)
	case "overrides":
		return json.Unmarshal([]byte(data), &c.overrides)
	default:
		return errors.New("no such section: use body, input, before, output or overrides")
	}
	return nil
}

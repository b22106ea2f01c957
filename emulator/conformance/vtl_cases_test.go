package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// vtlCase is one row of a file of template cases: what Velocity with the
// recorded deviations answered, or the service itself.
type vtlCase struct {
	ID             string
	Area           string
	Template       string
	Body           string
	Params         json.RawMessage
	Context        json.RawMessage
	StageVariables json.RawMessage

	RecordedAWS  *string         `json:"recordedAws"`
	ExpectAWSAlt json.RawMessage `json:"expectAwsAlt"`
	ExpectAWS    json.RawMessage `json:"expectAws"`
	Expect17     json.RawMessage `json:"expect17"`
	Overrides17  json.RawMessage `json:"overrides17"`
	OverridesAWS json.RawMessage `json:"overridesAws"`
}

// want is the answer that counts; wantError says that the template must fail.
// scored is false of rows whose answer is undecided.
func (c *vtlCase) want(t *testing.T) (want string, wantError, scored bool) {
	raw := c.Expect17
	switch {
	case c.RecordedAWS != nil:
		return *c.RecordedAWS, false, true
	case c.ExpectAWSAlt != nil:
		return "", false, false
	case c.ExpectAWS != nil:
		raw = c.ExpectAWS
	}
	if string(raw) == "null" {
		return "", true, true
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	return want, false, true
}

// render renders the case, its context in the order of the file, and returns
// the overrides too, by "requestOverride" and "responseOverride".
func (c *vtlCase) render() (string, *vtl.Map, error) {
	object := func(raw json.RawMessage) *vtl.Map {
		v, err := vtl.ParseJSON(string(raw))
		m, ok := v.(*vtl.Map)
		if err != nil || !ok {
			return &vtl.Map{}
		}
		return m
	}
	params := object(c.Params)
	fields := func(name string) (list []gateway.Field) {
		if m, ok := params.Get(name).(*vtl.Map); ok {
			for _, e := range m.Entries() {
				list = append(list, gateway.Field{Name: vtl.Text(e.Key), Value: vtl.Text(e.Value)})
			}
		}
		return list
	}
	in := &gateway.TemplateInput{
		Body:      c.Body,
		Params:    gateway.Params{Path: fields("path"), Querystring: fields("querystring"), Header: fields("header")},
		Overrides: gateway.NewOverrides(),
	}
	own, _ := in.Variables().Variable("context")
	overrides := own.(*vtl.Map)
	vars := caseVariables{in.Variables(), ordered(object(c.Context), overrides), object(c.StageVariables)}
	template, err := vtl.Parse(c.ID, c.Template)
	if err != nil {
		return "", overrides, err
	}
	s, err := template.Render(vars)
	return s, overrides, err
}

// ordered is $context with members in the order given, where the gateway's own
// is in the order of the service.
func ordered(members, overrides *vtl.Map) *vtl.Map {
	silence(members)
	members.Quiet = false
	for _, e := range overrides.Entries() {
		override := e.Value.(*vtl.Map)
		if given, ok := members.Get(vtl.Text(e.Key)).(*vtl.Map); ok {
			for _, e := range given.Entries() {
				override.Put(e.Key, e.Value)
			}
		}
		members.Put(e.Key, override)
	}
	return members
}

func silence(m *vtl.Map) {
	m.Quiet = true
	for _, e := range m.Entries() {
		if inner, ok := e.Value.(*vtl.Map); ok {
			silence(inner)
		}
	}
}

type caseVariables struct {
	vtl.Variables
	context, stageVariables *vtl.Map
}

func (v caseVariables) Variable(name string) (vtl.Value, bool) {
	switch name {
	case "context":
		return v.context, true
	case "stageVariables":
		return v.stageVariables, true
	}
	return v.Variables.Variable(name)
}

// overridesText is what was overridden, without empty members, as JSON.
func overridesText(overrides *vtl.Map) string {
	all := &vtl.Map{}
	for _, e := range overrides.Entries() {
		kept := &vtl.Map{}
		for _, e := range e.Value.(*vtl.Map).Entries() {
			if m, ok := e.Value.(*vtl.Map); !ok || m.Len() > 0 {
				kept.Put(e.Key, e.Value)
			}
		}
		if kept.Len() > 0 {
			all.Put(e.Key, kept)
		}
	}
	return vtl.JSON(all)
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	ta, _ := json.Marshal(x)
	tb, _ := json.Marshal(y)
	return bytes.Equal(ta, tb)
}

// TestVTLCases renders the rows of the file that VTL_CASES names, one JSON
// object a line.
func TestVTLCases(t *testing.T) {
	path := os.Getenv("VTL_CASES")
	if path == "" {
		t.Skip("VTL_CASES names no file of template cases")
	}
	renderFile(t, path)
}

// TestTemplates renders the rows of this repository.
func TestTemplates(t *testing.T) {
	renderFile(t, "testdata/vtl_cases.ndjson")
}

func renderFile(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := newReport(t)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		c := &vtlCase{}
		if err := json.Unmarshal(lines.Bytes(), c); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if want, wantError, ok := c.want(t); ok {
			r.count(t, "template "+c.Area, c.ID, c.differences(want, wantError))
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// unslash takes both spellings of a slash in JSON as one.
var unslash = strings.NewReplacer(`\/`, `/`)

// differences tells where a rendering differs from what is wanted.
func (c *vtlCase) differences(want string, wantError bool) []string {
	got, overrides, err := c.render()
	switch {
	case wantError && err == nil:
		return []string{fmt.Sprintf("expected an error, got %q of\n%s", got, c.Template)}
	case wantError:
		return nil
	case err != nil:
		return []string{fmt.Sprintf("expected %q, got the error %v of\n%s", want, err, c.Template)}
	case unslash.Replace(got) != unslash.Replace(want):
		return []string{fmt.Sprintf("expected %q\n  got      %q of\n%s", want, got, c.Template)}
	}
	wantOverrides := c.Overrides17
	if c.OverridesAWS != nil {
		wantOverrides = c.OverridesAWS
	}
	if o := overridesText(overrides); wantOverrides != nil && !sameJSON(o, string(wantOverrides)) {
		return []string{fmt.Sprintf("expected the overrides %s, got %s of\n%s", wantOverrides, o, c.Template)}
	}
	return nil
}

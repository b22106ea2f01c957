package gateway

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// vtlCase is one row of a file of template cases: what Velocity with the
// recorded deviations answered, or the service itself.
type vtlCase struct {
	ID             string
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

// render renders the case, its context in the order of the file.
func (c *vtlCase) render(t *testing.T) (string, *Overrides, error) {
	object := func(raw json.RawMessage) *vtl.Map {
		v, err := vtl.ParseJSON(string(raw))
		m, ok := v.(*vtl.Map)
		if err != nil || !ok {
			return &vtl.Map{}
		}
		return m
	}
	params := object(c.Params)
	fields := func(name string) (list []Field) {
		if m, ok := params.Get(name).(*vtl.Map); ok {
			for _, e := range m.Entries() {
				list = append(list, Field{vtl.Text(e.Key), vtl.Text(e.Value)})
			}
		}
		return list
	}
	overrides := NewOverrides()
	vars := caseVariables{
		variables: variables{&TemplateInput{
			Body:   c.Body,
			Params: Params{fields("path"), fields("querystring"), fields("header")},
		}},
		context:        ordered(object(c.Context), overrides),
		stageVariables: object(c.StageVariables),
	}
	template, err := vtl.Parse(c.ID, c.Template)
	if err != nil {
		return "", overrides, err
	}
	s, err := template.Render(vars)
	return s, overrides, err
}

// ordered is $context with members in the order given, where the gateway's own
// is in the order of the service.
func ordered(members *vtl.Map, o *Overrides) *vtl.Map {
	silence(members)
	members.Quiet = false
	for _, e := range members.Entries() {
		m, ok := e.Value.(*vtl.Map)
		if !ok {
			continue
		}
		switch e.Key {
		case "requestOverride":
			adopt(o.request, m)
		case "responseOverride":
			adopt(o.response, m)
		}
	}
	members.Put("requestOverride", o.request)
	members.Put("responseOverride", o.response)
	return members
}

func adopt(to, from *vtl.Map) {
	for _, e := range from.Entries() {
		to.Put(e.Key, e.Value)
	}
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
	variables
	context, stageVariables *vtl.Map
}

func (v caseVariables) Variable(name string) (vtl.Value, bool) {
	switch name {
	case "context":
		return v.context, true
	case "stageVariables":
		return v.stageVariables, true
	}
	return v.variables.Variable(name)
}

// overridesText is what was overridden, without empty members, as JSON.
func overridesText(o *Overrides) string {
	all := &vtl.Map{}
	for _, side := range []struct {
		name string
		from *vtl.Map
	}{{"requestOverride", o.request}, {"responseOverride", o.response}} {
		kept := &vtl.Map{}
		for _, e := range side.from.Entries() {
			if m, ok := e.Value.(*vtl.Map); !ok || m.Len() > 0 {
				kept.Put(e.Key, e.Value)
			}
		}
		if kept.Len() > 0 {
			all.Put(side.name, kept)
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

// TestVTLCases scores a file of template cases, one JSON object a line.
func TestVTLCases(t *testing.T) {
	path := os.Getenv("VTL_CASES")
	if path == "" {
		t.Skip("set VTL_CASES to a cases.ndjson to score templates against Velocity's answers")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scored, right := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c vtlCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		want, wantError, ok := c.want(t)
		if !ok {
			continue
		}
		scored++
		got, overrides, err := c.render(t)
		switch unslash := strings.NewReplacer(`\/`, `/`); {
		case wantError && err == nil:
			t.Errorf("%s: no error\n%s\ngot  %q", c.ID, c.Template, got)
		case wantError:
			right++
		case err != nil:
			t.Errorf("%s: %v\n%s\nwant %q", c.ID, err, c.Template, want)
		case unslash.Replace(got) != unslash.Replace(want):
			t.Errorf("%s:\n%s\ngot  %q\nwant %q", c.ID, c.Template, got, want)
		default:
			wantOverrides := c.Overrides17
			if c.OverridesAWS != nil {
				wantOverrides = c.OverridesAWS
			}
			if o := overridesText(overrides); wantOverrides != nil && !sameJSON(o, string(wantOverrides)) {
				t.Errorf("%s: overrides\ngot  %s\nwant %s", c.ID, o, wantOverrides)
				continue
			}
			right++
		}
	}
	t.Logf("%d of %d rows right", right, scored)
}

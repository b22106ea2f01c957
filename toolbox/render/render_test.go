package render_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// TestRender: the last file of an archive is what apigw render --explain shows.
func TestRender(t *testing.T) {
	golden.Archives(t, "testdata/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		var in render.Input
		template := ""
		for _, file := range a.Files {
			var err error
			switch file.Name {
			case "template.vtl":
				template = string(file.Data)
			case "before.vtl":
				in.Before, err = render.Parse(file.Name, string(file.Data))
			case "input.json":
				err = json.Unmarshal(file.Data, &in)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		parsed, err := render.Parse("template.vtl", template)
		if err != nil {
			return problem(t, err)
		}
		var out strings.Builder
		r := parsed.Render(in)
		if err := parsed.Explain(&out, terminal.Terminal{}, r); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out)
		for _, line := range r.OverrideLines() {
			fmt.Fprintln(&out, line)
		}
		if r.Problem != nil {
			return out.String() + problem(t, r.Problem)
		}
		return out.String() + r.Output
	})
}

func problem(t *testing.T, err error) string {
	t.Helper()
	p, ok := errors.AsType[*render.Problem](err)
	if !ok {
		t.Fatalf("%v is no *render.Problem", err)
	}
	return p.Error() + "\n"
}

// TestGiven sets one thing after another, as the flags of apigw render do.
func TestGiven(t *testing.T) {
	in := render.Input{Params: render.Params{Path: render.Fields{{Name: "id", Value: "1"}}}}
	before := in
	for _, given := range []string{"path.id=2", "querystring.q=a=b", "header.X-Id=", "path.more=3"} {
		if err := in.SetParam(given); err != nil {
			t.Error(err)
		}
	}
	for _, given := range []string{"stage=test", "identity.sourceIp=192.0.2.7", "authorizer.claims.sub=me"} {
		if err := in.SetContext(given); err != nil {
			t.Error(err)
		}
	}
	in.SetStageVariable("table", "orders")
	template, err := render.Parse("t.vtl", `$input.params() $context.stage $context.identity.sourceIp $context.identity.userAgent `+
		`$context.authorizer.claims.sub $stageVariables.table $context.requestTimeEpoch`)
	if err != nil {
		t.Fatal(err)
	}
	const want = "{path={id=2, more=3}, querystring={q=a=b}, header={X-Id=}} test 192.0.2.7 apigw me orders 1795498800123"
	if diff := cmp.Diff(want, template.Render(in).Output); diff != "" {
		t.Error(diff)
	}
	if before.Params.Path[0].Value != "1" {
		t.Error("a copy of the input was changed")
	}
	for given, want := range map[string]string{
		"id=1": "write PLACE.NAME=VALUE, path.id=o-1 for example", "query.id=1": "there is no query: write path, querystring or header",
		"path.id": "write PLACE.NAME=VALUE, path.id=o-1 for example",
	} {
		if err := in.SetParam(given); err == nil || err.Error() != want {
			t.Errorf("%s: %v", given, err)
		}
	}
	if err := in.SetContext("stage"); err == nil || err.Error() != "write NAME=VALUE" {
		t.Error(err)
	}
}

// TestFields holds the order of parameters, which a template can see.
func TestFields(t *testing.T) {
	const text = `{"path":{"b":"1","a":"2"}}`
	var in render.Input
	if err := json.Unmarshal([]byte(`{"params": `+text+`}`), &in); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(in.Params); err != nil || string(again) != text {
		t.Errorf("%s %v", again, err)
	}
	for given, want := range map[string]string{
		`{"params":{"path":{"a":1}}}`: "the parameter a is no text; write it in quotes",
		`{"params":{"path":["a"]}}`:   `parameters are a JSON object of texts, not ["a"]`,
	} {
		if err := json.Unmarshal([]byte(given), &in); err == nil || err.Error() != want {
			t.Errorf("%s: %v", given, err)
		}
	}
}

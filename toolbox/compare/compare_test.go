package compare

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

const api = "testdata/api.yaml"

// deploy serves the API with a change, and returns its base URL.
func deploy(t *testing.T, before, after string) string {
	t.Helper()
	text, err := os.ReadFile(api)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), before) {
		t.Fatalf("%s holds no %q", api, before)
	}
	changed := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(changed, []byte(strings.ReplaceAll(string(text), before, after)), 0o600); err != nil {
		t.Fatal(err)
	}
	gateway, err := emulator.Start(t.Context(), emulator.Options{App: changed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := gateway.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return gateway.BaseURL()
}

func parse(t *testing.T, text string) *integrationtests.Case {
	t.Helper()
	c, err := integrationtests.Parse("case", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findings are one line for each step that is not just the same.
func findings(report *Report) string {
	var text strings.Builder
	side := func(value *string) string {
		if value == nil {
			return "(none)"
		}
		return *value
	}
	for _, c := range report.Cases {
		for _, step := range c.Steps {
			if step.Verdict == NotComparable {
				fmt.Fprintf(&text, "%d not comparable: %s\n", step.Number, step.Reason)
			}
			for _, d := range step.Differences {
				fmt.Fprintf(&text, "%d %s: %s | %s\n", step.Number, d.where(), side(d.Local), side(d.Deployed))
			}
			for _, i := range step.Ignored {
				fmt.Fprintf(&text, "%d ignored %s: %s\n", step.Number, strings.TrimSpace(i.Part+" "+i.At), i.Reason)
			}
		}
	}
	return text.String()
}

const greet = "-- request GET /greeting?name=Ada --\n-- expect --\n"

func TestRun(t *testing.T) {
	tests := []struct {
		name          string
		before, after string // the change
		text          string // of the case
		ignoreHeader  string
		want          string
	}{
		{name: "no change", text: greet},
		{name: "status", before: "StatusCode: 200", after: "StatusCode: 202", text: greet,
			want: "1 status: 200 | 202\n"},
		{name: "member differs", before: `"hello"`, after: `"hallo"`, text: greet,
			want: "1 body /hallo: (none) | \"Ada\"\n1 body /hello: \"Ada\" | (none)\n"},
		{name: "element missing", before: "[1, 2]", after: "[2]", text: greet,
			want: "1 body /list/0: 1 | 2\n1 body /list/1: 2 | (none)\n"},
		{name: "white space in JSON", before: "[1, 2]", after: "[1,2]", text: greet},
		{name: "header differs", before: "max-age=60", after: "no-store", text: greet,
			want: "1 header Cache-Control: max-age=60 | no-store\n"},
		{name: "header under another name", before: `header.Cache-Control: "'max-age`, after: `header.Vary: "'max-age`, text: greet,
			want: "1 header Cache-Control: max-age=60 | (none)\n1 header Vary: (none) | max-age=60\n"},
		{name: "header left aside", before: "max-age=60", after: "no-store", text: greet, ignoreHeader: "cache-*"},
		{name: "the case takes both", before: `"1.2"`, after: `"1.3"`,
			text: greet + "{\"$contains\":{\"version\":\"~ ^1\"}}\n",
			want: "1 ignored body /version: the case takes both: \"~ ^1\"\n"},
		{name: "the case takes one", before: `"1.2"`, after: `"2"`,
			text: greet + "{\"$contains\":{\"version\":\"~ ^1\"}}\n",
			want: "1 body /version: \"1.2\" | \"2\"\n"},
		{name: "text", before: "is here", after: "was here",
			text: "-- request GET /things/${unique} --\n-- expect --\n",
			want: "1 body: line 2: is here | line 2: was here\n"},
		{name: "captured", before: "\\nis here", after: "!\\nis here",
			text: "-- request POST /things --\n-- expect 201 --\n-- capture --\nid = body /id\n-- request GET /things/${id} --\n-- expect --\n",
			want: "2 body: line 1: thing ID | line 1: thing ID!\n"},
		{name: "differs with itself",
			text: "-- request POST /things --\n-- expect 201 --\n",
			want: "1 ignored header Location: differs between two plays on the local gateway too\n" +
				"1 ignored body /id: differs between two plays on the local gateway too\n"},
		{name: "differs with itself, and is missing", before: `"id": "$context.requestId", `, after: "",
			text: "-- request POST /things --\n-- expect 201 --\n",
			want: "1 body /id: ID | (none)\n" +
				"1 ignored header Location: differs between two plays on the local gateway too\n"},
		{name: "stage", before: "StageName: test", after: "StageName: prod",
			text: "-- request POST /things --\n-- expect 201 --\n-- capture --\nid = body /id\n"},
		{name: "nothing to capture from", before: `"id": "$context.requestId", `, after: "",
			text: "-- request POST /things --\n-- expect 201 --\n-- capture --\nid = body /id\n-- request GET /things/${id} --\n-- expect --\n",
			want: "1 body /id: ID | (none)\n" +
				"1 ignored header Location: differs between two plays on the local gateway too\n" +
				"2 not comparable: deployed: ${id} is neither defined nor captured\n"},
		{name: "no outputs", text: greet + "-- item Table --\n{}\n-- expect --\n",
			want: "2 not comparable: local: no stack has an output Table\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, err := Run(t.Context(), Options{
				Local:         emulator.Options{App: api},
				Cases:         []*integrationtests.Case{parse(t, test.text)},
				Deployed:      Deployed{URL: deploy(t, test.before, test.after)},
				IgnoreHeaders: strings.Fields(test.ignoreHeader),
			})
			if err != nil {
				t.Fatal(err)
			}
			got := requestID.ReplaceAllString(findings(report), "ID")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	report, err := Run(t.Context(), Options{
		Local: emulator.Options{App: api},
		Cases: []*integrationtests.Case{
			parse(t, greet+greet+"-- request GET /greeting --\n-- expect 404 --\n"),
			parse(t, "-- request GET /things/1 --\n-- expect --\nthing 1\nis here\n-- item Table --\n{}\n-- expect --\n"),
			parse(t, "-- item Table --\n{}\n-- expect --\n"),
		},
		Deployed: Deployed{URL: deploy(t, "is here", "was here")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Summary{Cases: 3, Steps: 6, Same: 3, Different: 1, NotComparable: 2, Unexpected: 1}); report.Summary != want {
		t.Errorf("got %+v, want %+v", report.Summary, want)
	}
	for i, want := range []Verdict{Same, Different, NotComparable} {
		if got := report.Cases[i].Verdict; got != want {
			t.Errorf("case %d: got %s, want %s", i, got, want)
		}
	}
	if unmet := report.Cases[1].Steps[0].Unmet; len(unmet.Local) > 0 || len(unmet.Deployed) != 1 {
		t.Errorf("unmet: %+v", unmet)
	}
}

func TestNothingToCompareWith(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	outputs := func(text string) string {
		file := filepath.Join(t.TempDir(), "outputs.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	local := deploy(t, "", "")
	tests := []struct {
		name     string
		deployed Deployed
		want     string
	}{
		{"nothing named", Deployed{}, "no deployed API is named: use --url"},
		{"no URL", Deployed{URL: "prod"}, `URL "prod": want http(s)://host/stage`},
		{"nobody there", Deployed{URL: closed.URL + "/prod"}, "the API can't be reached"},
		{"no file", Deployed{Outputs: "testdata/none.json"}, "there is no outputs file testdata/none.json"},
		{"broken file", Deployed{Outputs: outputs("{")}, "does not hold outputs by stack"},
		{"half deployed", Deployed{Outputs: outputs(`{"Data":{"Table":"t"}}`)}, "has no stage URL (https://….execute-api.…/stage): deploy the stack of the API"},
		{"two stages", Deployed{Outputs: outputs(`{"A":{"U":"https://a.execute-api.us-east-1.amazonaws.com/x/"},"B":{"U":"https://b.execute-api.us-east-1.amazonaws.com/y"}}`)},
			"has 2 stage URLs: choose by --url https://a.execute-api.us-east-1.amazonaws.com/x or https://b.execute-api.us-east-1.amazonaws.com/y"},
		{"API not known", Deployed{URL: "https://api.example/v1", TestInvoke: true}, "https://api.example/v1 does not tell the ID of the API: name it by --api-id"},
		{"wrong stage", Deployed{URL: strings.TrimSuffix(local, "/test") + "/prod"},
			`answers every request with 403 {"message":"Forbidden"}: check that the URL ends with a stage that is deployed`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Run(t.Context(), Options{
				Local: emulator.Options{App: api}, Cases: []*integrationtests.Case{parse(t, greet+greet+greet)}, Deployed: test.deployed,
			})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

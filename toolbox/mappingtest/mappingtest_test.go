package mappingtest_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/mappingtest"
)

var update = flag.Bool("update", false, "write the report anew")

func run(t *testing.T, folder string, o mappingtest.Options) *mappingtest.Report {
	t.Helper()
	templates, err := mappingtest.Find([]string{folder})
	if err != nil {
		t.Fatal(err)
	}
	report, err := mappingtest.Run(templates, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func text(t *testing.T, r *mappingtest.Report) string {
	t.Helper()
	var out strings.Builder
	if err := r.WriteText(&out, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestReport(t *testing.T) {
	const golden = "testdata/report.txt"
	got := text(t, run(t, "testdata", mappingtest.Options{}))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOnly(t *testing.T) {
	r := run(t, "testdata", mappingtest.Options{Only: regexp.MustCompile("^another")})
	if r.Cases != 1 || r.Failed != 0 {
		t.Errorf("%d cases, %d failed", r.Cases, r.Failed)
	}
}

// TestUpdate writes what is rendered, and leaves alone what can't be.
func TestUpdate(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"failing.vtl", "failing.txtar", "order.vtl", "order.txtar"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, filepath.Join(folder, "order.txtar"))
	r := run(t, folder, mappingtest.Options{Update: true})
	if r.Failed != 2 { // one can't be rendered, one is no JSON
		t.Errorf("%d failed:\n%s", r.Failed, text(t, r))
	}
	if diff := cmp.Diff(before, contents(t, filepath.Join(folder, "order.txtar"))); diff != "" {
		t.Errorf("a file without failures was written:\n%s", diff)
	}
	const want = `-- differs/body.json --
{"name": "Ada"}
-- differs/output.json --
{"name": "Ad",
 "full": "Ada"}
-- differs/overrides.json --
{"responseOverride":{"status":201}}
-- no JSON/body.json --
{"name": "a\"b"}
-- no JSON/output.json --
{"name": "a"",
 "full": "a"b"}
-- no JSON/overrides.json --
{"responseOverride":{"status":201}}
-- too short/body.json --
{"name": "x"}
-- too short/output.json --
{"name": "x"}
-- not written/body.json --
{"name": "Eve"}
-- not written/output.json --
{"name": "Ev",
 "full": "Eve"}
-- not written/overrides.json --
{"responseOverride":{"status":201}}
`
	if diff := cmp.Diff(want, contents(t, filepath.Join(folder, "failing.txtar"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func contents(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFaultyCases(t *testing.T) {
	for _, test := range []struct{ name, cases, want string }{
		{"section without a case", "-- body.json --\n{}\n", "section body.json: a section is NAME/PART, or input.json before all of them"},
		{"input of all behind a case", "-- a/body.json --\n{}\n-- input.json --\n{}\n", "section input.json: a section is NAME/PART"},
		{"unknown section", "-- a/expected.json --\n{}\n", "section a/expected.json: no such section: use body, input, before, output or overrides"},
		{"input that is no JSON", "-- a/input.json --\n{\n", "section a/input.json: unexpected EOF"},
		{"template before", "-- a/before.vtl --\n#if(\n", "a.txtar/a/before.vtl:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, data := range map[string]string{"a.vtl": "x", "a.txtar": test.cases} {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := mappingtest.Read(filepath.Join(folder, "a.vtl")); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestUnwritable: an output that would end its section is not written.
func TestUnwritable(t *testing.T) {
	folder := t.TempDir()
	for name, data := range map[string]string{"a.vtl": "a\n-- b --\n", "a.txtar": "-- a/body.txt --\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := mappingtest.Run([]string{filepath.Join(folder, "a.vtl")}, mappingtest.Options{Update: true})
	if err == nil || !strings.Contains(err.Error(), "which a case can't hold") {
		t.Error(err)
	}
	if got := contents(t, filepath.Join(folder, "a.txtar")); got != "-- a/body.txt --\n" {
		t.Errorf("the file was written: %q", got)
	}
}

func TestFoldersWithoutTemplatesAreNamed(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	if _, err := mappingtest.Find([]string{one, other}); err == nil || !strings.Contains(err.Error(), one+", "+other+":") {
		t.Errorf("error %v", err)
	}
}

// Package mappings_test plays the cases that lie beside the mapping templates,
// as "apigw test mappings" does, and what no file of cases can hold. The form of
// the cases is that of package mappingtest.
//
// "go test ./mappings -update" writes the output sections anew from Apache
// Velocity, see oracle_test.go.
package mappings_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/toolbox/mappingtest"
	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

var update = flag.Bool("update", false, "write the expected output anew, as VTL_ORACLE renders it")

// readFiles reads the cases of all templates.
func readFiles(t *testing.T) []*mappingtest.File {
	t.Helper()
	templates, err := mappingtest.Find([]string{"."})
	if err != nil {
		t.Fatal(err)
	}
	var files []*mappingtest.File
	for _, template := range templates {
		f, err := mappingtest.Read(template)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func TestTemplates(t *testing.T) {
	for _, f := range readFiles(t) {
		for _, c := range f.Cases {
			t.Run(f.Name+"/"+c.Name, func(t *testing.T) {
				check(t, c, f.Template.Render(c.Input))
			})
		}
	}
}

func check(t *testing.T, c *mappingtest.Case, got *render.Result) {
	t.Helper()
	for _, failure := range c.Check(got) {
		t.Errorf("%s: %s", failure.Part, failure.Message)
	}
}

// TestEveryTemplateHasCases fails for a template that nobody would notice breaking.
func TestEveryTemplateHasCases(t *testing.T) {
	for _, f := range readFiles(t) {
		if len(f.Cases) == 0 {
			t.Errorf("%s has no cases: write %s", f.Template.Name, f.Name)
		}
	}
}

// TestLastLineBreak covers what a section can't show: these bodies end without one.
func TestLastLineBreak(t *testing.T) {
	for _, f := range readFiles(t) {
		if f.Name != "sns/request.txtar" && f.Name != "mock/message/response.txtar" {
			continue
		}
		for _, c := range f.Cases {
			if got := f.Template.Render(c.Input); strings.HasSuffix(got.Output, "\n") {
				t.Errorf("%s/%s ends with a line break: %q", f.Name, c.Name, got.Output)
			}
		}
	}
}

// oracleCommand is VTL_ORACLE; without it the test is skipped.
func oracleCommand(t *testing.T) string {
	t.Helper()
	command := os.Getenv("VTL_ORACLE")
	if command == "" {
		t.Skip("VTL_ORACLE is not set: only our own engine renders")
	}
	return command
}

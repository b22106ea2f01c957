package lint

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// Each rule has an archive of its name: a template as people write it, its
// repair, and a hostile body; then its findings, and what both make of the body.
// The repair has no findings and makes JSON, or a form. In those of rules about
// integrations both are folders with a template.yaml.
func TestRules(t *testing.T) {
	for _, r := range Rules() {
		if _, err := os.Stat(filepath.Join("testdata/rules", r.ID+".txtar")); err != nil {
			t.Error(err)
		}
	}
	golden.Archives(t, "testdata/rules/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		var result string
		if section(a, "bad.vtl") == "" {
			result = appFindings(t, a, "bad/")
			if text := appFindings(t, a, "fixed/"); text != "" {
				t.Errorf("the repair has findings:\n%s", text)
			}
		} else {
			result = resultOfTemplates(t, a)
		}
		if rule := filepath.Base(t.Name()); !strings.Contains(result, " "+rule+" ") {
			t.Errorf("there is no finding of %s:\n%s", rule, result)
		}
		return result
	})
}

// What a model refuses, or a validator asks for, is no input of the template.
func TestModelsAreBelieved(t *testing.T) {
	golden.Archives(t, "testdata/models/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		return "with:\n" + appFindings(t, a, "with/") + "without:\n" + appFindings(t, a, "without/")
	})
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func resultOfTemplates(t *testing.T, a *txtar.Archive) string {
	bad, fixed := newFile("bad.vtl", section(a, "bad.vtl")), newFile("fixed.vtl", section(a, "fixed.vtl"))
	report := Examine(&Subject{templates: []*template{fixed}})
	if text := findings(report); text != "" || len(report.NotChecked) > 0 {
		t.Errorf("the repair has findings:\n%s%v", text, report.NotChecked)
	}
	result := findings(Examine(&Subject{templates: []*template{bad}}))
	body := section(a, "hostile.json")
	if bad.parsed != nil {
		text, err := render(bad, body)
		if err != nil {
			text = err.Error()
		}
		result += "bad:\n" + strings.TrimSuffix(text, "\n") + "\n"
	}
	text, err := render(fixed, body)
	if err != nil || !json.Valid([]byte(text)) && !form.MatchString(text) {
		t.Errorf("the repair makes neither JSON nor a form of the hostile body: %v\n%s", err, text)
	}
	return result + "fixed:\n" + strings.TrimSuffix(text, "\n") + "\n"
}

func render(t *template, body string) (string, error) {
	return t.parsed.Render(&gateway.TemplateInput{Body: body, Context: &gateway.ContextVariables{RequestID: "id"}})
}

// appFindings lays the files that begin with the prefix out as a project, and
// examines its template.
func appFindings(t *testing.T, a *txtar.Archive, prefix string) string {
	dir := t.TempDir()
	for _, f := range append(a.Files, txtar.File{Name: prefix + "cdk.json"}) { // which makes it a project
		name, found := strings.CutPrefix(f.Name, prefix)
		if !found {
			continue
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	assembly, err := cfn.Load(filepath.Join(dir, "template.yaml"), cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(findings(Examine(NewSubject(assembly))), dir+"/", "")
}

func findings(r *Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s %s %s\n", place(f.Where), f.Severity, f.Rule, f.What)
	}
	return b.String()
}

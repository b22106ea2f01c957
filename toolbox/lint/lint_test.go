package lint

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

var update = flag.Bool("update", false, "write the expected findings and outputs anew")

// Each rule has a file of its name below testdata: a template as people write it,
// its findings, and its repair. The repair has no findings and makes JSON, or a
// form, of the hostile input. The sections of rules about integrations are folders that begin
// with "bad/" and "fixed/", each with a template.yaml.
func TestRules(t *testing.T) {
	for _, r := range Rules() {
		t.Run(r.ID, func(t *testing.T) {
			file, err := filepath.Abs(filepath.Join("testdata", r.ID+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := &ruleCase{T: t, file: file, archive: archive, rule: r}
			if r.OfIntegrations {
				c.checkApps()
			} else {
				c.checkTemplates()
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// ruleCase is the file of one rule.
type ruleCase struct {
	*testing.T
	file    string
	archive *txtar.Archive
	rule    Rule
}

func (c *ruleCase) section(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// expect compares a section with what there is, or writes it.
func (c *ruleCase) expect(name, got string) {
	c.Helper()
	if *update {
		for i := range c.archive.Files {
			if c.archive.Files[i].Name == name {
				c.archive.Files[i].Data = []byte(got)
				return
			}
		}
		c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(got)})
	}
	if diff := cmp.Diff(c.section(name), got); diff != "" {
		c.Errorf("%s of %s (-want +got):\n%s", name, c.file, diff)
	}
}

func (c *ruleCase) checkTemplates() {
	bad, fixed := newFile("bad.vtl", c.section("bad.vtl")), newFile("fixed.vtl", c.section("fixed.vtl"))
	report := Examine(&Subject{templates: []*template{bad}})
	c.expect("findings", findings(report))
	if !strings.Contains(findings(report), " "+c.rule.ID+" ") {
		c.Errorf("bad.vtl has no finding of the rule")
	}
	report = Examine(&Subject{templates: []*template{fixed}})
	if text := findings(report); text != "" || len(report.NotChecked) > 0 {
		c.Errorf("fixed.vtl has findings:\n%s%v", text, report.NotChecked)
	}
	output, err := fixed.parsed.Render(&gateway.TemplateInput{Body: c.section("hostile.json"), Context: &gateway.ContextVariables{RequestID: "id"}})
	if err != nil || !json.Valid([]byte(output)) && !form.MatchString(output) {
		c.Errorf("fixed.vtl makes neither JSON nor a form of the hostile input: %v\n%s", err, output)
	}
	c.expect("fixed.json", output)
	if bad.parsed != nil {
		c.expect("bad.txt", rendered(bad, c.section("hostile.json")))
	}
}

// rendered is what the bad template makes of the hostile input, or its error.
func rendered(t *template, body string) string {
	output, err := t.parsed.Render(&gateway.TemplateInput{Body: body, Context: &gateway.ContextVariables{RequestID: "id"}})
	if err != nil {
		return err.Error() + "\n"
	}
	return output
}

func (c *ruleCase) checkApps() {
	report := c.examine("bad/")
	c.expect("findings", findings(report))
	if !strings.Contains(findings(report), " "+c.rule.ID+" ") {
		c.Errorf("bad has no finding of the rule")
	}
	if text := findings(c.examine("fixed/")); text != "" {
		c.Errorf("fixed has findings:\n%s", text)
	}
}

// examine lays the sections that begin with the prefix out as a project, and
// examines its template.
func (c *ruleCase) examine(prefix string) *Report {
	dir := c.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cdk.json"), nil, 0o600); err != nil { // the root of a project
		c.Fatal(err)
	}
	for _, f := range c.archive.Files {
		name, found := strings.CutPrefix(f.Name, prefix)
		if !found {
			continue
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			c.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o600); err != nil {
			c.Fatal(err)
		}
	}
	c.Chdir(dir)
	a, err := cfn.Load("template.yaml", cfn.Options{})
	if err != nil {
		c.Fatal(err)
	}
	return Examine(NewSubject(a))
}

func findings(r *Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s %s %s\n", place(f.Where), f.Severity, f.Rule, f.What)
	}
	return b.String()
}

package lint

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// The page has a row for each rule and no other, and an example that is one.
func TestPage(t *testing.T) {
	const page = "../../docs/lint.md"
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(withTables(withExample(t, string(content))), string(content)); diff != "" {
		t.Errorf("%s (-rules +page):\n%s", page, diff)
	}
}

// withTables writes the rows below the headings of both tables.
func withTables(page string) string {
	parts := strings.Split(page, "|---|---|---|---|\n")
	for i := range parts[1:] {
		_, behind, _ := strings.Cut("\n"+parts[i+1], "\n\n")
		parts[i+1] = rows(i == 1) + "\n" + behind
	}
	return strings.Join(parts, "|---|---|---|---|\n")
}

func rows(ofIntegrations bool) string {
	var b strings.Builder
	for _, r := range Rules() {
		if r.OfIntegrations == ofIntegrations {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Severity, r.Title, r.Evidence)
		}
	}
	return b.String()
}

// withExample writes the first finding of a rule's template.
func withExample(t *testing.T, page string) string {
	archive, err := txtar.ParseFile("testdata/rules/escape-apostrophe.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	report := Examine(&Subject{templates: []*template{newFile("error.vtl", string(archive.Files[0].Data))}})
	if err := report.WriteText(&b, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	example, _, _ := strings.Cut(b.String(), "\n\n")
	before, rest, _ := strings.Cut(page, "```text\n")
	_, behind, _ := strings.Cut(rest, "\n```")
	return before + "```text\n" + example + "\n```" + behind
}

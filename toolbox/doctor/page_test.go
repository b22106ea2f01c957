package doctor

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

const page = "../../docs/doctor.md"

// The page has a row for each rule and no other, and an example that is one.
func TestPage(t *testing.T) {
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, line)
		}
	}
	for _, r := range Rules() {
		want = append(want, fmt.Sprintf("| `%s` | %s | %s | %s |\n", r.ID, r.Severity, r.Title, r.Evidence))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows of %s (-rules +page):\n%s", page, diff)
	}
	template, err := os.ReadFile("testdata/wild/handwritten.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var report strings.Builder
	if err := examine(t, "template.yaml", template, deployment{}).WriteText(&report, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	example := strings.Split(report.String(), "\n\n")[0]
	if !strings.Contains(string(content), "```text\n"+example+"\n```") {
		t.Errorf("%s has not the example\n%s", page, example)
	}
}

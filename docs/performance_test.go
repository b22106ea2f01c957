package docs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"text/template"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
	"github.com/apigw-integrations/apigw-integrations/toolbox/bench"
)

// TestPerformance holds docs/performance.md and its pictures to docs/performance.json.
func TestPerformance(t *testing.T) {
	var report bench.Report
	if err := json.Unmarshal([]byte(read(t, "docs/performance.json")), &report); err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	text := template.Must(template.New("performance.md.tmpl").Funcs(goals).ParseFiles("performance.md.tmpl"))
	if err := text.Execute(&page, &report); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"performance.md": page.Bytes()}
	for name, picture := range report.Pictures() {
		files["images/"+name] = picture
	}
	for name, made := range files {
		golden.File(t, name, string(made), "docs/"+name+" is not what docs/performance.json says: run go test ./docs -run TestPerformance -update")
	}
}

// goals say beside each figure what it was to be.
var goals = template.FuncMap{
	"share": percent,
	"atLeast": func(figure, goal float64) string {
		if goal == 0 {
			return "–"
		}
		return "≥ " + percent(goal) + missed(figure < goal)
	},
	"atMost": func(figure, goal float64) string { return fmt.Sprintf("≤ %g", goal) + missed(figure > goal) },
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

func missed(it bool) string {
	if it {
		return ", **missed**"
	}
	return ""
}

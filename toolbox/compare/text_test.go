package compare

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

func TestText(t *testing.T) {
	report := &Report{Local: "http://127.0.0.1:8080/prod", Deployed: "https://api.example/prod", Cases: []CaseReport{
		{Name: "a/same", Verdict: Same, Steps: []StepReport{{Number: 1, Action: "request GET /a", Verdict: Same}}},
		{Name: "b/differs", Verdict: Different, Steps: []StepReport{
			{Number: 1, Action: "request GET /b", Verdict: Different, Unmet: Unmet{Deployed: []string{"status"}},
				Differences: []Difference{
					{"status", "", new("200"), new("500")},
					{"header", "Access-Control-Allow-Credentials", new("true"), nil},
					{"body", "/message", new("a message that is longer than a column"), new("two\nlines")},
				},
				Why: Why{Deployed: "execution failed due to configuration error: Invalid permissions on Lambda function"}},
			{Number: 2, Action: "request GET /${id}", Verdict: NotComparable, Reason: "deployed: ${id} is neither defined nor captured"},
		}},
		{Name: "c/cannot", Verdict: NotComparable, Steps: []StepReport{
			{Number: 1, Verdict: NotComparable, Reason: "TestInvokeMethod takes every body as application/json"},
			{Number: 2, Verdict: NotComparable, Reason: "TestInvokeMethod takes every body as application/json"},
		}},
	}}
	report.sum()
	var text strings.Builder
	report.WriteText(&text, terminal.Terminal{Width: 72})
	want := `local     http://127.0.0.1:8080/prod
deployed  https://api.example/prod

b/differs
  step 1, request GET /b: the case expects the local answer
                        local                 │ deployed
    status              200                   │ 500
    header Access-Control-Allow-Credentials
                        true                  │ (none)
    body /message       a message that is lon │ two
                        ger than a column     │ lines
    deployed: execution failed due to configuration error: Invalid permissions on Lambda function

not comparable, by cases and (steps)
  TestInvokeMethod takes every body as application/json:
    c/cannot (1, 2)
  deployed: ${id} is neither defined nor captured:
    b/differs (2)

3 cases, 5 steps: 1 same, 1 different, 3 not comparable
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

func TestReport(t *testing.T) {
	report := Examine(&Subject{templates: []*template{newFile("a,b:c.vtl", "{\"a\": \"$x\"}"), newFile("b.vtl", "$util.base64Decode('#')")}})
	var text, github strings.Builder
	if err := report.WriteText(&text, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteGitHub(&github); err != nil {
		t.Fatal(err)
	}
	fix := "correct the name, or #set it before; write a dollar that is meant as text by a variable: #set($dollar = '$')"
	want := `a,b:c.vtl:1:8: warning undefined-variable  nothing sets $x
  why  it is null: it prints nothing, and no condition with it holds
  fix  ` + fix + `

not checked  b.vtl:1:1: it fails with ordinary input: b.vtl:1:7: .base64Decode(): not Base64
2 mapping templates: 0 errors, 1 warning, 0 notes
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	want = "::warning title=undefined-variable,file=a%2Cb%3Ac.vtl,line=1,col=8::nothing sets $x%0A" + fix + "\n"
	if diff := cmp.Diff(want, github.String()); diff != "" {
		t.Errorf("for GitHub (-want +got):\n%s", diff)
	}
}

package vtl_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

func TestReferences(t *testing.T) {
	template, err := vtl.Parse("t.vtl", `#set($x = $a.b['c'].get("d").e($f.g))
"\$escaped $!{h.i[0].j}" #foreach($k in $l["$m.n"].keySet())$foreach.count#end`)
	if err != nil {
		t.Fatal(err)
	}
	want := []vtl.Reference{
		{Name: "x", Line: 1, Column: 6},
		{Name: "f", Path: []string{"g"}, Line: 1, Column: 32},
		{Name: "a", Path: []string{"b", "c", "d"}, Line: 1, Column: 11},
		{Name: "h", Path: []string{"i"}, Line: 2, Column: 12},
		{Name: "k", Line: 2, Column: 35},
		{Name: "m", Path: []string{"n"}, Line: 2, Column: 45},
		{Name: "l", Line: 2, Column: 41},
		{Name: "foreach", Path: []string{"count"}, Line: 2, Column: 61},
	}
	if diff := cmp.Diff(want, template.References()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextsInDoubleQuotesAreConstant(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a path", `$m.get("$.a")`, "$.a"},
		{"a price", `$m.get("5 $ and #1")`, "5 $ and #1"},
		{"quotes doubled", `$m.get("$.a[?(@.b == ""c"")]")`, `$.a[?(@.b == "c")]`},
		{"a reference", `$m.get("$b")`, ""},
		{"a directive", `$m.get("#if(true)a#end")`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			template, err := vtl.Parse("t.vtl", test.text)
			if err != nil {
				t.Fatal(err)
			}
			references := template.References()
			path := references[len(references)-1].Path
			if got := strings.Join(path, ""); got != test.want {
				t.Errorf("path %q", path)
			}
			if output, err := template.Render(nil); err != nil || output != "" {
				t.Errorf("rendered %q, %v", output, err)
			}
		})
	}
}

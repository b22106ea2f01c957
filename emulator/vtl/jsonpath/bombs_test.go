package jsonpath_test

import (
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/jsonpath"
)

// TestPathBombs are paths that would overflow the stack or never end.
func TestPathBombs(t *testing.T) {
	list, err := vtl.ParseJSON("[" + strings.Repeat(`[1,2,{"a":[1,2]}],`, 10_000) + "1]")
	if err != nil {
		t.Fatal(err)
	}
	nest := strings.Repeat
	for _, test := range []struct{ name, path, want string }{
		{"functions of everything", "$.sum(" + nest("$..*,", 1000) + "$..*)", "steps"},
		{"texts of everything", "$.concat(" + nest("$,", 1000) + "$)", "steps"},
		{"deep filters", "$" + nest("[?(@", 100_000), "invalid JSONPath"},
		{"deep parentheses", "$[?(" + nest("(", 100_000), "invalid JSONPath"},
		{"deep negations", "$[?(" + nest("!", 100_000) + "@.a)]", "invalid JSONPath"},
		{"deep functions", "$.concat(" + nest("$.concat(", 100_000), "invalid JSONPath"},
		{"huge slice", "$[-1000000000:1000000000]", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			begun := time.Now()
			p, err := jsonpath.Compile(test.path)
			if err == nil {
				_, _, err = p.Read(list)
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %.200v, want %s", err, test.want)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRecordedCases plays the cases of CONFORMANCE_DIR.
func TestRecordedCases(t *testing.T) {
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		t.Skip("CONFORMANCE_DIR names no folder of recorded cases")
	}
	playFolder(t, dir, newReport(t))
}

// TestRules plays the cases of this repository, which are named by the rules in
// docs/fidelity.md that they stand for.
func TestRules(t *testing.T) {
	playFolder(t, "testdata/rules", newReport(t))
}

func playFolder(t *testing.T, dir string, r *report) {
	files, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		area := strings.TrimSuffix(file.Name, filepath.Ext(file.Name))
		t.Run(area, func(t *testing.T) {
			t.Parallel() // a case is mostly waiting for its listener to close
			for _, c := range file.Cases {
				r.play(t, area, c)
			}
		})
	}
}

// TestOwnCases plays the cases of this repository, and each with a wrong
// expectation: a comparison that can't fail proves nothing.
func TestOwnCases(t *testing.T) {
	files, err := Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var cases []*Case
	for _, file := range files {
		cases = append(cases, file.Cases...)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			differences, err := Play(c)
			if err != nil || len(differences) > 0 {
				t.Errorf("%v %s", err, strings.Join(differences, "\n"))
			}
		})
	}
	wrong := map[string]object{
		"own/mock":             {"status": number(200)},
		"own/http-echo":        {"backendReceives": object{"body": "other"}},
		"own/gateway-response": {"definition": object{"ResponseType": "THROTTLED", "StatusCode": "429"}},
		"own/template":         {"output": "other"},
		"own/dynamodb":         {"afterItems": []any{}},
		"own/sqs-query":        {"backendReceives": object{"message": object{"Body": "other"}}},
		"own/eventbridge":      {"backendReceives": object{"headers": object{"X-Amz-Target": "other"}}},
		"own/kinesis":          {"backendReceives": object{"action": "other"}},
		"own/ssm":              {"backendReceives": object{"query": object{}}},
		"own/stepfunctions":    {"bodyAlso": []any{"other"}},
		"own/import-rule-104":  {"status": number(404)},
	}
	for _, c := range cases {
		t.Run(c.ID+" wrong", func(t *testing.T) {
			changed := *c
			changed.Expect = wrong[c.ID]
			if differences, err := Play(&changed); err != nil || len(differences) == 0 {
				t.Errorf("a wrong expectation passes: %v", err)
			}
		})
	}
}

// elsewhere are the rules without a case here, and where their tests are.
var elsewhere = map[int]string{
	64: "emulator/awsservice", 65: "emulator/awsservice", 66: "emulator/awsservice", 67: "emulator/awsservice", 68: "emulator/awsservice",
	69: "emulator/gateway/build_test.go", 70: "emulator/gateway/build_test.go",
	104: "emulator/openapi",
}

func TestEveryRuleHasACase(t *testing.T) {
	covered := ruleCases(t)
	for rule := 1; rule <= 110; rule++ {
		if where := elsewhere[rule]; (covered[rule] != nil) == (where != "") {
			t.Errorf("rule %d: has cases in %v, is tested elsewhere %q", rule, covered[rule], where)
		}
	}
}

// ruleCases are the files that have a case of each rule.
func ruleCases(t *testing.T) map[int][]string {
	t.Helper()
	files, err := Load("testdata/rules")
	if err != nil {
		t.Fatal(err)
	}
	covered := map[int][]string{}
	for _, file := range files {
		for _, c := range file.Cases {
			numbers, _, named := strings.Cut(c.ID, ":")
			if !named || !strings.HasPrefix(numbers, "rule") {
				t.Errorf("%s: the case %q names no rule", file.Name, c.ID)
			}
			for _, n := range regexp.MustCompile(`\d+`).FindAllString(numbers, -1) {
				rule, _ := strconv.Atoi(n)
				if !slices.Contains(covered[rule], file.Name) {
					covered[rule] = append(covered[rule], file.Name)
				}
			}
		}
	}
	return covered
}

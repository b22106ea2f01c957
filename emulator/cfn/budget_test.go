package cfn

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTemplateBombs are templates that would take all memory or the whole
// stack. Each loads with problems that say so.
func TestTemplateBombs(t *testing.T) {
	twice := func(format string, n int) string { // n entries, each of which uses the one before twice
		var entries []string
		for i := 1; i <= n; i++ {
			entries = append(entries, fmt.Sprintf(format, i, i-1))
		}
		return strings.Join(entries, ",")
	}
	const topic = `"R%[1]d": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": `
	within := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	long := strings.Repeat("x", 1<<20)
	for _, test := range []struct{ name, template, want string }{
		{"Fn::Sub within Fn::Sub", `{"Resources": {` + fmt.Sprintf(topic, 0) +
			within(`{"Fn::Sub": ["${A}${A}", {"A": `, `"x"`, `}]}`, 100) + `}}}}`, "more than 64 MB"},
		{"Fn::Sub of a long text", `{"Resources": {` + fmt.Sprintf(topic, 0) +
			`{"Fn::Sub": ["` + strings.Repeat("${A}", 10_000) + `", {"A": "` + long + `"}]}}}}}`, "more than 64 MB"},
		{"Fn::Join within Fn::Join", `{"Resources": {` + fmt.Sprintf(topic, 0) +
			within(`{"Fn::Join": ["", [`, `"x"`, `, "x"]]}`, 100) + `}}}}`, ""},
		{"references to references", `{"Resources": {"R0": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "x"}},` +
			twice(`"R%[1]d": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${R%[2]d.TopicName}${R%[2]d.TopicName}"}}}`, 60) + `}}`, "more than 64 MB"},
		{"mapping in itself", `{"Mappings": {"M": {"a": {"b": {"Fn::FindInMap": ["M", "a", "b"]}}}}, "Resources": {` + fmt.Sprintf(topic, 0) +
			`{"Fn::FindInMap": ["M", "a", "b"]}}}}}`, "nested more than 500 deep"},
		{"mappings that multiply", `{"Mappings": {"M": {"a": {"b0": "x",` +
			twice(`"b%[1]d": [{"Fn::FindInMap": ["M", "a", "b%[2]d"]}, {"Fn::FindInMap": ["M", "a", "b%[2]d"]}]`, 60) + `}}}, "Resources": {` + fmt.Sprintf(topic, 0) +
			`{"Fn::FindInMap": ["M", "a", "b60"]}}}}}`, "more than 64 MB"},
		{"chain of conditions", `{"Conditions": {"C0": {"Fn::Equals": ["a", "a"]},` + twice(`"C%[1]d": {"Fn::Not": [{"Condition": "C%[2]d"}]}`, 5000) +
			`}, "Resources": {"R": {"Type": "AWS::SNS::Topic", "Condition": "C5000"}}}`, "nested more than 500 deep"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "t.json")
			if err := os.WriteFile(file, []byte(test.template), 0o600); err != nil {
				t.Fatal(err)
			}
			a, err := Load(file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			problems := fmt.Sprint(a.Problems)
			for _, r := range a.Resources() {
				problems += fmt.Sprint(r.Problems)
			}
			if !strings.Contains(problems, test.want) || test.want == "" && problems != "" {
				t.Errorf("got %.300s, want %s", problems, test.want)
			}
		})
	}
}

package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a template", []string{"testdata/lint/request.vtl"}, 1, `testdata/lint/request.vtl:2:12: error unescaped-value`},
		{"a folder", []string{"testdata/lint"}, 1, "1 mapping template: 1 error, 0 warnings, 0 notes"},
		{"without the rule", []string{"testdata/lint", "--ignore", "unescaped-value"}, 0, "0 errors"},
		{"for GitHub", []string{"testdata/lint", "--github"}, 1, "::error title=unescaped-value,file=testdata/lint/request.vtl,line=2,col=12::"},
		{"as JSON", []string{"testdata/lint", "--output", "json"}, 1, `"rule": "unescaped-value"`},
		{"the rules", []string{"--rules"}, 0, "escape-apostrophe"},
		{"a CloudFormation template", []string{"--template", "../../toolbox/doctor/testdata/wild/handwritten.yaml"}, 1, "passthrough-never"},
		{"a rule that isn't there", []string{"testdata/lint", "--ignore", "unescaped"}, 2, `there is no rule "unescaped"`},
		{"a template and an app", []string{"testdata/lint", "--app", "cdk.out"}, 2, "but not both"},
		{"no template", []string{"testdata/absent.vtl"}, 2, "absent.vtl"},
		{"a folder without any", []string{"../../toolbox/compare"}, 2, "no file ends in .vtl or .vm"},
		{"no API", []string{"--template", "testdata/no-api.yaml"}, 2, "nothing could be checked"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output, err := command(t, append([]string{"lint"}, test.args...)...).CombinedOutput()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			}
			if code != test.code || !strings.Contains(string(output), test.want) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.want, output)
			}
		})
	}
}

package main

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestDoctorExitCodes(t *testing.T) {
	const wild = "../../toolbox/doctor/testdata/wild/"
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a warning is no error", []string{"--template", wild + "sam.json"}, 0, "0 errors, 1 warning"},
		{"unless it is to be", []string{"--template", wild + "sam.json", "--fail-on", "warning"}, 1, "warning cors-gateway-response"},
		{"errors", []string{"--template", wild + "handwritten.yaml"}, 1, "error role-action"},
		{"as JSON", []string{"--template", wild + "sam.json", "--output", "json"}, 0, `"severity": "warning"`},
		{"with a parameter", []string{"--template", wild + "handwritten.yaml", "--parameter", "Env=prod"}, 1, "stage prod does not set"},
		{"no template", []string{"--template", "testdata/absent.yaml"}, 2, "absent.yaml"},
		{"a folder that is no assembly", []string{"--app", "testdata"}, 2, "run `cdk synth`"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output, err := command(t, append([]string{"doctor"}, test.args...)...).CombinedOutput()
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

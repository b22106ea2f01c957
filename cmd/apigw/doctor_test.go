package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The products service answers its health check; at another path it does not.
func TestDoctorStartsServices(t *testing.T) {
	const app = "../../cdk.out"
	if _, err := os.Stat(app); err != nil {
		t.Skip("needs the synthesized stacks: make synth")
	}
	output, err := command(t, "doctor", "--app", app, "--start-services", "--allow-functions").CombinedOutput()
	if err != nil || strings.Contains(string(output), "health-check-path") {
		t.Errorf("%v\n%s", err, output)
	}
	sick := filepath.Join("..", "..", ".build", "doctor-test")
	if err := os.RemoveAll(sick); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sick) })
	if err := os.CopyFS(sick, os.DirFS(app)); err != nil {
		t.Fatal(err)
	}
	template := filepath.Join(sick, "IntegrationsPrivate.template.json")
	text, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(template, bytes.ReplaceAll(text, []byte(`"/health"`), []byte(`"/healthz"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err = command(t, "doctor", "--app", sick, "--start-services", "--allow-functions").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "health checks failed with these codes: [404]") {
		t.Errorf("%v\n%s", err, output)
	}
}

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
		{"no API", []string{"--template", "testdata/no-api.yaml"}, 2, "nothing could be checked: there is no AWS::ApiGateway::RestApi with a stage"},
		{"a flag that isn't there", []string{"--tempate", wild + "sam.json"}, 2, "unknown flag --tempate"},
		{"no value of a flag", []string{"--template", wild + "sam.json", "--output", "xml"}, 2, `--output must be one of "text","json"`},
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

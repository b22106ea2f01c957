package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/toolbox/compare"
)

func TestCompare(t *testing.T) {
	deployed, err := emulator.Start(t.Context(), emulator.Options{App: "testdata/mock.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := deployed.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	template, err := os.ReadFile("testdata/mock.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "changed.yaml")
	if err := os.WriteFile(changed, []byte(strings.ReplaceAll(string(template), "hello", "hallo")), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{"same", []string{"--template", "testdata/mock.yaml", "--url", deployed.BaseURL(), "--examples"}, 0,
			"1 cases, 1 steps: 1 same, 0 different, 0 not comparable", ""},
		{"different", []string{"--template", changed, "--url", deployed.BaseURL(), "--examples"}, 1,
			"body /hallo  \"\"", "apigw: 1 of 1 steps differ\n"},
		{"nobody there", []string{"--template", changed, "--url", "http://127.0.0.1:1/test", "--examples"}, 2,
			"", "the API can't be reached"},
		{"nothing named", []string{"--template", changed, "--examples"}, 2,
			"", "apigw: no deployed API is named: use --url https://…/stage or --outputs cdk-outputs.json\n"},
		{"no cases", []string{"--template", changed, "--url", deployed.BaseURL(), "--cases", "testdata/none"}, 2,
			"", "apigw: cases: stat testdata/none: no such file or directory: name their folder by --cases, or play requests of the template by --examples\n"},
		{"no such case", []string{"--template", changed, "--url", deployed.BaseURL(), "--examples", "--run", "x"}, 2,
			"", "apigw: there are no cases that --run \"x\" takes\n"},
		{"no template", []string{"--template", "testdata/none.yaml", "--url", deployed.BaseURL(), "--examples"}, 2,
			"", "testdata/none.yaml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stdout, stderr, code := compareWith(t, test.args...)
			if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, want %d\n%s%s", code, test.code, stdout, stderr)
			}
		})
	}
	t.Run("JSON", func(t *testing.T) {
		stdout, _, _ := compareWith(t, "--template", changed, "--url", deployed.BaseURL(), "--examples", "--output", "json")
		var report compare.Report
		if err := json.Unmarshal([]byte(stdout), &report); err != nil {
			t.Fatal(err)
		}
		if report.Summary.Different != 1 || report.Cases[0].Name != "GET /greeting" || len(report.Cases[0].Steps[0].Differences) != 2 {
			t.Errorf("got %s", stdout)
		}
	})
}

func compareWith(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := command(t, append([]string{"compare"}, args...)...)
	c.Env = append(c.Env, "APIGW_BASE_URL=", "APIGW_OUTPUTS=")
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	if _, failed := c.Run().(*exec.ExitError); !failed && c.ProcessState == nil {
		t.Fatal("the command did not run")
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

package integrationtests

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What make runs, with programs in the places of apigw, the CDK app and npx that only note how they were called.
func TestMakefile(t *testing.T) {
	for _, test := range []struct {
		name      string
		arguments []string
		fails     string // beginning of the call that fails
		deployed  bool   // there was a deployment
		exit      int
		says      string
		calls     []string // {build} stands for the build folder
	}{
		{name: "deploy, nobody named", arguments: []string{"deploy"}, exit: 2, says: "make deploy: say who may call the API: AUTH=iam"},
		{name: "deploy, unknown AUTH", arguments: []string{"deploy", "AUTH=all"}, exit: 2, says: "make deploy: say who may call the API: AUTH=iam"},
		{name: "deploy without credentials", arguments: []string{"deploy", "AUTH=iam"}, fails: "apigw account", exit: 2, calls: []string{"apigw account"}},
		{name: "deploy", arguments: []string{"deploy", "AUTH=none"}, calls: []string{
			"apigw account",
			"npx cdk deploy --all --app {build}/bin/infra --output {build}/deployed -c auth=none --outputs-file cdk-outputs.json",
		}},
		{name: "deploy with context, unattended", arguments: []string{"deploy", "AUTH=iam", "YES=1", "CONTEXT=privateService=false logRetentionDays=7"}, calls: []string{
			"apigw account",
			"npx cdk deploy --all --app {build}/bin/infra --output {build}/deployed -c privateService=false -c logRetentionDays=7 -c auth=iam " +
				"--outputs-file cdk-outputs.json --require-approval never",
		}},
		{name: "deploy with what a shell would take apart", arguments: []string{"deploy", "AUTH=iam", "CONTEXT=weatherUrl=http://x/?a=1&b='2';(c)"}, calls: []string{
			"apigw account",
			"npx cdk deploy --all --app {build}/bin/infra --output {build}/deployed -c weatherUrl=http://x/?a=1&b='2';(c) -c auth=iam --outputs-file cdk-outputs.json",
		}},
		{name: "deploy fails", arguments: []string{"deploy", "AUTH=iam"}, fails: "npx cdk deploy", exit: 2, says: "not all stacks are deployed", calls: []string{
			"apigw account",
			"npx cdk deploy --all --app {build}/bin/infra --output {build}/deployed -c auth=iam --outputs-file cdk-outputs.json",
		}},
		{name: "destroy without credentials", arguments: []string{"destroy"}, fails: "apigw account", exit: 2, calls: []string{"apigw account"}},
		{name: "destroy what another machine deployed", arguments: []string{"destroy", "YES=1"}, calls: []string{
			"apigw account",
			"npx cdk synth --quiet --app {build}/bin/infra --output {build}/destroyed " +
				"-c privateService=true -c productsUrl= -c weatherUrl= -c accountLogRole=create -c logging=access",
			"npx cdk destroy --all --app {build}/destroyed --force",
			"apigw retained --app {build}/destroyed",
		}},
		{name: "destroy", arguments: []string{"destroy"}, deployed: true, calls: []string{
			"apigw account",
			"npx cdk synth --quiet --app {build}/bin/infra --output {build}/destroyed " +
				"-c privateService=true -c productsUrl= -c weatherUrl= -c accountLogRole=create -c logging=access",
			"npx cdk destroy --all --app {build}/destroyed",
			"apigw retained --app {build}/deployed",
		}},
		{name: "destroy fails", arguments: []string{"destroy"}, fails: "npx cdk destroy", exit: 2, calls: []string{
			"apigw account",
			"npx cdk synth --quiet --app {build}/bin/infra --output {build}/destroyed " +
				"-c privateService=true -c productsUrl= -c weatherUrl= -c accountLogRole=create -c logging=access",
			"npx cdk destroy --all --app {build}/destroyed",
		}},
		{name: "synth of destroy fails", arguments: []string{"destroy"}, fails: "npx cdk synth", exit: 2, calls: []string{
			"apigw account",
			"npx cdk synth --quiet --app {build}/bin/infra --output {build}/destroyed " +
				"-c privateService=true -c productsUrl= -c weatherUrl= -c accountLogRole=create -c logging=access",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			build := t.TempDir()
			log := filepath.Join(build, "calls")
			stand(t, filepath.Join(build, "bin", "apigw"), "apigw", log, test.fails)
			stand(t, filepath.Join(build, "bin", "infra"), "infra", log, test.fails)
			stand(t, filepath.Join(build, "path", "npx"), "npx", log, test.fails)
			stand(t, filepath.Join(build, "node.done"), "", log, "")
			if test.deployed {
				stand(t, filepath.Join(build, "deployed", "manifest.json"), "", log, "")
			}
			cmd := exec.Command("make", append([]string{"-C", "..", "BUILD=" + build}, test.arguments...)...)
			cmd.Env = append(os.Environ(), "PATH="+filepath.Join(build, "path")+":"+os.Getenv("PATH"), "MAKEFLAGS=", "MAKELEVEL=")
			out, err := cmd.CombinedOutput()
			failed := (*exec.ExitError)(nil)
			if err != nil && !errors.As(err, &failed) {
				t.Fatal(err)
			}
			if cmd.ProcessState.ExitCode() != test.exit || !strings.Contains(string(out), test.says) {
				t.Errorf("exit code %d, want %d and %q:\n%s", cmd.ProcessState.ExitCode(), test.exit, test.says, out)
			}
			noted, err := os.ReadFile(log)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			var calls []string
			for line := range strings.Lines(strings.ReplaceAll(string(noted), build, "{build}")) {
				calls = append(calls, strings.TrimSpace(line))
			}
			if diff := cmp.Diff(test.calls, calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// stand puts a program that notes its call, and fails when that begins with fails.
func stand(t *testing.T, file, name, log, fails string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\nset -f\ncall=\"%s $*\"\necho \"$call\" >>'%s'\n", name, log)
	if fails != "" {
		script += fmt.Sprintf("case \"$call\" in '%s'*) exit 1;; esac\n", fails)
	}
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}

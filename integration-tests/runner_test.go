package integrationtests

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

var (
	baseURL = flag.String("base-url", os.Getenv("APIGW_BASE_URL"), "stage URL of a running `API`; without it a local gateway is started (env APIGW_BASE_URL)")
	outputs = flag.String("outputs", cmp.Or(os.Getenv("APIGW_OUTPUTS"), "../cdk-outputs.json"), "`file` with the stacks' outputs, used with -base-url (env APIGW_OUTPUTS)")
	name    = flag.String("target", cmp.Or(os.Getenv("APIGW_TARGET"), "local"), "what runs at -base-url: local, localstack or aws (env APIGW_TARGET)")
	signed  = flag.Bool("sign", os.Getenv("APIGW_SIGN") != "", "sign requests, for an API deployed with auth=iam (env APIGW_SIGN)")
	exact   = flag.Bool("exact-skips", os.Getenv("APIGW_EXACT_SKIPS") != "", "fail when a case passes that has a skip for the target (env APIGW_EXACT_SKIPS)")
	app     = flag.String("app", "../cdk.out", "cloud `assembly` that the local gateway serves")
)

// summary is of TestCases, once it runs.
var summary *Summary

// TestMain prints the summary behind everything else. "go test" shows it only with -v, after a failure, or when it
// runs in the folder of the package: go test -C integration-tests.
func TestMain(m *testing.M) {
	m.Run()
	if summary != nil {
		fmt.Print(summary)
	}
}

func newTarget(ctx context.Context) (*Target, error) {
	if *baseURL == "" && *name == Local {
		return StartLocal(ctx, emulator.Options{App: *app, FunctionLog: os.Stderr})
	}
	return Remote(ctx, *name, *baseURL, *outputs, *signed)
}

func TestCases(t *testing.T) {
	cases, err := Load(os.DirFS("cases"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("there are no cases")
	}
	ctx := context.Background() // outlives the parallel subtests
	target, err := newTarget(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ending, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		if err := target.Close(ending); err != nil {
			t.Error(fmt.Errorf("close: %w", err))
		}
	})
	summary = NewSummary(target.Name)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			played := Play(t.Context(), target, c)
			switch summary.Add(c, played) {
			case Failed:
				t.Error(played)
			case Known:
				t.Skipf("known not to work on %s: %s\n%v", target.Name, c.Skip[target.Name], played)
			case Fixed:
				if *exact {
					t.Errorf("passes on %s: drop its skip", target.Name)
				}
			}
		})
	}
}

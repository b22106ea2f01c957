package integrationtests

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

var (
	baseURL = flag.String("base-url", os.Getenv("APIGW_BASE_URL"), "stage URL of a running `API`; without it the output ApiUrl, or for local a gateway that is started (env APIGW_BASE_URL)")
	outputs = flag.String("outputs", cmp.Or(os.Getenv("APIGW_OUTPUTS"), "../cdk-outputs.json"), "`file` with the stacks' outputs, unless a gateway is started (env APIGW_OUTPUTS)")
	name    = flag.String("target", cmp.Or(os.Getenv("APIGW_TARGET"), "local"), "what runs the API: local, localstack or aws (env APIGW_TARGET)")
	exact   = flag.Bool("exact-skips", os.Getenv("APIGW_EXACT_SKIPS") != "", "fail when a case passes that has a skip for the target, or is left out (env APIGW_EXACT_SKIPS)")
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
		return StartLocal(ctx, emulator.Options{App: *app, AllowFunctions: true, FunctionLog: os.Stderr})
	}
	return Remote(ctx, *name, *baseURL, *outputs)
}

func TestCases(t *testing.T) {
	cases, err := Load(os.DirFS("cases"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("there are no cases")
	}
	ctx := untilInterrupted(t)
	target, err := newTarget(ctx)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(target)
	t.Cleanup(func() { end(t, target) })
	summary = NewSummary(target.Name)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			played := Play(ctx, target, c)
			switch outcome := summary.Add(c, played); {
			case outcome == Failed:
				t.Error(played)
			case outcome == Fixed && *exact:
				t.Errorf("passes on %s: drop its skip", target.Name)
			case outcome == LeftOut && *exact:
				t.Errorf("left out: %v", played)
			case outcome == Known:
				t.Skipf("known not to work on %s: %s\n%v", target.Name, c.Skip[target.Name], played)
			case outcome == LeftOut:
				t.Skip(played)
			}
		})
	}
}

// untilInterrupted ends with the first Ctrl-C, or shortly before the test's deadline, so that the clean-up still runs.
// A second Ctrl-C ends everything.
func untilInterrupted(t *testing.T) context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	t.Cleanup(stop)
	deadline, ok := t.Deadline()
	if !ok {
		return ctx
	}
	ctx, cancel := context.WithDeadline(ctx, deadline.Add(-time.Until(deadline)/10))
	t.Cleanup(cancel)
	return ctx
}

// settle is how long a clean-up waits for what may still be on its way after a failure: a message that SNS delivers, a
// task of a workflow that was stopped.
const settle = 15 * time.Second

// end removes what the run made, and stops what it started.
func end(t *testing.T, target *Target) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	quiet := time.Duration(0)
	if t.Failed() && target.Name != Local {
		quiet = settle
	}
	removed, err := target.CleanUp(ctx, quiet)
	if err != nil {
		t.Error(err)
	}
	if target.Name != Local {
		fmt.Println(removed)
	}
	if err := target.Close(ctx); err != nil {
		t.Error(fmt.Errorf("close: %w", err))
	}
}

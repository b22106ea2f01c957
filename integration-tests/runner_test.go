package integrationtests

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"
)

var (
	baseURL = flag.String("base-url", os.Getenv("APIGW_BASE_URL"), "stage URL of a running `API`; without it a local gateway is started (env APIGW_BASE_URL)")
	outputs = flag.String("outputs", cmp.Or(os.Getenv("APIGW_OUTPUTS"), "../cdk-outputs.json"), "`file` with the stacks' outputs, used with -base-url (env APIGW_OUTPUTS)")
	name    = flag.String("target", cmp.Or(os.Getenv("APIGW_TARGET"), "local"), "what runs at -base-url: local, localstack or aws (env APIGW_TARGET)")
	signed  = flag.Bool("sign", os.Getenv("APIGW_SIGN") != "", "sign requests, for an API deployed with auth=iam (env APIGW_SIGN)")
	app     = flag.String("app", "../cdk.out", "cloud `assembly` that the local gateway serves")
)

func newTarget(ctx context.Context) (*Target, error) {
	if *baseURL == "" {
		return StartLocal(ctx, *app)
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
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if reason, skip := c.Skip[target.Name]; skip {
				t.Skip(reason)
			}
			t.Parallel()
			if err := Play(t.Context(), target, c); err != nil {
				t.Error(err)
			}
		})
	}
}

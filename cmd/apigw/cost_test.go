package main

import (
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/toolbox/cost"
)

// Pages compare integrations by what the command reckons without flags.
func TestCostDefaults(t *testing.T) {
	var c costCommand
	parser, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(nil); err != nil {
		t.Fatal(err)
	}
	equal := cmp.Comparer(func(a, b cost.Decimal) bool { return a.String() == b.String() })
	if diff := cmp.Diff(cost.Usual(), c.workload(), equal); diff != "" {
		t.Errorf("flags' defaults (-cost.Usual +command):\n%s", diff)
	}
}

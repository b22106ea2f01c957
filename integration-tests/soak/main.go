// Command soak loads the kit's API for minutes, as a process of its own, and looks for what only time shows: errors
// under load, memory or files that grow, orders that were accepted and are not there.
//
// It measures how many requests a second all routes together stand, and sends half of that. Each request has its time,
// from which its latency counts.
//
// Read on in routes.go (what is sent), ledger.go (what has to be there afterwards), load.go (how it is sent), watch.go
// and trend.go (what may not grow).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type command struct {
	For     time.Duration `default:"10m" help:"How long the load lasts."`
	Program string        `default:".build/bin/apigw" help:"The apigw that is loaded."`
	App     string        `default:"cdk.out" help:"Cloud assembly of the kit."`
}

// soak is one run: the steps share it.
type soak struct {
	command
	gateway *gateway
	load    *load
	ledger  *ledger
	watch   *watch
	found   *findings
}

var steps = []struct {
	name string
	run  func(*soak, context.Context) error
}{
	{"start the gateway, with its tables in a new folder", (*soak).start},
	{"get the first answer of each route", (*soak).firstAnswers},
	{"measure what it stands", (*soak).measureCapacity},
	{"load it with half of that", (*soak).sendLoad},
	{"wait for what was begun, and look for what was accepted", (*soak).check},
}

func (c *command) Run(ctx context.Context) (err error) {
	if c.For < 10*time.Second {
		return fmt.Errorf("--for %v: it takes 10s at least to see a trend", c.For)
	}
	s := &soak{command: *c, ledger: newLedger()}
	defer func() { err = errors.Join(err, s.stop()) }()
	for _, step := range steps {
		fmt.Printf("%s …\n", step.name)
		if err := step.run(s, ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return s.report(os.Stdout)
}

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, restore) // a second Ctrl-C ends at once
	var c command
	parsed := kong.Parse(&c, kong.Name("soak"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Description("Loads the kit's API on this machine for minutes, and looks for what only time shows."))
	err := parsed.Run()
	switch {
	case err == nil:
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "soak: interrupted")
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "soak: "+err.Error())
		os.Exit(1)
	}
}

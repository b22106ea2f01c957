package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/toolbox/bench"
)

type benchCommand struct {
	output
	App         string       `default:"cdk.out" placeholder:"FOLDER" predictor:"folder" help:"Cloud assembly of the kit."`
	Only        []bench.Part `enum:"start,routes,memory,growth,templates" placeholder:"PART" sep:"none" help:"Measure this part only: start, routes, memory, growth or templates; repeat it for several."`
	Route       []string     `placeholder:"NAME" sep:"none" help:"Measure this route only, by its integration: mock, http-proxy, lambda …; repeat it for several. Leaves the other parts out."`
	Peers       bool         `help:"Measure LocalStack's open core too, where make localstack has installed it."`
	Save        string       `placeholder:"FILE" predictor:"file" help:"Write the report there too, as JSON."`
	Rounds      int          `default:"5" help:"Rounds of each route and of its limit, in turns."`
	Seconds     float64      `default:"2" help:"Length of a round."`
	Connections int          `default:"16" help:"Connections that send at once, each a request after the other."`

	deployedBench
}

// Help is shown by --help.
func (benchCommand) Help() string {
	return `Measures the gateway beside what limits it: Go's standard library, a bare Runtime API, the engines called directly. Every answer is checked. Runs in the kit's folder, and starts all that it needs.

Examples:
  apigw bench                                            everything: some ten minutes
  apigw bench --route mock --rounds 3 --seconds 1        one route, quickly
  apigw bench --route lambda-proxy --connections 64      more requests at once
  apigw bench --only growth                              how costs grow
  apigw bench --url https://…/prod                       the kit as it is deployed: the gateway's time beside the integration's
  apigw bench --outputs cdk-outputs.json --cold 5        likewise, with cold starts
  apigw bench --output json                              for other programs

Exit code: 0 measured, 1 it could not be measured, or an answer was wrong.`
}

func (c *benchCommand) Run() error {
	if c.wanted() {
		return c.runDeployed()
	}
	ctx, _ := interrupts()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	report, err := bench.Run(ctx, bench.Options{
		App: c.App, Program: program, Parts: c.parts(), Routes: c.Route, Peers: c.Peers,
		Connections: c.Connections, Rounds: c.Rounds, Seconds: c.Seconds, Progress: os.Stderr,
	})
	if report == nil {
		return err
	}
	if err := errors.Join(err, c.write(report, report.WriteText), c.save(report)); err != nil {
		return err
	}
	if n := report.Wrong(); n > 0 {
		return fmt.Errorf("%d measures have no numbers: their answers were wrong", n)
	}
	return nil
}

// parts are those asked for; a route is of one part.
func (c *benchCommand) parts() []bench.Part {
	if len(c.Only) == 0 && len(c.Route) > 0 {
		return []bench.Part{bench.RoutesPart}
	}
	return c.Only
}

func (c *benchCommand) save(report *bench.Report) error {
	if c.Save == "" {
		return nil
	}
	var text bytes.Buffer
	if err := writeJSON(&text, report); err != nil {
		return err
	}
	return os.WriteFile(c.Save, text.Bytes(), 0o644)
}

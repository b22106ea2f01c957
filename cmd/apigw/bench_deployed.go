package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/toolbox/bench"
)

// deployedBench are the flags that measure a deployed API instead.
type deployedBench struct {
	URL      string  `name:"url" placeholder:"https://…/prod" help:"Measure the kit deployed at this stage URL, instead of the local gateway."`
	Outputs  string  `placeholder:"FILE" predictor:"file" help:"Measure the kit deployed with these outputs, as 'cdk deploy --outputs-file' writes them; what the requests made is removed."`
	Sign     bool    `help:"Sign the requests, for an API with IAM authorization whose outputs do not tell."`
	Requests int     `default:"50" help:"Requests of each route, one after the other, to a deployed API."`
	Rate     float64 `default:"5" help:"Requests a second, at most, to a deployed API."`
	Cold     int     `default:"0" help:"More requests of each route with a function, each to a new environment: changes the function's description, and back."`
}

func (d *deployedBench) wanted() bool { return d.URL != "" || d.Outputs != "" }

func (c *benchCommand) runDeployed() error {
	ctx, _ := interrupts()
	report, err := bench.RunDeployed(ctx, bench.DeployedOptions{
		URL: c.URL, Outputs: c.Outputs, Sign: c.Sign,
		Routes: c.Route, Requests: c.Requests, Rate: c.Rate, Cold: c.Cold, Progress: os.Stderr,
	})
	if report == nil {
		return err
	}
	if err := errors.Join(err, c.write(report, report.WriteText)); err != nil {
		return err
	}
	if n := report.Wrong(); n > 0 {
		return fmt.Errorf("%d of %d routes have no numbers: their answers were wrong", n, len(report.Routes))
	}
	return nil
}

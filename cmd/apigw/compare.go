package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/compare"
)

type compareCommand struct {
	source
	output
	URL          string   `name:"url" env:"APIGW_BASE_URL" placeholder:"https://…/prod" help:"Stage URL of the deployed API; without it the one in --outputs."`
	Outputs      string   `env:"APIGW_OUTPUTS" placeholder:"FILE" predictor:"file" help:"Outputs of the deployed stacks, as 'cdk deploy --outputs-file' writes them; items and executions are looked up by them."`
	Sign         bool     `env:"APIGW_SIGN" help:"Sign the requests, for an API with IAM authorization whose outputs do not tell."`
	TestInvoke   bool     `help:"Call TestInvokeMethod instead of the stage: compares what the endpoints get too."`
	APIID        string   `name:"api-id" placeholder:"ID" help:"API for --test-invoke; without it the one in the URL."`
	Cases        string   `default:"integration-tests/cases" predictor:"folder" help:"Folder with the cases."`
	Examples     bool     `help:"Play the template's example requests and its plain GETs instead of cases."`
	Only         string   `name:"run" placeholder:"REGEXP" help:"Play only the cases with such a name."`
	IgnoreHeader []string `placeholder:"NAME" help:"Leave a header aside; a name may end with *."`
}

// Help is shown by --help.
func (compareCommand) Help() string {
	return `Plays the cases on a local gateway, started for it, and on the deployed API, and shows where they answer differently. The cases write to the deployed API's tables, topics and queues.

Examples:
  apigw compare --url https://….execute-api.eu-west-1.amazonaws.com/prod
  apigw compare --outputs cdk-outputs.json --sign           an API with IAM authorization, items looked up too
  apigw compare --outputs cdk-outputs.json --test-invoke    through TestInvokeMethod, as it logs each transformation
  apigw compare --url … --cases my/cases --run '^orders/'   other cases
  apigw compare --url … --template api.yaml --examples      without cases

Exit code: 0 no difference, 1 differences, 2 nothing could be compared.`
}

func (c *compareCommand) Run() error {
	report, err := c.compare()
	if report == nil {
		return &exitError{2, err}
	}
	err = errors.Join(err, c.write(report, func(w io.Writer, t terminal.Terminal) error {
		report.WriteText(w, t)
		return nil
	}))
	switch s := report.Summary; {
	case err != nil:
		return &exitError{2, err}
	case s.Different > 0:
		return &exitError{1, fmt.Errorf("%d of %d steps differ", s.Different, s.Steps)}
	case s.Same == 0:
		return &exitError{2, fmt.Errorf("none of %d steps could be compared", s.Steps)}
	}
	return nil
}

func (c *compareCommand) compare() (*compare.Report, error) {
	local, err := c.options()
	if err != nil {
		return nil, err
	}
	cases, err := c.cases(local)
	if err != nil {
		return nil, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return compare.Run(ctx, compare.Options{
		Local: local,
		Cases: cases, InTurn: c.Examples,
		Deployed: compare.Deployed{
			URL: c.URL, Outputs: c.Outputs, Sign: c.Sign, TestInvoke: c.TestInvoke, APIID: c.APIID,
		},
		IgnoreHeaders: c.IgnoreHeader,
	})
}

// cases are those of the folder, or of the template, that --run takes.
func (c *compareCommand) cases(local emulator.Options) ([]*integrationtests.Case, error) {
	only, err := regexp.Compile(c.Only)
	if err != nil {
		return nil, fmt.Errorf("--run: %w", err)
	}
	all, err := c.allCases(local)
	if err != nil {
		return nil, err
	}
	cases := slices.DeleteFunc(all, func(one *integrationtests.Case) bool { return !only.MatchString(one.Name) })
	if len(cases) == 0 {
		return nil, fmt.Errorf("there are no cases that --run %q takes", c.Only)
	}
	return cases, nil
}

func (c *compareCommand) allCases(local emulator.Options) ([]*integrationtests.Case, error) {
	if c.Examples {
		e, err := emulator.Load(local)
		if err != nil {
			return nil, err
		}
		return compare.Examples(e.APIs()[0]), nil
	}
	if _, err := os.Stat(c.Cases); err != nil {
		return nil, fmt.Errorf("cases: %w: name their folder by --cases, or play requests of the template by --examples", err)
	}
	cases, err := integrationtests.Load(os.DirFS(c.Cases))
	if err != nil {
		return nil, fmt.Errorf("cases in %s: %w", c.Cases, err)
	}
	return cases, nil
}

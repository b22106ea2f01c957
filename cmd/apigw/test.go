package main

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/apigw-integrations/apigw-integrations/toolbox/mappingtest"
)

type testCommand struct {
	Paths  []string `arg:"" optional:"" default:"mappings" predictor:"file" help:"Templates, or folders of them."`
	Only   string   `name:"run" placeholder:"REGEXP" help:"Play the cases that this matches the names of."`
	Update bool     `help:"Write what the cases expect anew, as the local gateway renders it; review the difference."`
	output
}

// Help is shown by --help.
func (testCommand) Help() string {
	return `Plays the cases of mapping templates, and shows which lines and branches no case reaches. The cases of request.vtl lie beside it in request.txtar:

  -- an order/body.json --
  {"id": "o-1"}
  -- an order/output.json --
  {"orderId": "o-1"}

Other parts of a case are input.json (params, context, stageVariables), before.vtl and overrides.json.

Examples:
  apigw test                                  all templates below ./mappings
  apigw test mappings/lambda/xml/request.vtl  one template
  apigw test --run '^hostile' mappings        the cases whose names begin so
  apigw test --update mappings                write the expected part anew, that of new cases too
  apigw test --output json                    for other programs

Exit code: 0 all pass, 1 some fail, 2 nothing could be played.`
}

func (c *testCommand) Run() error {
	report, err := c.run()
	if err != nil {
		return &exitError{2, err}
	}
	err = c.write(report, report.WriteText)
	switch {
	case err != nil:
		return err
	case !report.Passed():
		return &exitError{1, errors.New("not all cases pass, see above")}
	case report.Cases == 0:
		return &exitError{2, errors.New("there are no cases to play: write some beside the templates, see apigw test --help")}
	}
	return nil
}

func (c *testCommand) run() (*mappingtest.Report, error) {
	only, err := regexp.Compile(c.Only)
	if err != nil {
		return nil, fmt.Errorf("--run: %w", err)
	}
	templates, err := mappingtest.Find(c.Paths)
	if err != nil {
		return nil, err
	}
	return mappingtest.Run(templates, mappingtest.Options{Only: only, Update: c.Update})
}

package main

import (
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

type doctorCommand struct {
	source
	Output string          `enum:"text,json" default:"text" help:"text or json."`
	FailOn doctor.Severity `enum:"error,warning,note" default:"error" help:"Exit with 1 from this severity on: error, warning or note."`
}

// Help is shown by --help.
func (doctorCommand) Help() string {
	return `Checks the templates for the faults that API Gateway answers with a bare 500, or that a deployment hides. Changes nothing, calls nothing.

Examples:
  apigw doctor                               the stacks in ./cdk.out
  apigw doctor --template template.yaml      any CloudFormation template
  apigw doctor --fail-on warning             stricter, for CI
  apigw doctor --output json                 for other programs

Exit code: 0 no finding of that severity, 1 findings, 2 nothing could be checked.`
}

func (c *doctorCommand) Run() error {
	report, err := c.examine()
	if err != nil {
		return &exitError{2, err}
	}
	if c.Output == "json" {
		err = report.WriteJSON(os.Stdout)
	} else {
		err = report.WriteText(os.Stdout)
	}
	if err != nil {
		return err
	}
	if report.Fails(c.FailOn) {
		return &exitError{1, fmt.Errorf("findings of severity %s or graver", c.FailOn)}
	}
	return nil
}

func (c *doctorCommand) examine() (*doctor.Report, error) {
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	a, err := cfn.Load(o.App, cfn.Options{Parameters: o.Parameters})
	if err != nil {
		return nil, err
	}
	return doctor.Examine(doctor.NewSubject(a)), nil
}

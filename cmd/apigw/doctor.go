package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

type doctorCommand struct {
	source
	StartServices bool `help:"Run the containers behind VPC links from their sources, or ask what --backend names, to check health-check paths."`

	Output string          `enum:"text,json" default:"text" help:"text or json."`
	FailOn doctor.Severity `enum:"error,warning,note" default:"error" help:"Exit with 1 from this severity on: error, warning or note."`
}

// Help is shown by --help.
func (doctorCommand) Help() string {
	return `Checks the templates for the faults that API Gateway answers with a bare 500, or that a deployment hides. Changes nothing and calls nothing.

Examples:
  apigw doctor                               the stacks in ./cdk.out
  apigw doctor --template template.yaml      any CloudFormation template
  apigw doctor --start-services              with the health checks of load balancers
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
	s := doctor.NewSubject(a)
	if c.StartServices {
		if s.Health, err = checkHealth(o); err != nil {
			return nil, err
		}
	}
	return doctor.Examine(s), nil
}

// checkHealth starts the services and asks them once.
func checkHealth(o emulator.Options) ([]vpclink.Health, error) {
	stop, cut := interrupts()
	o.FunctionLog = os.Stderr
	e, err := emulator.Start(stop, o)
	if err != nil {
		return nil, err
	}
	health := e.CheckHealth(stop)
	return health, errors.Join(stop.Err(), e.Close(cut))
}

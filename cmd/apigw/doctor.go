package main

import (
	"errors"
	"fmt"
	"maps"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor/deployed"
)

type doctorCommand struct {
	source
	output
	Deployed      bool     `xor:"deployed" help:"Examine what is deployed of these stacks, by the AWS credentials of the environment (and AWS_ENDPOINT_URL)."`
	Stack         []string `xor:"deployed" placeholder:"NAME" sep:"none" help:"Examine this deployed stack, whatever templates are at hand; repeat it for several."`
	StartServices bool     `xor:"deployed" help:"Run the containers behind VPC links from their sources, or ask what --backend names, to check health-check paths."`

	FailOn doctor.Severity `enum:"error,warning,note" default:"error" help:"Exit with 1 from this severity on: error, warning or note."`
}

// Help is shown by --help.
func (doctorCommand) Help() string {
	return `Checks the templates for the faults that API Gateway answers with a bare 500, or that a deployment hides; with --deployed or --stack, what is deployed. Changes nothing.

Examples:
  apigw doctor                                     the stacks in ./cdk.out
  apigw doctor --template template.yaml            any CloudFormation template
  apigw doctor --start-services --allow-functions  with the health checks of load balancers
  apigw doctor --deployed                          what is deployed of the stacks in ./cdk.out, and whether they are older
  apigw doctor --stack my-api                      a deployed stack, without its template
  apigw doctor --fail-on warning                   stricter, for CI
  apigw doctor --output json                       for other programs

Exit code: 0 no finding of that severity, 1 findings, 2 nothing could be checked.`
}

func (c *doctorCommand) Run() error {
	report, err := c.examine()
	if err != nil {
		return &exitError{2, err}
	}
	if err := c.write(report, report.WriteText); err != nil {
		return err
	}
	switch {
	case report.Stages == 0:
		return &exitError{2, errors.New("nothing could be checked: there is no AWS::ApiGateway::RestApi with a stage")}
	case report.Fails(c.FailOn):
		return &exitError{1, fmt.Errorf("findings of severity %s or graver", c.FailOn)}
	}
	return nil
}

func (c *doctorCommand) examine() (*doctor.Report, error) {
	if len(c.Stack) > 0 {
		return examineDeployed(deployed.Options{Stacks: c.Stack})
	}
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	load := func(circumstances cfn.Options) (*cfn.Assembly, error) {
		maps.Copy(circumstances.Parameters, o.Parameters)
		circumstances.FilesElsewhere = o.AllowFunctions
		return cfn.Load(o.App, circumstances)
	}
	a, err := load(cfn.Options{Parameters: map[string]string{}})
	if err != nil {
		return nil, err
	}
	if c.Deployed {
		return examineDeployed(deployed.Options{Stacks: stackNames(a), Next: load})
	}
	s := doctor.NewSubject(a)
	if c.StartServices {
		if s.Health, err = checkHealth(o); err != nil {
			return nil, err
		}
	}
	return doctor.Examine(s), nil
}

func examineDeployed(o deployed.Options) (*doctor.Report, error) {
	ctx, _ := interrupts()
	var err error
	if o.Config, err = config.LoadDefaultConfig(ctx); err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	s, err := deployed.Read(ctx, o)
	if err != nil {
		return nil, err
	}
	return doctor.Examine(s), nil
}

// stackNames are those of the stacks that are deployed by themselves.
func stackNames(a *cfn.Assembly) []string {
	var names []string
	for _, s := range a.Stacks {
		if s.Parent == nil {
			names = append(names, s.Name)
		}
	}
	return names
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

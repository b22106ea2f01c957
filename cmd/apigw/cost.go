package main

import (
	"fmt"
	"os"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/toolbox/cost"
)

type costCommand struct {
	output
	apiChoice
	App       string            `xor:"source" placeholder:"FOLDER" predictor:"folder" help:"Cloud assembly of a CDK app, to list its routes."`
	Template  string            `xor:"source" placeholder:"FILE" predictor:"file" help:"CloudFormation template, .json or .yaml, to list its routes."`
	Parameter map[string]string `placeholder:"NAME=VALUE" mapsep:"none" help:"Value of a template's parameter; STACK:NAME for one stack's."`

	Prices string `placeholder:"FILE" predictor:"file" help:"Prices that go before those that come along, in the same form."`
	Plot   string `placeholder:"FILE" predictor:"file" help:"Draw dollars a million against requests a month, as SVG."`

	RPS      cost.Decimal `name:"rps" default:"10" placeholder:"N" help:"Requests a second, the month's mean."`
	Hours    cost.Decimal `default:"730" help:"Hours of a month."`
	Payload  cost.Bytes   `default:"1KB" help:"Size of a request, and of a message that is published."`
	Response cost.Bytes   `default:"0" help:"Size of a response: counts data out to the internet."`
	Log      cost.Bytes   `default:"0" help:"What each request writes to CloudWatch Logs."`

	Memory   cost.Bytes    `default:"256MB" help:"Memory of a function."`
	Duration time.Duration `default:"50ms" help:"Duration of an invocation."`
	Arch     string        `enum:"arm64,x86_64" default:"arm64" help:"Architecture of functions and tasks: arm64 or x86_64."`

	Item           cost.Bytes `default:"1KB" help:"Size of an item in DynamoDB."`
	Items          int        `default:"1" help:"Items that a Query reads."`
	ConsistentRead bool       `help:"Read strongly consistent, which costs twice as much."`
	Indexes        int        `default:"0" help:"Secondary indexes that hold each item."`

	Transitions     int           `default:"5" help:"State transitions of a Standard workflow."`
	ExpressMemory   cost.Bytes    `default:"64MB" help:"Memory of an Express workflow."`
	ExpressDuration time.Duration `default:"100ms" help:"Duration of an Express workflow."`

	Tasks         int          `default:"2" help:"Fargate tasks behind a VPC link."`
	TaskCPU       cost.Decimal `name:"task-cpu" default:"0.25" help:"vCPU of a task."`
	TaskMemory    cost.Bytes   `default:"0.5GB" help:"Memory of a task."`
	EndpointZones int          `default:"6" help:"Interface endpoints of the VPC, each zone counted."`
	NATGateways   int          `name:"nat-gateways" default:"0" help:"NAT gateways of the VPC."`
}

// Help is shown by --help.
func (costCommand) Help() string {
	return `Reckons what each integration type costs for a workload, and from which volume one is cheaper than another. With --app or --template it lists the routes of that API, by what is found there of functions, tables, workflows and VPC links.

Examples:
  apigw cost                                          each integration type, 10 requests a second
  apigw cost --rps 200 --memory 512MB --duration 120ms
  apigw cost --app cdk.out                            the routes of a CDK app
  apigw cost --template api.yaml --response 4KB --log 500B
  apigw cost --plot cost.svg                          where the lines cross
  apigw cost --prices eu-west-1.yaml                  other prices
  apigw cost --output json | jq '.lines[] | {name, usdPerMillion}'`
}

func (c *costCommand) Run() error {
	report, err := c.report()
	if err != nil {
		return err
	}
	if c.Plot != "" {
		if err := os.WriteFile(c.Plot, report.SVG(), 0o644); err != nil {
			return err
		}
	}
	return c.write(report, report.WriteText)
}

func (c *costCommand) report() (*cost.Report, error) {
	prices, err := cost.ListPrices(c.Prices)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	workload := c.workload()
	if err := workload.Check(); err != nil {
		return nil, err
	}
	if c.App == "" && c.Template == "" {
		return cost.NewReport(prices, "integration", workload, cost.Integrations(workload)), nil
	}
	from := source{App: c.App, Template: c.Template, Parameter: c.Parameter}
	o, err := from.options()
	if err != nil {
		return nil, err
	}
	assembly, err := cfn.Load(o.App, cfn.Options{Parameters: o.Parameters})
	if err != nil {
		return nil, err
	}
	apis, _ := gateway.Build(assembly, nil) // what can't be served costs all the same
	if len(apis) == 0 {
		return nil, fmt.Errorf("%s: no AWS::ApiGateway::RestApi with a stage", o.App)
	}
	api, err := c.chosen(apis)
	if err != nil {
		return nil, err
	}
	return cost.NewReport(prices, "route", workload, cost.Routes(assembly, api, workload)), nil
}

func (c *costCommand) workload() cost.Workload {
	return cost.Workload{
		RPS: c.RPS, Hours: c.Hours, Payload: c.Payload, Response: c.Response, Log: c.Log,
		Memory: c.Memory, Duration: c.Duration, Arch: c.Arch,
		Item: c.Item, Items: c.Items, ConsistentRead: c.ConsistentRead, Indexes: c.Indexes,
		Transitions: c.Transitions, ExpressMemory: c.ExpressMemory, ExpressDuration: c.ExpressDuration,
		Private: cost.Private{
			Tasks: c.Tasks, TaskCPU: c.TaskCPU, TaskMemory: c.TaskMemory, EndpointZones: c.EndpointZones, NATs: c.NATGateways,
		},
	}
}

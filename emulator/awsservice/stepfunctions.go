package awsservice

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// statesActions are what engine/stepfunctions.cjs serves.
var statesActions = []string{
	"StartExecution", "StartSyncExecution", "DescribeExecution", "StopExecution",
	"DescribeStateMachine", "ListExecutions", "DeleteStateMachine",
}

// stepFunctions are the state machines of the template in the sidecar.
type stepFunctions struct {
	services *Services
	config   statesConfig
	missing  error // why the engine can't start
}

// statesConfig is what engine/stepfunctions.cjs is started with.
type statesConfig struct {
	NodeModules    string         `json:"nodeModules"`
	LambdaEndpoint string         `json:"lambdaEndpoint"`
	Machines       []stateMachine `json:"machines"`
}

type stateMachine struct {
	ARN        string `json:"arn"`
	Name       string `json:"name"`
	Type       string `json:"type"` // STANDARD or EXPRESS
	RoleARN    string `json:"roleArn"`
	Definition string `json:"definition"`
	Refusal    string `json:"refusal,omitempty"` // why it can't run; StartExecution answers with it
}

// newStepFunctions reads the state machines of the template.
func newStepFunctions(s *Services) (*stepFunctions, cfn.Problems) {
	engine := &stepFunctions{services: s, config: statesConfig{LambdaEndpoint: s.options.LambdaEndpoint}}
	engine.config.NodeModules, engine.missing = s.findPackage("aws-local-stepfunctions")
	var problems cfn.Problems
	for i, r := range s.options.Assembly.Resources("AWS::StepFunctions::StateMachine") {
		if engine.missing != nil && i == 0 {
			problems = append(problems, r.Problem("", engine.missing.Error(), "or set AWS_ENDPOINT_URL_SFN"))
		}
		machine, found := machineOf(r)
		if len(found) > 0 {
			machine.Refusal = found.Error()
			problems = append(problems, found...)
		}
		engine.config.Machines = append(engine.config.Machines, machine)
	}
	return engine, problems
}

// machineOf reads a state machine; problems mean that it can't run.
func machineOf(r *cfn.Resource) (stateMachine, cfn.Problems) {
	machine := stateMachine{ARN: r.ARN(), Name: r.Name(), Type: "STANDARD"}
	if kind, _ := r.Properties["StateMachineType"].(string); kind != "" {
		machine.Type = kind
	}
	machine.RoleARN, _ = r.Properties["RoleArn"].(string)
	if faults := faultsOf(r, "StateMachineName", "DefinitionString", "Definition", "DefinitionSubstitutions"); faults != nil {
		return machine, faults
	}
	property, text := "DefinitionString", ""
	switch definition := r.Properties["DefinitionString"].(type) {
	case string:
		text = definition
	default:
		if r.Properties["Definition"] == nil {
			return machine, cfn.Problems{r.Problem("DefinitionString", "the definition is not in the template",
				"give it as DefinitionString or Definition, not in S3")}
		}
		encoded, err := json.Marshal(r.Properties["Definition"])
		if err != nil {
			return machine, cfn.Problems{r.Problem("Definition", err.Error(), "")}
		}
		property, text = "Definition", string(encoded)
	}
	machine.Definition = substitute(text, r.Properties["DefinitionSubstitutions"])
	faults, err := checkDefinition(machine.Definition)
	if err != nil {
		return machine, cfn.Problems{r.Problem(property, err.Error(), "correct the definition")}
	}
	var problems cfn.Problems
	for _, fault := range faults {
		problems = append(problems, r.Problem(property, fault, "run it elsewhere by AWS_ENDPOINT_URL_SFN"))
	}
	return machine, problems
}

// substitute fills "${name}" as DefinitionSubstitutions say; the values stand
// in JSON text as they are, as CloudFormation puts them.
func substitute(text string, substitutions any) string {
	values, _ := substitutions.(map[string]any)
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "${"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (f *stepFunctions) check(action string) error {
	if f.missing != nil {
		return f.missing
	}
	if action != "" && !slices.Contains(statesActions, action) {
		return fmt.Errorf("the embedded Step Functions engine has no action %s: use another", action)
	}
	return nil
}

func (f *stepFunctions) url(ctx context.Context) (*url.URL, error) {
	if f.missing != nil {
		return nil, f.missing
	}
	port, err := f.services.sidecar.port(ctx, "states")
	return atPort(port), err
}

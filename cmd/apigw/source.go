package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

// source is what a command is about, the same flags for all of them: where the
// APIs come from, and what stands for what is not on this machine.
type source struct {
	App       string            `xor:"source" placeholder:"FOLDER" predictor:"folder" help:"Cloud assembly of a CDK app; without --template it is ./cdk.out."`
	Template  string            `xor:"source" placeholder:"FILE" predictor:"file" help:"CloudFormation template, .json or .yaml, instead of an assembly."`
	Parameter map[string]string `placeholder:"NAME=VALUE" mapsep:"none" help:"Value of a template's parameter; STACK:NAME for one stack's."`
	Backend   map[string]string `placeholder:"LOGICALID=URL" mapsep:"none" help:"What runs in place of an HTTP backend, a container or a load balancer."`
	Function  map[string]string `placeholder:"LOGICALID=COMMAND|FOLDER|URL" mapsep:"none" help:"What runs a Lambda function."`

	AllowFunctions bool `env:"APIGW_ALLOW_FUNCTIONS" help:"Run the template's own code, as you: functions, containers, the CDK app; let it name files outside of its folder."`
}

// options are those that follow from the flags.
func (s *source) options() (emulator.Options, error) {
	o := emulator.Options{
		App: cmp.Or(s.Template, s.App, "cdk.out"), Parameters: s.Parameter, Backends: s.Backend, Functions: s.Function,
		AllowFunctions: s.AllowFunctions,
	}
	info, err := os.Stat(o.App)
	switch {
	case err != nil && s.Template != "":
		return o, err
	case err != nil: // the load says what to do
	case s.Template != "" && info.IsDir():
		return o, fmt.Errorf("--template %s is a folder: name a cloud assembly by --app", s.Template)
	case s.Template == "" && !info.IsDir():
		return o, fmt.Errorf("--app %s is a file: name a template by --template", o.App)
	}
	return o, nil
}

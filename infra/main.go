// Command infra is the CDK app: it reads the context, builds the programs and
// puts the stacks together. The CDK CLI runs it, as cdk.json says; without the
// CLI, too, it makes the assembly of cdk.json's context.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/integrations"
	"github.com/apigw-integrations/apigw-integrations/internal/cdkapp"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run works in the project's folder, where the CDK CLI finds cdk.json.
func run() error {
	defer jsii.Close()
	props, err := withoutCLI()
	if err != nil {
		return err
	}
	app := awscdk.NewApp(props)
	values, _ := app.Node().GetAllContext(nil).(map[string]any)
	cfg, err := ReadConfig(values)
	if err != nil {
		return err
	}
	mappings, err := integrations.ReadMappings(os.DirFS("."))
	if err != nil {
		return err
	}
	programs := programs{root: ".", arch: cfg.Arch}
	if err := programs.build(context.Background(), cfg.sources()); err != nil {
		return err
	}
	newStacks(app, kit{cfg, mappings, programs})
	app.Synth(nil)
	return nil
}

// withoutCLI is what the CDK CLI gives the app that it runs; nil when it does.
func withoutCLI() (*awscdk.AppProps, error) {
	if _, byCLI := os.LookupEnv("CDK_OUTDIR"); byCLI {
		return nil, nil
	}
	context, err := cdkapp.Context(".")
	if err != nil {
		return nil, err
	}
	return &awscdk.AppProps{Context: &context, Outdir: jsii.String("cdk.out")}, nil
}

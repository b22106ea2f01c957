package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/retained"
)

type retainedCommand struct {
	output
	App     string `default:"cdk.out" placeholder:"FOLDER" predictor:"folder" help:"Cloud assembly that was deployed."`
	Outputs string `default:"cdk-outputs.json" placeholder:"FILE" predictor:"file" help:"Outputs of its stacks, for the names of things; it may be missing."`
}

// Help is shown by --help.
func (retainedCommand) Help() string {
	return `Works without the stacks and without credentials, from the templates that were deployed.

Examples:
  apigw retained                            the stacks in ./cdk.out
  apigw retained --app .build/deployed      the assembly that was deployed last
  apigw retained --output json              for other programs`
}

func (c *retainedCommand) Run() error {
	assembly, err := cfn.Load(c.App, cfn.Options{})
	if err != nil {
		return err
	}
	outputs, err := readOutputs(c.Outputs)
	if err != nil {
		return err
	}
	all, err := retained.List(assembly, outputs)
	if err != nil {
		return err
	}
	report := map[string]any{"remains": slices.Concat([]retained.Remainder{}, all)} // a list even when it is empty
	return c.write(report, func(w io.Writer, _ terminal.Terminal) error {
		retained.Print(w, all)
		return nil
	})
}

// readOutputs takes a missing file for no outputs.
func readOutputs(file string) (map[string]map[string]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var outputs map[string]map[string]string
	if err := json.Unmarshal(text, &outputs); err != nil {
		return nil, fmt.Errorf("%s: want outputs by stack, as cdk deploy --outputs-file writes them: %w", file, err)
	}
	return outputs, nil
}

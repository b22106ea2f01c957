package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
	"github.com/apigw-integrations/apigw-integrations/toolbox/lint"
)

type lintCommand struct {
	source
	output
	Templates []string `arg:"" optional:"" name:"template" predictor:"file" help:"Mapping templates, or folders of them, instead of an app."`

	GitHub bool            `name:"github" help:"Print the commands by which GitHub Actions annotates a pull request, instead."`
	FailOn doctor.Severity `enum:"error,warning,note" default:"warning" help:"Exit with 1 from this severity on: error, warning or note."`
	Ignore []string        `placeholder:"RULE" help:"Leave this rule out; repeat it for several."`
	Rules  bool            `help:"List the rules, and do nothing else."`
}

// Help is shown by --help.
func (lintCommand) Help() string {
	return `Finds faults in mapping templates: by reading them, and by rendering them with the input that clients send when they mean no good or leave a field out. Of an app it looks at the integrations too.

Examples:
  apigw lint                              the app in ./cdk.out
  apigw lint --template template.yaml     any CloudFormation template
  apigw lint mappings/http/response.vtl   one mapping template
  apigw lint mappings                     all below a folder
  apigw lint --github                     annotations in GitHub Actions
  apigw lint --output json                for other programs
  apigw lint --ignore passthrough-never   without a rule
  apigw lint --rules                      what is checked

A comment in a template ignores a rule at the next line: ## apigw-lint-ignore RULE reason

Exit code: 0 no finding of that severity, 1 findings, 2 nothing could be checked.`
}

func (c *lintCommand) Run() error {
	if c.Rules {
		return c.writeRules()
	}
	subject, err := c.subject()
	if err != nil {
		return &exitError{2, err}
	}
	report := lint.Examine(subject, c.Ignore...)
	if c.GitHub {
		err = report.WriteGitHub(os.Stdout)
	} else {
		err = c.write(report, report.WriteText)
	}
	switch {
	case err != nil:
		return err
	case report.Templates+report.Stages == 0:
		return &exitError{2, errors.New("nothing could be checked: there is no AWS::ApiGateway::RestApi with a stage")}
	case report.Fails(c.FailOn):
		return &exitError{1, fmt.Errorf("findings of severity %s or graver", c.FailOn)}
	}
	return nil
}

func (c *lintCommand) subject() (*lint.Subject, error) {
	for _, id := range c.Ignore {
		if !slices.ContainsFunc(lint.Rules(), func(r lint.Rule) bool { return r.ID == id }) {
			return nil, fmt.Errorf("--ignore: there is no rule %q; apigw lint --rules lists them", id)
		}
	}
	if len(c.Templates) > 0 {
		if c.App+c.Template != "" {
			return nil, errors.New("name mapping templates, or an app by --app or --template, but not both")
		}
		return lint.NewSubjectOfFiles(c.Templates)
	}
	o, err := c.options()
	if err != nil {
		return nil, err
	}
	a, err := cfn.Load(o.App, cfn.Options{Parameters: o.Parameters, FilesElsewhere: o.AllowFunctions})
	if err != nil {
		return nil, err
	}
	return lint.NewSubject(a), nil
}

func (c *lintCommand) writeRules() error {
	var out strings.Builder
	for _, r := range lint.Rules() {
		fmt.Fprintf(&out, "%-24s %-8s %s\n", r.ID, r.Severity, r.Title)
	}
	_, err := os.Stdout.WriteString(out.String())
	return err
}

package deployed

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/apigw-integrations/apigw-integrations/internal/account"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// stack is one deployed stack. Nested ones stand beside their parents.
type stack struct {
	id         string // ARN
	name       string
	template   string // macros applied
	parameters map[string]string
	outputs    map[string]string
	resources  map[string]types.StackResourceSummary // by logical ID
}

// physicalID is a resource's, "" when it was not made.
func (s *stack) physicalID(logicalID string) string {
	return aws.ToString(s.resources[logicalID].PhysicalResourceId)
}

// readStacks reads the stacks and those nested in them. A stack that is missing
// beside others is not checked; without any there is nothing to do.
func (r *reader) readStacks(ctx context.Context, o Options) error {
	client := cloudformation.NewFromConfig(o.Config)
	var absent []string
	for waiting := o.Stacks; len(waiting) > 0; waiting = waiting[1:] {
		s, err := readStack(ctx, client, waiting[0])
		switch {
		case errors.Is(err, errNoStack):
			absent = append(absent, waiting[0])
			continue
		case err != nil:
			return err
		}
		r.stacks = append(r.stacks, s)
		for _, resource := range s.resources {
			if aws.ToString(resource.ResourceType) == "AWS::CloudFormation::Stack" && resource.PhysicalResourceId != nil {
				waiting = append(waiting, *resource.PhysicalResourceId)
			}
		}
	}
	if len(r.stacks) == 0 {
		return fmt.Errorf("no stack %s in %s: deploy first, use other credentials or another Region, or name the stacks by --stack",
			strings.Join(absent, ", "), r.caller)
	}
	for _, name := range absent {
		r.skip("", doctor.Where{Stack: name}, fmt.Sprintf("there is no such stack in %s", r.caller))
	}
	return nil
}

var errNoStack = errors.New("no such stack")

func readStack(ctx context.Context, client *cloudformation.Client, nameOrID string) (*stack, error) {
	described, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &nameOrID})
	if failed := smithy.APIError(nil); errors.As(err, &failed) && strings.Contains(failed.ErrorMessage(), "does not exist") {
		return nil, errNoStack
	}
	if err != nil {
		return nil, account.Explain(err)
	}
	d := described.Stacks[0]
	if remedy := account.Unfinished(d.StackStatus); remedy != "" {
		return nil, fmt.Errorf("stack %s is %s: %s", aws.ToString(d.StackName), d.StackStatus, remedy)
	}
	s := &stack{
		id: aws.ToString(d.StackId), name: aws.ToString(d.StackName),
		parameters: map[string]string{}, outputs: map[string]string{}, resources: map[string]types.StackResourceSummary{},
	}
	for _, p := range d.Parameters {
		s.parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
		if p.ResolvedValue != nil { // of the parameter store
			s.parameters[aws.ToString(p.ParameterKey)] = *p.ResolvedValue
		}
	}
	for _, output := range d.Outputs {
		s.outputs[aws.ToString(output.OutputKey)] = aws.ToString(output.OutputValue)
	}
	template, err := client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &s.id, TemplateStage: types.TemplateStageProcessed})
	if err != nil {
		return nil, account.Explain(err)
	}
	s.template = aws.ToString(template.TemplateBody)
	err = pages(func(token *string) (*string, error) {
		page, err := client.ListStackResources(ctx, &cloudformation.ListStackResourcesInput{StackName: &s.id, NextToken: token})
		if err != nil {
			return nil, account.Explain(err)
		}
		for _, resource := range page.StackResourceSummaries {
			s.resources[aws.ToString(resource.LogicalResourceId)] = resource
		}
		return page.NextToken, nil
	})
	return s, err
}

// readExports reads what the stacks may import from others.
func (r *reader) readExports(ctx context.Context, o Options) error {
	r.exports = map[string]string{}
	own := map[string]bool{}
	for _, s := range r.stacks {
		own[s.id] = true
	}
	client := cloudformation.NewFromConfig(o.Config)
	return pages(func(token *string) (*string, error) {
		page, err := client.ListExports(ctx, &cloudformation.ListExportsInput{NextToken: token})
		if err != nil {
			return nil, r.missed("", doctor.Where{}, "the exports of other stacks", err)
		}
		for _, export := range page.Exports {
			if !own[aws.ToString(export.ExportingStackId)] {
				r.exports[aws.ToString(export.Name)] = aws.ToString(export.Value)
			}
		}
		return page.NextToken, nil
	})
}

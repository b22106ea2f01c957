package deployed

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// policy is who may invoke a function, or a version or alias of it.
type policy struct {
	function   string // name, with its qualifier
	statements []statement
}

// statement is one of a policy, as far as AWS::Lambda::Permission has it.
type statement struct {
	Sid       string
	Effect    string
	Principal any // "*", or by kind
	Action    any // one or several
	Condition map[string]map[string]any
}

// readFunctions reads the policies of the functions that the APIs name.
func (r *reader) readFunctions(ctx context.Context, o Options) error {
	r.functions = map[string]*policy{}
	client := lambda.NewFromConfig(o.Config)
	for _, a := range r.apis {
		for name, reference := range a.functions() {
			if r.functions[name] != nil {
				continue
			}
			p, err := readPolicy(ctx, client, name, reference)
			if err != nil {
				if err := r.missed("lambda-permission", doctor.Where{}, "the policy of function "+name, err); err != nil {
					return err
				}
				continue
			}
			r.functions[name] = p
		}
	}
	return nil
}

func readPolicy(ctx context.Context, client *lambda.Client, name, reference string) (*policy, error) {
	p := &policy{function: name}
	answer, err := client.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &reference})
	if absent := (*types.ResourceNotFoundException)(nil); errors.As(err, &absent) {
		return p, nil // nobody may, or there is no such function
	}
	if err != nil {
		return nil, err
	}
	var document struct{ Statement []statement }
	if err := json.Unmarshal([]byte(aws.ToString(answer.Policy)), &document); err != nil {
		return nil, err
	}
	p.statements = document.Statement
	return p, nil
}

// permission is the statement as properties of AWS::Lambda::Permission, nil for
// one that allows nothing.
func (s statement) permission(function string) map[string]any {
	if s.Effect != "Allow" {
		return nil
	}
	properties := map[string]any{"FunctionName": function, "Action": s.Action, "Principal": s.Principal}
	if list, ok := s.Action.([]any); ok && len(list) > 0 {
		properties["Action"] = list[0]
	}
	if byKind, ok := s.Principal.(map[string]any); ok {
		for _, principal := range byKind {
			properties["Principal"] = principal
		}
	}
	for _, conditions := range s.Condition {
		for key, value := range conditions {
			switch key {
			case "AWS:SourceArn", "aws:SourceArn":
				properties["SourceArn"] = value
			case "AWS:SourceAccount", "aws:SourceAccount":
				properties["SourceAccount"] = value
			}
		}
	}
	return properties
}

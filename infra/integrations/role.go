package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newActionRole creates the role in which API Gateway calls an AWS service: one
// action on one resource, so that no route can do what another one may.
func newActionRole(scope constructs.Construct, id, action string, resource *string) awsiam.Role {
	return awsiam.NewRole(scope, jsii.String(id), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		Description: jsii.Sprintf("API Gateway: %s", action),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"Action": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{
				Statements: &[]awsiam.PolicyStatement{
					awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
						Actions:   jsii.Strings(action),
						Resources: &[]*string{resource},
					}),
				},
			}),
		},
	})
}

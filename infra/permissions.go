package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// onBehalfOf is a service that takes a role for resources of this account only,
// so that nobody else's can make it a confused deputy. API Gateway can't be asked
// for that: it doesn't say for whom it takes the role of an integration.
func onBehalfOf(scope constructs.Construct, service string) awsiam.IPrincipal {
	return awsiam.NewServicePrincipal(jsii.String(service), &awsiam.ServicePrincipalOpts{
		Conditions: &map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Stack_Of(scope).Account()},
		},
	})
}

// allowing is a statement that allows actions on one resource.
func allowing(resource *string, actions ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(actions...),
		Resources: &[]*string{resource},
	})
}

// allow grants actions on a table and none of its indexes; CDK's own grants
// take in all of them.
func allow(grantee awsiam.IGrantable, table awsdynamodb.ITable, actions ...string) {
	grantee.GrantPrincipal().AddToPrincipalPolicy(allowing(table.TableArn(), actions...))
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// newAccountStack gives API Gateway the role by which it writes logs. There is
// one for all APIs of an account in a Region, so it has a stack of its own and
// outlives that stack: without it the logs of every API would stop.
func newAccountStack(scope constructs.Construct, _ kit) awscdk.Stack {
	stack := newStack(scope, "IntegrationsAccount", "The role by which API Gateway writes logs, one for the account and Region")
	role := awsiam.NewRole(stack, jsii.String("LogRole"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("apigateway.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{
			// AWS's own policy for this: API Gateway checks for these actions
			// on all log groups when it takes the role.
			awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AmazonAPIGatewayPushToCloudWatchLogs")),
		},
	})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	account := awsapigateway.NewCfnAccount(stack, jsii.String("Account"), &awsapigateway.CfnAccountProps{
		CloudWatchRoleArn: role.RoleArn(),
	})
	account.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	return stack
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// reach is what the tasks of a service need beyond the VPC.
type reach struct {
	table        *string // ARN
	tableActions []string
	repository   *string // ARN
	logs         *string // ARN
	task         awsiam.IRole
	execution    awsiam.IRole // pulls the image and writes the log
}

// addEndpoints gives the tasks what they need instead of a NAT gateway: their
// image from ECR (whose layers are in S3), their log, and their table. Without a
// policy an endpoint serves everything to everyone, other accounts' credentials
// and buckets included: the way out for one who takes over a task.
func (n *network) addEndpoints(r reach) {
	// A gateway endpoint wants the principal as a condition:
	// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
	table := allowing(r.table, r.tableActions...)
	table.AddAnyPrincipal()
	table.AddCondition(jsii.String("ArnEquals"), map[string]any{"aws:PrincipalArn": r.task.RoleArn()})
	n.addGatewayEndpoint("DynamoDb", awsec2.GatewayVpcEndpointAwsService_DYNAMODB(), table)

	// ECR signs the URLs of layers itself, so whoever has one is not known:
	// https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
	layers := allowing(jsii.Sprintf("arn:%s:s3:::prod-%s-starport-layer-bucket/*", *n.stack.Partition(), *n.stack.Region()), "s3:GetObject")
	layers.AddAnyPrincipal()
	n.addGatewayEndpoint("S3", awsec2.GatewayVpcEndpointAwsService_S3(), layers)

	group := newSecurityGroup(n.stack, n.vpc, "EndpointsSecurityGroup", "Interface endpoints")
	group.AddIngressRule(n.tasks, httpsPort(), jsii.String("Tasks"), nil)
	pull := []awsiam.PolicyStatement{
		allowing(jsii.String("*"), "ecr:GetAuthorizationToken"),
		allowing(r.repository, "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
	}
	write := allowing(r.logs, "logs:CreateLogStream", "logs:PutLogEvents")
	for _, statement := range append(pull, write) {
		statement.AddArnPrincipal(r.execution.RoleArn())
	}
	n.addInterfaceEndpoint("EcrApi", awsec2.InterfaceVpcEndpointAwsService_ECR(), group, pull...)
	n.addInterfaceEndpoint("EcrDocker", awsec2.InterfaceVpcEndpointAwsService_ECR_DOCKER(), group, pull...)
	n.addInterfaceEndpoint("Logs", awsec2.InterfaceVpcEndpointAwsService_CLOUDWATCH_LOGS(), group, write)
}

func (n *network) addGatewayEndpoint(id string, service awsec2.IGatewayVpcEndpointService, statement awsiam.PolicyStatement) {
	endpoint := n.vpc.AddGatewayEndpoint(jsii.String(id), &awsec2.GatewayVpcEndpointOptions{Service: service})
	endpoint.AddToPolicy(statement)
}

func (n *network) addInterfaceEndpoint(id string, service awsec2.IInterfaceVpcEndpointService, group awsec2.ISecurityGroup, statements ...awsiam.PolicyStatement) {
	endpoint := n.vpc.AddInterfaceEndpoint(jsii.String(id), &awsec2.InterfaceVpcEndpointOptions{
		Service:        service,
		Open:           jsii.Bool(false),
		SecurityGroups: &[]awsec2.ISecurityGroup{group},
		Subnets:        isolatedSubnets(),
	})
	for _, statement := range statements {
		endpoint.AddToPolicy(statement)
	}
}

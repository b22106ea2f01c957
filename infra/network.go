package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
)

// network is a VPC without a way to the internet, and the security groups of
// what stands in it.
type network struct {
	vpc      awsec2.Vpc
	link     awsec2.SecurityGroup
	balancer awsec2.SecurityGroup
	tasks    awsec2.SecurityGroup
}

// newNetwork creates a VPC of two zones with the endpoints that a Fargate task
// needs instead of a NAT gateway: its image from ECR (whose layers are in S3),
// its log, and its table.
func newNetwork(stack awscdk.Stack) *network {
	vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{
		MaxAzs:      jsii.Number(2),
		NatGateways: jsii.Number(0),
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{{
			Name:       jsii.String("Isolated"),
			SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED,
			CidrMask:   jsii.Number(24),
		}},
		GatewayEndpoints: &map[string]*awsec2.GatewayVpcEndpointOptions{
			"DynamoDb": {Service: awsec2.GatewayVpcEndpointAwsService_DYNAMODB()},
			"S3":       {Service: awsec2.GatewayVpcEndpointAwsService_S3()},
		},
	})
	n := &network{
		vpc:      vpc,
		link:     newSecurityGroup(stack, vpc, "LinkSecurityGroup", "VPC link of the API"),
		balancer: newSecurityGroup(stack, vpc, "LoadBalancerSecurityGroup", "Load balancer of the products service"),
		tasks:    newSecurityGroup(stack, vpc, "TasksSecurityGroup", "Tasks of the products service"),
	}
	https := awsec2.Port_Tcp(jsii.Number(443))
	// The gateway endpoints have public addresses; no others are routed.
	n.tasks.AddEgressRule(awsec2.Peer_AnyIpv4(), https, jsii.String("VPC endpoints"), nil)

	endpoints := newSecurityGroup(stack, vpc, "EndpointsSecurityGroup", "Interface endpoints")
	endpoints.AddIngressRule(n.tasks, https, jsii.String("Tasks"), nil)
	addInterfaceEndpoint(vpc, "EcrApi", awsec2.InterfaceVpcEndpointAwsService_ECR(), endpoints)
	addInterfaceEndpoint(vpc, "EcrDocker", awsec2.InterfaceVpcEndpointAwsService_ECR_DOCKER(), endpoints)
	addInterfaceEndpoint(vpc, "Logs", awsec2.InterfaceVpcEndpointAwsService_CLOUDWATCH_LOGS(), endpoints)
	return n
}

func addInterfaceEndpoint(vpc awsec2.Vpc, id string, service awsec2.IInterfaceVpcEndpointService, group awsec2.ISecurityGroup) {
	vpc.AddInterfaceEndpoint(jsii.String(id), &awsec2.InterfaceVpcEndpointOptions{
		Service:        service,
		Open:           jsii.Bool(false),
		SecurityGroups: &[]awsec2.ISecurityGroup{group},
		Subnets:        isolatedSubnets(),
	})
}

// newSecurityGroup creates a group that lets nothing in or out by itself.
func newSecurityGroup(stack awscdk.Stack, vpc awsec2.IVpc, id, description string) awsec2.SecurityGroup {
	return awsec2.NewSecurityGroup(stack, jsii.String(id), &awsec2.SecurityGroupProps{
		Vpc:              vpc,
		Description:      jsii.String(description),
		AllowAllOutbound: jsii.Bool(false),
	})
}

func isolatedSubnets() *awsec2.SubnetSelection {
	return &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED}
}

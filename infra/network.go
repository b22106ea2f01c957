package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/jsii-runtime-go"
)

// network is a VPC without a way to the internet, and the security groups of
// what stands in it.
type network struct {
	stack    awscdk.Stack
	vpc      awsec2.Vpc
	link     awsec2.SecurityGroup
	balancer awsec2.SecurityGroup
	tasks    awsec2.SecurityGroup
}

// newNetwork creates a VPC of two zones with nothing in it.
func newNetwork(stack awscdk.Stack) *network {
	vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{
		MaxAzs:      jsii.Number(2),
		NatGateways: jsii.Number(0),
		SubnetConfiguration: &[]*awsec2.SubnetConfiguration{{
			Name:       jsii.String("Isolated"),
			SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED,
			CidrMask:   jsii.Number(24),
		}},
	})
	n := &network{
		stack:    stack,
		vpc:      vpc,
		link:     newSecurityGroup(stack, vpc, "LinkSecurityGroup", "VPC link of the API"),
		balancer: newSecurityGroup(stack, vpc, "LoadBalancerSecurityGroup", "Load balancer of the products service"),
		tasks:    newSecurityGroup(stack, vpc, "TasksSecurityGroup", "Tasks of the products service"),
	}
	// The gateway endpoints have public addresses; no others are routed.
	n.tasks.AddEgressRule(awsec2.Peer_AnyIpv4(), httpsPort(), jsii.String("VPC endpoints"), nil)
	return n
}

func httpsPort() awsec2.Port { return awsec2.Port_Tcp(jsii.Number(443)) }

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

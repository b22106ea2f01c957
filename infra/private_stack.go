package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecrassets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsec2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/monitoring"
)

const (
	productsContainer = "products"
	productsPort      = 8080
)

// newPrivateStack creates a service that nothing outside its VPC can reach but
// the API, through a VPC link: link → load balancer → tasks, each hop open to
// the one before it and to nothing else.
func newPrivateStack(scope constructs.Construct, k kit) *products {
	stack := newStack(scope, "IntegrationsPrivate", "A products service on Fargate behind an internal load balancer and a VPC link")
	network := newNetwork(stack)
	table := newTable(stack, "Products", k.cfg, awsdynamodb.TableProps{PartitionKey: key("id")})
	logs := newLogGroup(stack, "ProductsLogs", k.cfg)
	service := newProductsService(stack, network, newProductsTask(stack, k, network, table, logs))
	balancer, targets := newLoadBalancer(stack, network, service)
	link := newVpcLink(stack, network, balancer)

	output(stack, "ProductsTableName", table.TableName())
	output(stack, "LoadBalancerArn", balancer.LoadBalancerArn())
	return &products{
		linkID:          link.VpcLinkId(),
		loadBalancerArn: balancer.LoadBalancerArn(),
		url:             jsii.Sprintf("http://%s", *balancer.LoadBalancerDnsName()),
		watched:         monitoring.Backend{Balancer: balancer, Targets: targets, Table: table, Logs: logs},
	}
}

// newProductsTask says what a task is, and lets it reach what it needs.
func newProductsTask(stack awscdk.Stack, k kit, network *network, table awsdynamodb.Table, logs awslogs.ILogGroup) awsecs.FargateTaskDefinition {
	image := awsecrassets.NewDockerImageAsset(stack, jsii.String("ProductsImage"), &awsecrassets.DockerImageAssetProps{
		Directory: jsii.String(k.programs.imageFolder(productsSource)),
		Platform:  k.cfg.Arch.platform(),
	})
	task := awsecs.NewFargateTaskDefinition(stack, jsii.String("ProductsTask"), &awsecs.FargateTaskDefinitionProps{
		Cpu:            jsii.Number(256),
		ExecutionRole:  newTasksRole(stack, "ProductsExecutionRole"),
		MemoryLimitMiB: jsii.Number(512),
		RuntimePlatform: &awsecs.RuntimePlatform{
			CpuArchitecture:       k.cfg.Arch.ecs(),
			OperatingSystemFamily: awsecs.OperatingSystemFamily_LINUX(),
		},
		TaskRole: newTasksRole(stack, "ProductsTaskRole"),
	})
	task.AddContainer(jsii.String(productsContainer), &awsecs.ContainerDefinitionOptions{
		ContainerName: jsii.String(productsContainer),
		Image:         awsecs.ContainerImage_FromDockerImageAsset(image),
		Environment: &map[string]*string{
			"PORT":           jsii.Sprintf("%d", productsPort),
			"PRODUCTS_TABLE": table.TableName(),
			"STAGE":          jsii.String("prod"),
		},
		Logging: awsecs.LogDriver_AwsLogs(&awsecs.AwsLogDriverProps{
			LogGroup:     logs,
			StreamPrefix: jsii.String(productsContainer),
		}),
		PortMappings:           &[]*awsecs.PortMapping{{ContainerPort: jsii.Number(productsPort)}},
		ReadonlyRootFilesystem: jsii.Bool(true),
	})
	// Which source the image is made from: the image itself is known by hash only.
	task.Node().DefaultChild().(awsecs.CfnTaskDefinition).
		AddMetadata(jsii.String(sourceMetadata), map[string]string{productsContainer: productsSource})
	tableActions := []string{"dynamodb:Scan", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"}
	allow(task.TaskRole(), table, tableActions...)
	network.addEndpoints(reach{
		table:        table.TableArn(),
		tableActions: tableActions,
		repository:   image.Repository().RepositoryArn(),
		logs:         logs.LogGroupArn(),
		task:         task.TaskRole(),
		execution:    task.ExecutionRole(),
	})
	return task
}

func newTasksRole(stack awscdk.Stack, id string) awsiam.Role {
	return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: onBehalfOf(stack, "ecs-tasks.amazonaws.com")})
}

func newProductsService(stack awscdk.Stack, network *network, task awsecs.FargateTaskDefinition) awsecs.FargateService {
	cluster := awsecs.NewCluster(stack, jsii.String("Cluster"), &awsecs.ClusterProps{
		Vpc:                 network.vpc,
		ContainerInsightsV2: awsecs.ContainerInsights_ENABLED,
	})
	return awsecs.NewFargateService(stack, jsii.String("ProductsService"), &awsecs.FargateServiceProps{
		Cluster:           cluster,
		TaskDefinition:    task,
		DesiredCount:      jsii.Number(2),
		AssignPublicIp:    jsii.Bool(false),
		CircuitBreaker:    &awsecs.DeploymentCircuitBreaker{Rollback: jsii.Bool(true)},
		MinHealthyPercent: jsii.Number(100),
		MaxHealthyPercent: jsii.Number(200),
		SecurityGroups:    &[]awsec2.ISecurityGroup{network.tasks},
		VpcSubnets:        isolatedSubnets(),
	})
}

func newLoadBalancer(stack awscdk.Stack, network *network, service awsecs.FargateService) (awselasticloadbalancingv2.ApplicationLoadBalancer, awselasticloadbalancingv2.ApplicationTargetGroup) {
	balancer := awselasticloadbalancingv2.NewApplicationLoadBalancer(stack, jsii.String("LoadBalancer"), &awselasticloadbalancingv2.ApplicationLoadBalancerProps{
		Vpc:                     network.vpc,
		VpcSubnets:              isolatedSubnets(),
		InternetFacing:          jsii.Bool(false),
		SecurityGroup:           network.balancer,
		DropInvalidHeaderFields: jsii.Bool(true),
	})
	// HTTP: a certificate wants a domain, and the way from the link to here
	// stays inside the VPC.
	listener := balancer.AddListener(jsii.String("Http"), &awselasticloadbalancingv2.BaseApplicationListenerProps{
		Port:     jsii.Number(80),
		Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTP,
		Open:     jsii.Bool(false),
	})
	targets := listener.AddTargets(jsii.String("Products"), &awselasticloadbalancingv2.AddApplicationTargetsProps{
		Port:     jsii.Number(productsPort),
		Protocol: awselasticloadbalancingv2.ApplicationProtocol_HTTP,
		Targets:  &[]awselasticloadbalancingv2.IApplicationLoadBalancerTarget{service},
		HealthCheck: &awselasticloadbalancingv2.HealthCheck{
			Path:                  jsii.String("/health"),
			Interval:              awscdk.Duration_Seconds(jsii.Number(10)),
			Timeout:               awscdk.Duration_Seconds(jsii.Number(5)),
			HealthyThresholdCount: jsii.Number(2),
		},
		DeregistrationDelay: awscdk.Duration_Seconds(jsii.Number(15)),
	})
	return balancer, targets
}

func newVpcLink(stack awscdk.Stack, network *network, balancer awselasticloadbalancingv2.ApplicationLoadBalancer) awsapigatewayv2.VpcLink {
	balancer.Connections().AllowFrom(network.link, awsec2.Port_Tcp(jsii.Number(80)), jsii.String("VPC link"))
	return awsapigatewayv2.NewVpcLink(stack, jsii.String("VpcLink"), &awsapigatewayv2.VpcLinkProps{
		Vpc:            network.vpc,
		Subnets:        isolatedSubnets(),
		SecurityGroups: &[]interfacesawsec2.ISecurityGroupRef{network.link},
	})
}

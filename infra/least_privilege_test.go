package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/infra/internal/templatetest"
)

// exception is something broader than named actions, resources and principals
// that stays, because AWS demands it.
type exception struct {
	actions []string
	scope   string // as statement.grants words it
	at      string // logical ID of the one policy that may have it; empty: any
	why     string
	source  string
}

const (
	vpcEndpoints = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
	ecrEndpoints = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"
	functionURLs = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
	executeAPI   = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}"
)

var exceptions = []exception{
	{
		actions: []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"},
		scope:   "on *",
		why:     "these actions know no resource",
		source:  "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html",
	},
	{
		actions: []string{"ecr:GetAuthorizationToken"},
		scope:   "on *",
		why:     "the token is for the registry, not for a repository",
		source:  "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html",
	},
	{
		actions: []string{
			"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
			"logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
		},
		scope:  "on *",
		at:     "OrderWorkflowRole",
		why:    "the log of a workflow is delivered by CloudWatch Logs, whose delivery actions know no resource",
		source: "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
	},
	{
		actions: []string{"states:DescribeExecution"},
		scope:   "on arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${OrderWorkflow.Name}:*",
		why:     "an execution gets its name when it starts; the machine is named",
		source:  "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html",
	},
	{
		actions: []string{"lambda:InvokeFunction"},
		scope:   "if aws:SourceArn is " + executeAPI + "/${ApiDeploymentStageprod}/GET/lambda-proxy/orders/*/*",
		why:     "the ARN of a route has a star for each path parameter",
		source:  "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
	},
	{
		actions: []string{"lambda:InvokeFunction"},
		scope:   "if aws:SourceArn is " + executeAPI + "/test-invoke-stage/GET/lambda-proxy/orders/*/*",
		why:     "the same, for test invocations",
		source:  "https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html",
	},
	{
		actions: []string{"lambda:InvokeFunctionUrl"},
		scope:   "by *",
		at:      "Weatherinvokefunctionurl",
		why:     "API Gateway's HTTP integrations sign nothing, so the stand-in's URL takes everyone",
		source:  functionURLs,
	},
	{
		actions: []string{"lambda:InvokeFunction"},
		scope:   "by *",
		at:      "Weatherinvokefunction",
		why:     "a URL needs this one too; it holds for calls by the URL only",
		source:  functionURLs,
	},
	{
		actions: []string{"sts:AssumeRole"},
		scope:   "by apigateway.amazonaws.com for anyone",
		why: "API Gateway doesn't say for whom it takes the role of an integration: with a condition each call is a 500. " +
			"It refuses roles of other accounts itself",
		source: "https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479",
	},
	{
		actions: []string{"dynamodb:Scan", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"},
		scope:   "by *",
		at:      "VpcDynamoDb",
		why:     "a gateway endpoint takes the principal, here the tasks' role, as a condition",
		source:  vpcEndpoints,
	},
	{
		actions: []string{"s3:GetObject"},
		scope:   "by *",
		at:      "VpcS3",
		why:     "ECR signs the URLs of image layers with its own principal",
		source:  ecrEndpoints,
	},
	{
		actions: []string{"s3:GetObject"},
		scope:   "on arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*",
		at:      "VpcS3",
		why:     "ECR's bucket for the layers of all images of the Region",
		source:  ecrEndpoints,
	},
}

func TestLeastPrivilege(t *testing.T) {
	used := map[string]bool{}
	for configuration := range configurations {
		for stack, template := range configured(t, configuration) {
			for id, statements := range template.statements() {
				for _, s := range statements {
					for _, grant := range s.grants() {
						name := exceptionFor(grant, id)
						if name == "" {
							t.Errorf("%s: %s of %s: %s", configuration, id, stack, grant)
						}
						used[name] = true
					}
				}
			}
		}
	}
	for _, e := range exceptions {
		if e.why == "" || e.source == "" {
			t.Errorf("the exception %v %s has no reason or no source", e.actions, e.scope)
		}
		for _, action := range e.actions {
			if !used[e.grant(action)] {
				t.Errorf("no policy has the exception %q at %q any more: remove it", action+" "+e.scope, e.at)
			}
		}
	}
}

func (e exception) grant(action string) string {
	return strings.TrimSpace(action + " " + e.scope + " " + e.at)
}

// exceptionFor names the exception that lets the policy id have a grant; "" if none does.
func exceptionFor(grant, id string) string {
	for _, e := range exceptions {
		for _, action := range e.actions {
			if grant == action+" "+e.scope && (e.at == "" || e.at == id) {
				return e.grant(action)
			}
		}
	}
	return ""
}

// Policies of AWS, which nobody here can read or hold still: role → policy.
var managedPolicies = map[string]string{
	// API Gateway looks for all its actions on all log groups when it takes the role:
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
	"LogRole": "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
}

func TestManagedPolicies(t *testing.T) {
	found := map[string]bool{}
	for configuration := range configurations {
		for stack, template := range configured(t, configuration) {
			for id, role := range template.resources("AWS::IAM::Role") {
				id := templatetest.PlainID(id)
				for _, policy := range texts(role["ManagedPolicyArns"]) {
					found[id] = true
					if managedPolicies[id] != policy {
						t.Errorf("%s: role %s of %s has the policy %s", configuration, id, stack, policy)
					}
				}
			}
		}
	}
	for id := range managedPolicies {
		if !found[id] {
			t.Errorf("role %s has no policy of AWS any more: remove it", id)
		}
	}
}

// A kind of policy that statements doesn't read would pass as sound.
func TestEveryPolicyIsRead(t *testing.T) {
	count := 0
	for configuration := range configurations {
		for stack, template := range configured(t, configuration) {
			read := template.statements()
			for id, resource := range template["Resources"].(map[string]any) {
				kind, _ := resource.(map[string]any)["Type"].(string)
				isPolicy := slices.ContainsFunc([]string{"Policy", "Permission", "::Role"}, func(end string) bool { return strings.HasSuffix(kind, end) })
				if !isPolicy {
					continue
				}
				count++
				if len(read[templatetest.PlainID(id)]) == 0 {
					t.Errorf("%s: no statement was read of %s of %s (%s)", configuration, id, stack, kind)
				}
			}
		}
	}
	if count < 200 {
		t.Errorf("%d policies seen in all configurations: the test looks in the wrong place", count)
	}
}

// A physical name stands in the way of a second deployment and of replacement.
func TestNoPhysicalNames(t *testing.T) {
	names := map[string]string{
		"AWS::ApiGateway::Model":                    "Name",
		"AWS::DynamoDB::Table":                      "TableName",
		"AWS::ECS::Cluster":                         "ClusterName",
		"AWS::ECS::Service":                         "ServiceName",
		"AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
		"AWS::IAM::Role":                            "RoleName",
		"AWS::Lambda::Function":                     "FunctionName",
		"AWS::Logs::LogGroup":                       "LogGroupName",
		"AWS::SNS::Topic":                           "TopicName",
		"AWS::SQS::Queue":                           "QueueName",
		"AWS::StepFunctions::StateMachine":          "StateMachineName",
	}
	for name, template := range standard(t) {
		for kind, property := range names {
			for id, properties := range template.resources(kind) {
				if value, ok := properties[property]; ok {
					t.Errorf("%s of %s has the name %v", id, name, value)
				}
			}
		}
	}
}

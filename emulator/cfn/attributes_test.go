package cfn

import (
	"regexp"
	"strings"
	"testing"
)

// stood has one resource of each type whose Ref and attributes other parts rely on.
const stood = `
Resources:
  Function: {Type: AWS::Lambda::Function}
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: weather}}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Named}}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !GetAtt Named.Arn, Name: live}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Named.Arn}}
  Table: {Type: AWS::DynamoDB::Table}
  Topic: {Type: AWS::SNS::Topic}
  FifoTopic: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: orders}}
  Role: {Type: AWS::IAM::Role, Properties: {Path: /team/, RoleName: caller}}
  ARoleWithAVeryLongLogicalIdThatDoesNotFitIntoSixtyFourLetters: {Type: AWS::IAM::Role}
  Bucket: {Type: AWS::S3::Bucket}
  Alb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: alb, Scheme: internal}}
  Nlb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: nlb, Type: network}}
  ALongLoadBalancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  Listener: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Alb, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]}}
  Rule: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref Listener}}
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Name: targets}}
  Cluster: {Type: AWS::ECS::Cluster, Properties: {ClusterName: main}}
  Service: {Type: AWS::ECS::Service, Properties: {Cluster: !GetAtt Cluster.Arn, ServiceName: products}}
  Task: {Type: AWS::ECS::TaskDefinition, Properties: {Family: products}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet}
  Group1: {Type: AWS::EC2::SecurityGroup}
  Rest: {Type: AWS::ApiGateway::RestApi}
  Resource: {Type: AWS::ApiGateway::Resource}
  Deployment: {Type: AWS::ApiGateway::Deployment}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {StageName: prod, RestApiId: !Ref Rest}}
  Link: {Type: AWS::ApiGatewayV2::VpcLink}
  LogGroup: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /x}}
  Key: {Type: AWS::KMS::Key}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: key}}
  Stored: {Type: AWS::SSM::Parameter, Properties: {Name: /a, Type: String, Value: v}}
  Other: {Type: Custom::Thing}
`

const account = ":us-east-1:000000000000:"

var standInTests = []struct{ logicalID, attribute, want string }{
	{"Function", "Ref", `Test-Function-[A-Z0-9]{12}`},
	{"Function", "Arn", `arn:aws:lambda` + account + `function:Test-Function-[A-Z0-9]{12}`},
	{"Named", "Ref", `weather`},
	{"Version", "Ref", `arn:aws:lambda` + account + `function:weather:1`},
	{"Version", "Version", `1`},
	{"Alias", "Ref", `arn:aws:lambda` + account + `function:weather:live`},
	{"Url", "Ref", `arn:aws:lambda` + account + `function:weather`},
	{"Url", "FunctionUrl", `https://[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws/`},
	{"Table", "Ref", `Test-Table-[A-Z0-9]{12}`},
	{"Table", "StreamArn", `arn:aws:dynamodb` + account + `table/Test-Table-[A-Z0-9]{12}/stream/2026-01-01T00:00:00\.000`},
	{"Topic", "Ref", `arn:aws:sns` + account + `Test-Topic-[A-Z0-9]{12}`},
	{"FifoTopic", "TopicName", `Test-FifoTopic-[A-Z0-9]{12}\.fifo`},
	{"Queue", "Ref", `https://sqs\.us-east-1\.amazonaws\.com/000000000000/dead`},
	{"Queue", "Arn", `arn:aws:sqs` + account + `dead`},
	{"Machine", "Ref", `arn:aws:states` + account + `stateMachine:orders`},
	{"Role", "Arn", `arn:aws:iam::000000000000:role/team/caller`},
	{"ARoleWithAVeryLongLogicalIdThatDoesNotFitIntoSixtyFourLetters", "Ref", `Test-ARoleWithAVeryLongLogicalIdThatDoesNotFitIntoS-[A-Z0-9]{12}`},
	{"Bucket", "Ref", `test-bucket-[a-z0-9]{12}`},
	{"Alb", "Ref", `arn:aws:elasticloadbalancing` + account + `loadbalancer/app/alb/[0-9a-f]{16}`},
	{"Alb", "DNSName", `internal-alb-[0-9]{10}\.us-east-1\.elb\.amazonaws\.com`},
	{"Alb", "LoadBalancerFullName", `app/alb/[0-9a-f]{16}`},
	{"Nlb", "Ref", `arn:aws:elasticloadbalancing` + account + `loadbalancer/net/nlb/[0-9a-f]{16}`},
	{"Nlb", "DNSName", `nlb-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com`},
	{"ALongLoadBalancer", "LoadBalancerName", `Test-ALongLoadBalan-[A-Z0-9]{12}`},
	{"Listener", "Ref", `arn:aws:elasticloadbalancing` + account + `listener/app/alb/[0-9a-f]{16}/[0-9a-f]{16}`},
	{"Rule", "Ref", `arn:aws:elasticloadbalancing` + account + `listener-rule/app/alb/[0-9a-f]{16}/[0-9a-f]{16}/[0-9a-f]{16}`},
	{"Group", "Ref", `arn:aws:elasticloadbalancing` + account + `targetgroup/targets/[0-9a-f]{16}`},
	{"Service", "Ref", `arn:aws:ecs` + account + `service/main/products`},
	{"Task", "Ref", `arn:aws:ecs` + account + `task-definition/products:1`},
	{"Vpc", "Ref", `vpc-[0-9a-f]{17}`},
	{"Vpc", "CidrBlock", `10\.0\.0\.0/16`},
	{"Subnet", "Ref", `subnet-[0-9a-f]{17}`},
	{"Group1", "GroupId", `sg-[0-9a-f]{17}`},
	{"Rest", "Ref", `[a-z0-9]{10}`},
	{"Rest", "RootResourceId", `[a-z0-9]{10}`},
	{"Resource", "Ref", `[a-z0-9]{6}`},
	{"Deployment", "Ref", `[a-z0-9]{6}`},
	{"Stage", "Ref", `prod`},
	{"Link", "VpcLinkId", `[a-z0-9]{6}`},
	{"LogGroup", "Arn", `arn:aws:logs` + account + `log-group:/x:\*`},
	{"Key", "Ref", `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}`},
	{"Secret", "Ref", `arn:aws:secretsmanager` + account + `secret:key-[a-z0-9]{6}`},
	{"Stored", "Value", `v`},
	{"Other", "Ref", `Test-Other-[A-Z0-9]{12}`},
	{"Other", "Arn", ``},
}

func TestStandIns(t *testing.T) {
	s := loadText(t, stood, Options{}).Stacks[0]
	for _, test := range standInTests {
		t.Run(test.logicalID+" "+test.attribute, func(t *testing.T) {
			r := s.Resource(test.logicalID)
			got := r.Attribute(test.attribute)
			if test.attribute == "Ref" {
				got = r.Ref()
			}
			if !regexp.MustCompile("^(?:" + test.want + ")$").MatchString(got) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if rest := s.Resource("Rest"); rest.Ref() == rest.Attribute("RootResourceId") {
		t.Error("an API and its root resource have the same ID")
	}
	if got := s.Resource("Group").Value("LoadBalancerArns"); got != nil {
		t.Errorf("an attribute became a property: %v", got)
	}
}

func TestNamesFitTheirType(t *testing.T) {
	long := strings.Repeat("Long", 40)
	for name, kind := range types {
		if kind.limit == 0 {
			continue
		}
		r := &Resource{Stack: &Stack{Name: long}, LogicalID: long, Type: name}
		if got := r.physicalName(kind).(string); len(got) > kind.limit {
			t.Errorf("%s: %s has %d letters, more than %d", name, got, len(got), kind.limit)
		}
	}
}

func TestStandInsAreStable(t *testing.T) {
	first, second := loadText(t, stood, Options{}), loadText(t, stood, Options{})
	elsewhere := loadText(t, stood, Options{AccountID: "111122223333"})
	for i, r := range first.Resources() {
		if got := second.Resources()[i].Ref(); got != r.Ref() {
			t.Errorf("%s is %s, then %s", r.LogicalID, r.Ref(), got)
		}
	}
	if first.ByRef("prod") == nil || first.Stacks[0].Resource("Vpc").Ref() == elsewhere.Stacks[0].Resource("Vpc").Ref() {
		t.Error("another account has the same IDs")
	}
}

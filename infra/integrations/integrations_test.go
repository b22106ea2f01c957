package integrations

import (
	"flag"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
)

// This package has no goldens; it takes the flag so that one command,
// go test ./infra/... -update, reaches the package that has.
var _ = flag.Bool("update", false, "ignored")

func TestMain(m *testing.M) {
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// testMappings has every mapping file of the project, with its own path as text.
var testMappings = sync.OnceValue(func() Mappings {
	mappings, err := ReadMappings(os.DirFS("../.."))
	if err != nil {
		panic(err)
	}
	for name := range mappings {
		mappings[name] = name
	}
	return mappings
})

// newTestAPI returns a stack with an API, to which build adds constructs.
func newTestAPI(build func(stack awscdk.Stack, root awsapigateway.IResource)) awscdk.Stack {
	app := awscdk.NewApp(&awscdk.AppProps{TreeMetadata: jsii.Bool(false)})
	stack := awscdk.NewStack(app, jsii.String("Test"), nil)
	api := awsapigateway.NewRestApi(stack, jsii.String("Api"), &awsapigateway.RestApiProps{CloudWatchRole: jsii.Bool(false)})
	build(stack, api.Root())
	return stack
}

// everything is one API with every construct, synthesized once, as that takes a second.
var everything = sync.OnceValue(func() template {
	return synthesize(newTestAPI(func(stack awscdk.Stack, root awsapigateway.IResource) {
		mappings := testMappings()
		function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
			Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => {}")),
			Handler: jsii.String("index.handler"),
			Runtime: awslambda.Runtime_NODEJS_22_X(),
		})
		table := awsdynamodb.NewTable(stack, jsii.String("Orders"), &awsdynamodb.TableProps{
			PartitionKey: &awsdynamodb.Attribute{Name: jsii.String("id"), Type: awsdynamodb.AttributeType_STRING},
		})
		machine := awsstepfunctions.NewStateMachine(stack, jsii.String("Machine"), &awsstepfunctions.StateMachineProps{
			DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(awsstepfunctions.NewPass(stack, jsii.String("Pass"), nil)),
		})
		topic := awssns.NewTopic(stack, jsii.String("Topic"), nil)
		weather := jsii.String("https://weather.example/v1/")

		NewLambdaProxy(stack, "LambdaProxy", &LambdaProxyProps{Parent: root, Handler: function})
		NewLambda(stack, "Lambda", &LambdaProps{Parent: root, Handler: function, Mappings: mappings})
		NewHTTPProxy(stack, "HttpProxy", &HTTPProxyProps{Parent: root, BaseURL: weather})
		NewHTTP(stack, "Http", &HTTPProps{Parent: root, BaseURL: weather, KeyVariable: "weatherKey", Mappings: mappings})
		NewMock(stack, "Mock", &MockProps{Parent: root, Mappings: mappings})
		NewDynamoDB(stack, "DynamoDb", &DynamoDBProps{Parent: root, Table: table, Index: "byTime", Mappings: mappings})
		NewSNS(stack, "Sns", &SNSProps{Parent: root, Topic: topic, Mappings: mappings})
		NewStepFunctions(stack, "StepFunctions", &StepFunctionsProps{Parent: root, StateMachine: machine, Mappings: mappings})
		NewVpcLink(stack, "VpcLink", testVpcLink(root, "arn:aws:elasticloadbalancing:…:loadbalancer/app/one"))
	}))
})

func testVpcLink(root awsapigateway.IResource, target string) *VpcLinkProps {
	return &VpcLinkProps{
		Parent:          root,
		LinkID:          jsii.String("link"),
		LoadBalancerArn: jsii.String(target),
		URL:             jsii.String("http://internal.example"),
	}
}

func synthesize(stack awscdk.Stack) template {
	return template{*assertions.Template_FromStack(stack, nil).ToJSON()}
}

// checkMethod compares a method of everything with its description.
func checkMethod(t *testing.T, httpMethod, path, want string) {
	t.Helper()
	got := everything().describeMethod(t, httpMethod, path)
	if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
		t.Errorf("%s %s (-want +got):\n%s", httpMethod, path, diff)
	}
}

// checkRole compares what a role of everything may do.
func checkRole(t *testing.T, id, want string) {
	t.Helper()
	if got := everything().describeRole(t, id); got != want {
		t.Errorf("role %s: %s, want %s", id, got, want)
	}
}

// lines splits an indented text, so that a difference is shown by line.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

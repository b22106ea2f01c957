package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"
)

func TestStacks(t *testing.T) {
	tests := []struct {
		configuration string
		want          string
		vpcLink       string // connection ID of the route's method; empty without the route
	}{
		{"standard", "IntegrationsAccount IntegrationsApi IntegrationsPrivate IntegrationsWeather", "import"},
		{"no private service", "IntegrationsAccount IntegrationsApi IntegrationsWeather", ""},
		{"products elsewhere", "IntegrationsAccount IntegrationsApi IntegrationsWeather", "local"},
		{"nothing private", "IntegrationsAccount IntegrationsApi IntegrationsWeather", "local"},
		{"real weather service", "IntegrationsAccount IntegrationsApi IntegrationsPrivate", "import"},
		{"role exists", "IntegrationsApi IntegrationsPrivate IntegrationsWeather", "import"},
		{"no logs", "IntegrationsApi IntegrationsPrivate IntegrationsWeather", "import"},
	}
	for _, test := range tests {
		t.Run(test.configuration, func(t *testing.T) {
			stacks := configured(t, test.configuration)
			if got := strings.Join(slices.Sorted(maps.Keys(stacks)), " "); got != test.want {
				t.Errorf("stacks %s, want %s", got, test.want)
			}
			if got := vpcLinkConnection(stacks["IntegrationsApi"]); got != test.vpcLink {
				t.Errorf("VPC link %q, want %q", got, test.vpcLink)
			}
		})
	}
}

// vpcLinkConnection returns the connection of the route, "import" for one of another stack.
func vpcLinkConnection(api template) string {
	for _, method := range api.resources("AWS::ApiGateway::Method") {
		switch id := method["Integration"].(map[string]any)["ConnectionId"].(type) {
		case string:
			return id
		case map[string]any:
			return "import"
		}
	}
	return ""
}

func TestAuth(t *testing.T) {
	tests := []struct {
		auth     string
		want     string
		warnings int
	}{
		{"none", "NONE", 1},
		{"iam", "AWS_IAM", 0},
	}
	for _, test := range tests {
		t.Run(test.auth, func(t *testing.T) {
			stack := newTestStacks(t, map[string]any{"auth": test.auth})["IntegrationsApi"]
			for id, method := range synthesize(t, stack).resources("AWS::ApiGateway::Method") {
				want := test.want
				if method["HttpMethod"] == "OPTIONS" {
					want = "NONE"
				}
				if got := method["AuthorizationType"]; got != want {
					t.Errorf("%s (%s) has authorization %v, want %s", id, method["HttpMethod"], got, want)
				}
			}
			if got := warnings(stack); got != test.warnings {
				t.Errorf("%d warnings, want %d", got, test.warnings)
			}
		})
	}
}

func warnings(stack awscdk.Stack) int {
	return len(*assertions.Annotations_FromStack(stack).FindWarning(jsii.String("*"), assertions.Match_AnyValue()))
}

func TestStandardContextHasNoErrors(t *testing.T) {
	for name, stack := range newTestStacks(t, nil) {
		found := assertions.Annotations_FromStack(stack).FindError(jsii.String("*"), assertions.Match_AnyValue())
		if len(*found) > 0 {
			t.Errorf("%s has %d errors; npx cdk synth shows them", name, len(*found))
		}
	}
}

// A deployed stack that the context leaves out goes on costing; the synthesis says so.
func TestLeftOutStacksAreNamed(t *testing.T) {
	stack := newTestStacks(t, map[string]any{"privateService": false, "weatherUrl": "https://w.example/"})["IntegrationsApi"]
	for _, name := range []string{"IntegrationsPrivate", "IntegrationsWeather"} {
		found := assertions.Annotations_FromStack(stack).
			FindInfo(jsii.String("/IntegrationsApi"), assertions.Match_StringLikeRegexp(jsii.String("cdk destroy "+name)))
		if len(*found) != 1 {
			t.Errorf("%d notes name %s, want one", len(*found), name)
		}
	}
}

func TestLoggingAndTracing(t *testing.T) {
	tests := []struct {
		logging    string
		accessLog  bool
		level      string
		machineLog any
	}{
		{"none", false, "OFF", nil},
		{"access", true, "OFF", "ERROR"},
		{"execution", true, "INFO", "ALL"},
	}
	for _, test := range tests {
		t.Run(test.logging, func(t *testing.T) {
			api := synthesize(t, newTestStacks(t, map[string]any{"logging": test.logging, "tracing": test.logging != "none"})["IntegrationsApi"])
			stage := api.only(t, "AWS::ApiGateway::Stage")
			if _, got := stage["AccessLogSetting"]; got != test.accessLog {
				t.Errorf("access log %t, want %t", got, test.accessLog)
			}
			settings := stage["MethodSettings"].([]any)[0].(map[string]any)
			if got := settings["LoggingLevel"]; got != test.level {
				t.Errorf("execution log %v, want %s", got, test.level)
			}
			if settings["DataTraceEnabled"] != false {
				t.Error("the execution log holds bodies")
			}
			logs, _ := api.only(t, "AWS::StepFunctions::StateMachine")["LoggingConfiguration"].(map[string]any)
			if got := logs["Level"]; got != test.machineLog {
				t.Errorf("workflow log %v, want %v", got, test.machineLog)
			}
			if got, want := stage["TracingEnabled"], test.logging != "none"; got != want {
				t.Errorf("tracing %v, want %t", got, want)
			}
		})
	}
}

func TestContextReachesTheStage(t *testing.T) {
	api := synthesize(t, newTestStacks(t, map[string]any{
		"throttleRate":  7,
		"throttleBurst": 9,
		"weatherApiKey": "k-1",
	})["IntegrationsApi"])
	stage := api.only(t, "AWS::ApiGateway::Stage")
	settings := stage["MethodSettings"].([]any)[0].(map[string]any)
	if settings["ThrottlingRateLimit"] != 7.0 || settings["ThrottlingBurstLimit"] != 9.0 || settings["ResourcePath"] != "/*" {
		t.Errorf("throttling %v, want rate 7 and burst 9 on all methods", settings)
	}
	if got := stage["Variables"].(map[string]any)["weatherApiKey"]; got != "k-1" {
		t.Errorf("stage variable weatherApiKey %v, want k-1", got)
	}
	if _, ok := standard(t)["IntegrationsApi"].only(t, "AWS::ApiGateway::Stage")["Variables"].(map[string]any)["weatherApiKey"]; ok {
		t.Error("a stage variable weatherApiKey without a key")
	}
}

func TestArch(t *testing.T) {
	stacks := newTestStacks(t, map[string]any{"arch": "amd64"})
	for id, function := range synthesize(t, stacks["IntegrationsApi"]).resources("AWS::Lambda::Function") {
		if got := fmt.Sprint(function["Architectures"]); got != "[x86_64]" {
			t.Errorf("%s runs on %s, want x86_64", id, got)
		}
	}
	task := synthesize(t, stacks["IntegrationsPrivate"]).only(t, "AWS::ECS::TaskDefinition")
	if got := task["RuntimePlatform"].(map[string]any)["CpuArchitecture"]; got != "X86_64" {
		t.Errorf("tasks run on %v, want X86_64", got)
	}
}

func TestRemovalPolicies(t *testing.T) {
	for policy, want := range map[string]string{"retain": "Retain", "destroy": "Delete"} {
		t.Run(policy, func(t *testing.T) {
			for name, stack := range newTestStacks(t, map[string]any{"dataRemovalPolicy": policy}) {
				for id, resource := range synthesize(t, stack)["Resources"].(map[string]any) {
					resource := resource.(map[string]any)
					switch resource["Type"] {
					case "AWS::DynamoDB::Table":
						if got := resource["DeletionPolicy"]; got != want {
							t.Errorf("%s of %s: %v, want %s", id, name, got, want)
						}
					case "AWS::Logs::LogGroup":
						if got := resource["DeletionPolicy"]; got != "Delete" {
							t.Errorf("%s of %s: %v, want Delete", id, name, got)
						}
						if got := resource["Properties"].(map[string]any)["RetentionInDays"]; got != 30.0 {
							t.Errorf("%s of %s keeps lines for %v days, want 30", id, name, got)
						}
					}
				}
			}
		})
	}
}

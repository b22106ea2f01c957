package gateway

import (
	"context"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

func TestCanary(t *testing.T) {
	const respond = `
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, ResponseTemplates: {application/json:
        '$stageVariables.table $stageVariables.beta $context.isCanaryRequest'}}]}`
	tests := []struct {
		name, more string // resources, behind a method of the stage prod
		want       string // "" when it differs from request to request
	}{
		{"no canary", "", "orders  "},
		{"none of the traffic", canaryOf("0"), "orders  false"},
		{"all of the traffic", canaryOf("100"), "canary 1 true"},
		{"some of the traffic", canaryOf("50"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			apis, problems := buildTemplate(t, method(respond)+test.more)
			if len(problems.Of(cfn.Unserved)) > 0 || len(apis) != 1 {
				t.Fatal(problems)
			}
			g, bodies := New(Options{API: apis[0], NoThrottle: true}), map[string]int{}
			const requests = 1000
			for range requests {
				bodies[string(g.Handle(context.Background(), &Request{Method: "GET", Path: "/prod/orders/1"}).Body)]++
			}
			if test.want != "" && bodies[test.want] != requests {
				t.Errorf("got %v, want %q", bodies, test.want)
			}
			if n := bodies["canary 1 true"]; test.want == "" && (n < 400 || n > 600) {
				t.Errorf("got %v", bodies)
			}
		})
	}
}

// canaryOf is a deployment that is the canary of the stage prod.
func canaryOf(percent string) string {
	return `
  Next:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      DeploymentCanarySettings: {PercentTraffic: ` + percent + `, StageVariableOverrides: {table: canary, beta: 1}}
`
}

// TestCanarySettings reads a canary from where else a template may have it.
func TestCanarySettings(t *testing.T) {
	for name, template := range map[string]string{
		"stage": `
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: d1
      StageName: s
      CanarySetting: {DeploymentId: d2, PercentTraffic: "12.5", StageVariableOverrides: {a: b}}`,
		"stage description": `
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageName: s
      StageDescription: {CanarySetting: {PercentTraffic: 12.5, StageVariableOverrides: {a: b}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			apis, problems := buildTemplate(t, "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}"+template)
			if len(problems.Of(cfn.Unserved)) > 0 {
				t.Fatal(problems)
			}
			api, canary := apis[0], apis[0].Stage.Canary
			if canary == nil || canary.PercentTraffic != 12.5 || canary.Variables["a"] != "b" || api.Stage.Variables["a"] != "" {
				t.Errorf("canary %+v", canary)
			}
			x := newTestExchange(&Request{}, nil)
			x.API, x.IsCanary = api, true
			if got := x.ContextVariables().DeploymentID; got != canary.DeploymentID {
				t.Errorf("deployment %s, want %s", got, canary.DeploymentID)
			}
		})
	}
}

// TestCanaryHasRoutesOfItsOwn: of a recording, both deployments are known.
func TestCanaryHasRoutesOfItsOwn(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"})
	api.Stage.Canary = &Canary{PercentTraffic: 100, Resources: newTestAPI([2]string{"GET", "/b"}).Resources}
	g := New(Options{API: api})
	for path, want := range map[string]int{"/test/a": 403, "/test/b": 200} {
		if got := g.Handle(context.Background(), &Request{Method: "GET", Path: path}); got.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, want)
		}
	}
}

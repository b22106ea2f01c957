package emulator

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutputsOfStages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Stack.yaml")
	if err := os.WriteFile(path, []byte(`
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
  One: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: one}}
  Two: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: two}}
Outputs:
  One: {Value: !Sub "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/one/a"}
  Two: {Value: !Sub "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/two"}
  Api: {Value: !Sub "https://${Api}.execute-api.${AWS::Region}.amazonaws.com"}
  Other: {Value: "https://other.execute-api.us-east-1.amazonaws.com/one"}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Start(t.Context(), Options{App: path})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	got := e.Outputs()["Stack"]
	for name, want := range map[string]string{
		"One":   e.BaseURLOf(0) + "/a",
		"Two":   e.BaseURLOf(1),
		"Api":   strings.TrimSuffix(e.BaseURLOf(0), "one"),
		"Other": "https://other.execute-api.us-east-1.amazonaws.com/one",
	} {
		if got[name] != want {
			t.Errorf("output %s: %s, want %s", name, got[name], want)
		}
	}
}

func TestLoadOfNothing(t *testing.T) {
	for _, c := range []struct{ name, template, want string }{
		{"no resources", "Resources: {}", "no AWS::ApiGateway::RestApi that can be served"},
		{"no REST API", "Resources: {A: {Type: AWS::ApiGatewayV2::Api}}", "HTTP and WebSocket APIs are not served, only REST APIs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "Stack.yaml")
			if err := os.WriteFile(path, []byte(c.template), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(Options{App: path}); err == nil || !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("error %q, want the end %q", err, c.want)
			}
		})
	}
}

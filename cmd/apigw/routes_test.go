package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func TestRoutesOfFaultyMethods(t *testing.T) {
	tests := []struct {
		name          string
		authorization string
		uri           string
		unservable    error
		want          string
	}{
		{"service action", "NONE", "arn:aws:apigateway:us-east-1:sqs:path/1/q", nil, "AWS (sqs:path/1/q)"},
		{"no URI", "NONE", "", errors.New("no URI"), "AWS          can't be served: no URI"},
		{"no ARN", "NONE", "foo:bar", errors.New("no ARN"), "AWS          can't be served: no ARN"},
		{"several faults", "NONE", "foo", errors.New("one\ntwo"), "AWS          can't be served: one"},
		{"nobody can be checked", "COGNITO_USER_POOLS", "arn:aws:apigateway:us-east-1:sqs:path/1/q", nil, "/a  # every request is refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resource := &gateway.Resource{Path: "/a"}
			resource.Methods = map[string]*gateway.Method{"GET": {
				HTTPMethod: "GET", Resource: resource, AuthorizationType: test.authorization, Unservable: test.unservable,
				Integration: &gateway.Integration{Type: "AWS", Kind: gateway.KindAWSService, URI: test.uri},
			}}
			var out strings.Builder
			printRoutes(&out, &gateway.API{Resources: []*gateway.Resource{resource}}, "http://127.0.0.1")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != 2 || !strings.Contains(lines[1], test.want) {
				t.Errorf("got %q, want %q in one line", lines, test.want)
			}
		})
	}
}

// TestRoutesForPrograms: one object on standard output, whatever is wrong with
// the template.
func TestRoutesForPrograms(t *testing.T) {
	output, err := command(t, "routes", "--template", "testdata/backends.yaml", "--output", "json").Output()
	if err == nil {
		t.Error("it ends well, but a route is not served")
	}
	var report routesReport
	if err := json.Unmarshal(output, &report); err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, r := range report.APIs[0].Routes {
		states[r.Method+" "+r.Path] = r.State
	}
	want := map[string]string{"GET /": "unserved", "POST /": "noBackend", "PUT /": "noBackend"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(report.Problems) != 3 || !strings.HasPrefix(report.Problems[0].Place, "testdata/backends.yaml:") {
		t.Errorf("problems: %v", report.Problems)
	}
}

// TestRoutesAsOpenAPI: the document of one API, imported as a Body, has the same
// routes.
func TestRoutesAsOpenAPI(t *testing.T) {
	document, err := command(t, "routes", "--template", "testdata/mock.yaml", "--openapi").Output()
	if err != nil {
		t.Fatal(err)
	}
	template := filepath.Join(t.TempDir(), "again.json")
	text := `{"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": ` + string(document) + `}},
	  "Live": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "test"}}}}`
	if err := os.WriteFile(template, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, body := request(t, "GET", serve(t, "--template", template)+"/greeting?name=Ada", ""); body != `{"hello": "Ada"}` {
		t.Errorf("got %d %s", status, body)
	}
}

func TestRoutesOfSeveralAPIs(t *testing.T) {
	template := filepath.Join(t.TempDir(), "several.json")
	if err := os.WriteFile(template, []byte(`{"Resources": {
	  "A": {"Type": "AWS::ApiGateway::RestApi"}, "ADeployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "v1"}},
	  "B": {"Type": "AWS::ApiGateway::RestApi"}, "BDeployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "B"}, "StageName": "v1"}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"none named", nil, "there are several APIs: name one by --api: A, B"},
		{"another one", []string{"--api", "C"}, "--api C: there is no such API, only A, B"},
		{"one named", []string{"--api", "B"}, `"url": "http://127.0.0.1:8081/v1"`},
		{"no template and assembly", []string{"--app", "cdk.out"}, "--app and --template can't be used together"},
	} {
		t.Run(test.name, func(t *testing.T) {
			output, _ := command(t, append([]string{"routes", "--template", template, "--openapi"}, test.args...)...).CombinedOutput()
			if !strings.Contains(string(output), test.want) {
				t.Errorf("want %q:\n%s", test.want, output)
			}
		})
	}
}

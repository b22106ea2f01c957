package emulator

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// TestRoundTrip exports the APIs of the kit and of other people's templates, and
// loads each document as the Body of a template: the same API is served.
func TestRoundTrip(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
	roundTrip(t, Options{App: "../infra/testdata/IntegrationsApi.golden.json"})
	archives, err := filepath.Glob("testdata/templates/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, file := range archive.Files {
			if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		options := optionsOf(string(archive.Comment))
		options.App = filepath.Join(dir, archive.Files[0].Name)
		roundTrip(t, options)
	}
}

func roundTrip(t *testing.T, o Options) {
	e, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range e.APIs() {
		t.Run(strings.TrimSuffix(filepath.Base(o.App), filepath.Ext(o.App))+"/"+api.LogicalID+"/"+api.Stage.Name, func(t *testing.T) {
			document, _ := e.OpenAPI(api, "http://127.0.0.1:8080/"+api.Stage.Name)
			again, err := Load(Options{App: templateOf(t, api, document)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(api, again.APIs()[0], sameAPI); diff != "" {
				t.Errorf("another API is served (-first +second):\n%s", diff)
			}
			second, _ := again.OpenAPI(again.APIs()[0], "http://127.0.0.1:8080/"+api.Stage.Name)
			if diff := cmp.Diff(document, second); diff != "" {
				t.Errorf("another document is exported (-first +second):\n%s", diff)
			}
		})
	}
}

// templateOf writes a template with the document as Body; what a document has no
// place for stands beside it.
func templateOf(t *testing.T, api *gateway.API, document map[string]any) string {
	t.Helper()
	types := "REGIONAL"
	if api.Edge {
		types = "EDGE"
	} else if api.Private {
		types = "PRIVATE"
	}
	text, err := json.Marshal(map[string]any{"Resources": map[string]any{
		"Api": map[string]any{"Type": "AWS::ApiGateway::RestApi", "Properties": map[string]any{
			"Body": document, "Parameters": map[string]any{"endpointConfigurationTypes": types},
		}},
		"Deployment": map[string]any{"Type": "AWS::ApiGateway::Deployment", "Properties": map[string]any{"RestApiId": map[string]any{"Ref": "Api"}}},
		"Stage": map[string]any{"Type": "AWS::ApiGateway::Stage", "Properties": map[string]any{
			"RestApiId": map[string]any{"Ref": "Api"}, "DeploymentId": map[string]any{"Ref": "Deployment"},
			"StageName": api.Stage.Name, "Variables": api.Stage.Variables,
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "template.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// sameAPI compares what is served: not the IDs, not what stands behind it, and
// little of mapping templates and schemas, whose texts are in the documents. Of
// parameters those of the path are declared by the path already.
var sameAPI = cmp.Options{
	cmpopts.IgnoreFields(gateway.API{}, "ID", "LogicalID", "StackName", "DeploymentID", "APIKeys"),
	cmpopts.IgnoreFields(gateway.Stage{}, "MethodSettings", "Canary"),
	cmpopts.IgnoreFields(gateway.Resource{}, "ID"),
	cmpopts.IgnoreFields(gateway.Method{}, "API", "Resource", "StackName", "LogicalID", "Unservable", "NoBackend"),
	cmpopts.IgnoreFields(gateway.Integration{}, "Backend", "Role", "Metadata"),
	cmpopts.IgnoreFields(gateway.Authorizer{}, "ID"),
	cmpopts.IgnoreUnexported(gateway.Authorizer{}, gateway.Model{}),
	cmpopts.EquateEmpty(),
	cmpopts.SortSlices(func(a, b *gateway.Resource) bool { return a.Path < b.Path }),
	cmpopts.SortSlices(func(a, b *gateway.IntegrationResponse) bool { return a.StatusCode < b.StatusCode }),
	cmp.Comparer(func(a, b *gateway.SelectionPattern) bool {
		return a == b || a != nil && b != nil && a.String() == b.String()
	}),
	cmp.Comparer(func(a, b *gateway.MappingTemplate) bool { return len(a.References()) == len(b.References()) }),
	cmpopts.IgnoreMapEntries(func(name string, _ bool) bool { return strings.HasPrefix(name, "method.request.path.") }),
}

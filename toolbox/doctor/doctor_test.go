package doctor

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
)

var update = flag.Bool("update", false, "write the findings of testdata anew")

// Each rule has testdata/<ID>.txtar: templates that fail it, each followed by
// its findings, and templates that pass every rule. What is deployed comes
// before: as a template (before/), as what the account says of it (state/).
func TestRules(t *testing.T) {
	for _, rule := range Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			file := filepath.Join("testdata", rule.ID+".txtar")
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			failing, passing := 0, 0
			var deployed deployment
			for i, template := range archive.Files {
				kind, name, _ := strings.Cut(template.Name, "/")
				switch kind {
				case "before":
					deployed.before = template.Data
				case "state":
					deployed.state = template.Data
				case "fails":
					failing++
					want := &archive.Files[i+1]
					got := findings(examine(t, name, template.Data, deployed))
					deployed = deployment{}
					if *update {
						want.Data = []byte(got)
					}
					if diff := cmp.Diff(string(want.Data), got); diff != "" {
						t.Errorf("%s (-want +got):\n%s", template.Name, diff)
					}
					if !strings.Contains(got, " "+rule.ID+" ") {
						t.Errorf("%s: no finding of the rule:\n%s", template.Name, got)
					}
				case "passes":
					passing++
					if got := findings(examine(t, name, template.Data, deployed)); got != "" {
						t.Errorf("%s:\n%s", template.Name, got)
					}
					deployed = deployment{}
				case "findings":
				default:
					t.Errorf("%s: what is it?", template.Name)
				}
			}
			if failing == 0 || passing == 0 {
				t.Errorf("%d failing and %d passing templates", failing, passing)
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// Templates as others write them: what the doctor says of them is checked in.
func TestOtherPeoplesTemplates(t *testing.T) {
	templates, err := filepath.Glob("testdata/wild/*.[jy]*")
	if err != nil || len(templates) == 0 {
		t.Fatalf("%d templates: %v", len(templates), err)
	}
	for _, file := range templates {
		t.Run(filepath.Base(file), func(t *testing.T) {
			template, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, filepath.Ext(file))+".findings", findings(examine(t, filepath.Base(file), template, deployment{})))
		})
	}
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// The kit's own stacks, as the goldens of infra have them, pass every rule.
func TestKitHasNoFinding(t *testing.T) {
	goldens, err := filepath.Glob("../../infra/testdata/*.golden.json")
	if err != nil || len(goldens) == 0 {
		t.Fatalf("%d goldens: %v", len(goldens), err)
	}
	dir, artifacts := t.TempDir(), map[string]any{}
	for _, file := range goldens {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".golden.json")
		artifacts[name] = map[string]any{"type": "aws:cloudformation:stack", "properties": map[string]any{"templateFile": name + ".json"}}
		write(t, filepath.Join(dir, name+".json"), withMappings(t, text))
	}
	manifest, err := json.Marshal(map[string]any{"artifacts": artifacts})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "manifest.json"), manifest)
	a, err := cfn.Load(dir, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := NewSubject(a)
	if len(s.APIs) == 0 {
		t.Error("no API")
	}
	const notStarted = `not checked health-check-path IntegrationsPrivate/LoadBalancerHttpProductsGroup8131B046/HealthCheckPath`
	if got := findings(Examine(s)); !strings.HasPrefix(got, notStarted) || strings.Count(got, "\n") != 2 {
		t.Error(got)
	}
}

// mappingFile is what the goldens have in place of a mapping template's text.
var mappingFile = regexp.MustCompile(`"(application/[a-z]+)": "(mappings/[^"]+\.vtl)"`)

func withMappings(t *testing.T, template []byte) []byte {
	return mappingFile.ReplaceAllFunc(template, func(member []byte) []byte {
		match := mappingFile.FindSubmatch(member)
		text, err := os.ReadFile(filepath.Join("..", "..", string(match[2])))
		if err != nil {
			t.Fatal(err)
		}
		quoted, err := json.Marshal(string(text))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Appendf(nil, "%q: %s", match[1], quoted)
	})
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// What can't be judged is neither a fault nor a pass.
func TestNotChecked(t *testing.T) {
	const stage = `
  Deployment1: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment1, StageName: prod}}
`
	tests := []struct{ name, template, want string }{
		{"a parameter without a value", `
Parameters: {Function: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: GET, Uri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Function}/invocations"}` + stage,
			"not checked  t/Get/Integration.Uri (t.yaml:11)\n  the parameter Function has no value; give it: --parameter Function=VALUE\n"},
		{"a permission that can't be resolved", `
Resources:
  Function: {Type: AWS::Lambda::Function}
  Api: {Type: AWS::ApiGateway::RestApi}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"}
  Permission: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !ImportValue F, Action: "*", Principal: apigateway.amazonaws.com}}` + stage,
			"not checked lambda-permission t/Get/Integration.Uri (t.yaml:11)\n  the permission Permission can't be resolved: no stack exports F\n"},
		{"a stage variable whose value can't be resolved", `
Parameters: {Host: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://${stageVariables.host}"}}}
  Deployment1: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment1, StageName: prod, Variables: {host: !Ref Host}}}`,
			"not checked  t/Prod/Variables.host (t.yaml:7)\n  the parameter Host has no value; give it: --parameter Host=VALUE\n"},
		{"a stage whose name can't be resolved", `
Parameters: {Name: {Type: String}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: {Type: MOCK}}}
  Deployment1: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment1, StageName: !Ref Name}}`,
			"not checked  t/Prod/StageName (t.yaml:7)\n  the parameter Name has no value; give it: --parameter Name=VALUE\n"},
		{"a pattern that is none", `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      Integration: {Type: HTTP, IntegrationHttpMethod: GET, Uri: "https://example.com", IntegrationResponses: [{StatusCode: 200}, {StatusCode: 400, SelectionPattern: "(4"}]}
      MethodResponses: [{StatusCode: 200}, {StatusCode: 400}]` + stage,
			"not checked  t/Get/Integration.IntegrationResponses.1.SelectionPattern (t.yaml:11)\n" +
				"  selection pattern \"(4\": not a regular expression: \"(4\": a group is not closed\n"},
		{"an API without stage", "Resources: {Api: {Type: AWS::ApiGateway::RestApi}}",
			"not checked  t/Api (t.yaml:1)\n  the API has no stage, so nothing is deployed; add an AWS::ApiGateway::Stage\n"},
		{"a definition in S3", "Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}}",
			"not checked  t/Api (t.yaml:1)\n  the API has no stage, so nothing is deployed; add an AWS::ApiGateway::Stage\n" +
				"not checked  t/Api/BodyS3Location (t.yaml:1)\n  the document is not on this machine; name it by its path from the template, or put it into Body\n"},
		{"a macro", "Transform: Mine\nResources: {}",
			"not checked  t/Transform\n  the macro Mine runs in the account; serve the template that it makes: aws cloudformation get-template --template-stage Processed\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, findings(examine(t, "t.yaml", []byte(test.template), deployment{}))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// deployment is what of a template is deployed, nothing by default.
type deployment struct{ before, state []byte }

// state is what the account says of the resources of these logical IDs.
type state struct {
	Links  map[string]string        // state
	Groups map[string][]TargetState // of their targets
	Stages map[string][]string      // what is stale
}

// read gives what is known of what is deployed; nil for a template alone.
func (d deployment) read(t *testing.T, name string, next *cfn.Assembly) *Deployed {
	if d.before == nil && d.state == nil {
		return nil
	}
	deployed := &Deployed{}
	if d.before != nil {
		deployed.Before, deployed.Next = load(t, t.TempDir(), name, d.before), next
	}
	var of state
	if d.state != nil {
		if err := json.Unmarshal(d.state, &of); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range next.Resources() {
		if found, ok := of.Links[r.LogicalID]; ok {
			deployed.Links = append(deployed.Links, LinkState{Link: r, State: found})
		}
		if found, ok := of.Groups[r.LogicalID]; ok {
			deployed.Groups = append(deployed.Groups, GroupState{r, found})
		}
		if found, ok := of.Stages[r.LogicalID]; ok {
			deployed.Stages = append(deployed.Stages, StageState{r, r.String("StageName"), found})
		}
	}
	return deployed
}

func load(t *testing.T, dir, name string, template []byte) *cfn.Assembly {
	t.Helper()
	file := filepath.Join(dir, name)
	write(t, file, template)
	a, err := cfn.Load(file, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// examine runs every rule on one template, which may name mapping files.
func examine(t *testing.T, name string, template []byte, d deployment) *Report {
	t.Helper()
	dir := t.TempDir()
	a := load(t, dir, name, template)
	s := NewSubject(a)
	s.Health, s.Deployed = checkHealth(t, a), d.read(t, name, a)
	report := Examine(s)
	inDir := func(w *Where) { w.File = strings.TrimPrefix(w.File, dir+string(filepath.Separator)) }
	for i := range report.Findings {
		inDir(&report.Findings[i].Where)
	}
	for i := range report.NotChecked {
		inDir(&report.NotChecked[i].Where)
	}
	return report
}

// checkHealth gives each service a server that is well at / and nowhere else.
func checkHealth(t *testing.T, a *cfn.Assembly) []vpclink.Health {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	backends := map[string]*url.URL{}
	for _, r := range a.Resources(ecsServiceType) {
		backends[r.LogicalID] = u
	}
	n, _ := vpclink.New(vpclink.Options{Assembly: a, Backends: backends})
	defer n.Close(t.Context())
	return n.CheckHealth(t.Context())
}

// findings has a line for each finding, and one for each thing not checked.
func findings(r *Report) string {
	var out strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s %s %s\n  %s\n  %s\n", f.Severity, f.Rule, f.Where, f.What, f.Fix)
	}
	for _, n := range r.NotChecked {
		fmt.Fprintf(&out, "not checked %s %s\n  %s\n", n.Rule, n.Where, n.Reason)
	}
	return out.String()
}

package gateway

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// buildTemplate loads a template and builds its APIs, with a MOCK backend only
// unless others are given.
func buildTemplate(t *testing.T, template string, backends ...Backends) ([]*API, cfn.Problems) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Stack.yaml")
	if err := os.WriteFile(path, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	assembly, err := cfn.Load(path, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Build(assembly, append(backends, Backends{KindMock: answering(200, "")})[0])
}

const templateHead = `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop, BinaryMediaTypes: ["image~1png"], EndpointConfiguration: {Types: [REGIONAL]}}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: prod
      Variables: {table: orders}
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10}
        - {HttpMethod: GET, ResourcePath: "/~1orders~1{id}", ThrottlingRateLimit: 1}
  Order:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: "{id}"}
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
`

func TestBuild(t *testing.T) {
	apis, problems := buildTemplate(t, templateHead+`
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: true}
  OrderModel:
    Type: AWS::ApiGateway::Model
    Properties: {RestApiId: !Ref Api, ContentType: application/json, Schema: {type: object, required: [id]}}
  NotFound:
    Type: AWS::ApiGateway::GatewayResponse
    Properties: {RestApiId: !Ref Api, ResponseType: DEFAULT_4XX, ResponseParameters: {gatewayresponse.header.A: "'*'"}}
  Get:
    Type: AWS::ApiGateway::Method
    Metadata: {"apigw:mappings": {"Integration/RequestTemplates/application/json": mappings/mock/request.vtl}}
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: GET
      AuthorizationType: NONE
      RequestValidatorId: !Ref Validator
      RequestModels: {application/json: !Ref OrderModel}
      RequestParameters: {method.request.querystring.q: true, method.request.header.h: false}
      MethodResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.A: true}}]
      Integration:
        Type: MOCK
        TimeoutInMillis: 1500
        RequestTemplates: {application/json: '{"statusCode":200}'}
        IntegrationResponses:
          - {StatusCode: 200, SelectionPattern: ""}
          - {StatusCode: 404, SelectionPattern: "4..", ResponseTemplates: {"application/json; x": "{}"}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	api := apis[0]
	if len(apis) != 1 || api.Name != "shop" || api.Edge || api.Stage.Name != "prod" || api.Stage.Variables["table"] != "orders" ||
		api.BinaryMediaTypes[0] != "image/png" || api.DeploymentID == "" {
		t.Errorf("API %+v, stage %+v", api, api.Stage)
	}
	if s := api.Stage.MethodSettings["GET/orders/{id}"]; s.RateLimit != 1 || s.BurstLimit != -1 {
		t.Errorf("method settings %v", api.Stage.MethodSettings)
	}
	if s := api.Stage.MethodSettings["*/*"]; s.BurstLimit != 10 {
		t.Errorf("method settings %v", api.Stage.MethodSettings)
	}
	if api.GatewayResponses[Default4XX] == nil {
		t.Error("the gateway response is missing")
	}
	m, _ := newRoutes(api.Resources).find("GET", "/orders/1")
	if m == nil {
		t.Fatal("no method at /orders/{id}")
	}
	if !m.ValidateBody || !m.ValidateParams || m.RequestModels["application/json"] == nil || !m.RequestParameters["method.request.querystring.q"] ||
		m.RequestParameters["method.request.header.h"] || m.Responses["200"] == nil || m.Unservable != nil {
		t.Errorf("method %+v", m)
	}
	i := m.Integration
	if i.Kind != KindMock || i.Timeout.Milliseconds() != 1500 || i.Backend == nil || i.Responses[0].SelectionPattern != nil ||
		i.Responses[1].SelectionPattern == nil || i.Responses[1].ResponseTemplates["application/json"] == nil {
		t.Errorf("integration %+v", i)
	}
	if name := i.RequestTemplates["application/json"].Name(); name != "mappings/mock/request.vtl" {
		t.Errorf("template is named %s", name)
	}
	if name := i.Responses[1].ResponseTemplates["application/json"].Name(); name != "Stack/Get/Integration/IntegrationResponses/1/ResponseTemplates/application/json; x" {
		t.Errorf("template is named %s", name)
	}
}

// method is a template's method with these lines in its properties.
func method(properties string) string {
	return templateHead + `
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: GET
      MethodResponses: [{StatusCode: 200}]
` + properties
}

func TestBuildReportsWhatIsNotServed(t *testing.T) {
	tests := []struct {
		name, template string
		problem        string // a part of the report
		unservable     bool
	}{
		{"no stage", "Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}}", "Stack/Api: the API has no stage", false},
		{"authorizer", method("      AuthorizationType: CUSTOM\n      Integration: {Type: MOCK}"), "Stack/Get/AuthorizerId: it is no authorizer of this API", true},
		{"Cognito", method("      AuthorizationType: COGNITO_USER_POOLS\n      Integration: {Type: MOCK}"), "Stack/Get/AuthorizationType: COGNITO_USER_POOLS is not supported", false},
		{"kind without backend", method("      Integration: {Type: HTTP, IntegrationHttpMethod: GET, Uri: 'http://h'}"), "Stack/Get/Integration: there is no backend", true},
		{"proxy of a service", method("      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: 'arn:aws:apigateway:us-east-1:sns:path/'}"), "is no invocation of a Lambda function, and AWS_PROXY is for nothing else", true},
		{"no integration method", method("      Integration: {Type: HTTP, Uri: 'http://h'}"), "Stack/Get/Integration.IntegrationHttpMethod:", true},
		{"no integration", method("      AuthorizationType: NONE"), "Stack/Get/Integration.Type: the method has no integration", true},
		{"pattern", method("      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, SelectionPattern: '('}]}"), "Stack/Get/Integration.IntegrationResponses.0.SelectionPattern:", true},
		{"status", method("      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: default}]}"), "Stack/Get/Integration.IntegrationResponses.0.StatusCode:", true},
		{"streaming", method("      Integration: {Type: MOCK, ResponseTransferMode: STREAM}"), "Stack/Get/Integration.ResponseTransferMode:", true},
		{"HTTP method", strings.Replace(method("      Integration: {Type: MOCK}"), " HttpMethod: GET\n", " HttpMethod: get\n", 1), "Stack/Get/HttpMethod: there is no method \"get\"", false},
		{"mapping target", method("      Integration: {Type: MOCK, RequestParameters: {foo.bar: \"'x'\"}}"), "Stack/Get/Integration.RequestParameters.foo.bar: it is no target", true},
		{"mapping source", method("      Integration: {Type: MOCK, RequestParameters: {integration.request.header.a: method.request.hedder.b}}"), "\"method.request.hedder.b\" is no source", true},
		{"response mapping", method("      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.a: '*'}}]}"), "Stack/Get/Integration.IntegrationResponses.0.ResponseParameters.method.response.header.a: \"*\" is no source", true},
		{"method twice", method("      Integration: {Type: MOCK}\n  Got: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: GET, Integration: {Type: MOCK}}}"), "Stack/Got/HttpMethod: its resource has this method already by Get", false},
		{"resource twice", method("      Integration: {Type: MOCK}\n  Again: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{key}'}}"), "PathPart: its place is taken by", false},
		{"part of no API", method("      Integration: {Type: MOCK}\n  Lost: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: abc, HttpMethod: GET}}"), "Stack/Lost/RestApiId: \"abc\" is no RestApi", false},
		{"part of an API that is not there", method("      Integration: {Type: MOCK}\n  Lost: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Ap, StageName: s}}"), "Stack/Lost/RestApiId: no resource or parameter Ap", false},
		{"mutual TLS", method("      Integration: {Type: MOCK}\n  Lost: {Type: AWS::ApiGateway::DomainName, Properties: {MutualTlsAuthentication: {TruststoreUri: 's3://a/b'}}}"), "Stack/Lost/MutualTlsAuthentication: mutual TLS is not supported", false},
		{"domain name", method("      Integration: {Type: MOCK}\n  Lost: {Type: AWS::ApiGateway::DomainName}"), "Stack/Lost: custom domain names are not served", false},
		{"type that is not known", method("      Integration: {Type: MOCK}\n  Lost: {Type: AWS::ApiGateway::Methods}"), "Stack/Lost/Type: there is no type AWS::ApiGateway::Methods that this gateway knows", false},
		{"header that is not declared", method("      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.a: context.stage}}]}"), "Stack/Get/Integration.IntegrationResponses.0.ResponseParameters.method.response.header.a: the method response for 200 doesn't declare the header", true},
		{"template too large", method("      Integration: {Type: MOCK, RequestTemplates: {application/json: '" + strings.Repeat("x", maxTemplate+1) + "'}}"), "Stack/Get/Integration.RequestTemplates.application/json: the template has 307201 bytes", true},
		{"model", method("      RequestValidatorId: !Ref V\n      RequestModels: {application/json: Nope}\n      Integration: {Type: MOCK}\n  V:\n    Type: AWS::ApiGateway::RequestValidator\n    Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}"), "Stack/Get/RequestModels.application/json: model Nope", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			apis, problems := buildTemplate(t, test.template)
			if !strings.Contains(problems.Error(), test.problem) {
				t.Errorf("problems:\n%s\nwant %s", problems.Error(), test.problem)
			}
			if len(apis) == 0 {
				return
			}
			got := New(Options{API: apis[0]}).Handle(context.Background(), &Request{Method: "GET", Path: "/prod/orders/1"})
			if (got.StatusCode == 501) != test.unservable {
				t.Errorf("status %d, unservable %v", got.StatusCode, test.unservable)
			}
		})
	}
}

// TestBuildReadsNoTemplatesOfProxies: nor does the service, so that none is
// wrong.
func TestBuildReadsNoTemplatesOfProxies(t *testing.T) {
	apis, problems := buildTemplate(t, method("      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'http://h', RequestTemplates: {application/json: '#if'}, "+
		"IntegrationResponses: [{StatusCode: 200, ResponseTemplates: {application/json: '#end'}}]}"), Backends{KindHTTP: answering(200, "passed")})
	got := New(Options{API: apis[0]}).Handle(context.Background(), &Request{Method: "GET", Path: "/prod/orders/1"})
	if len(problems) > 0 || string(got.Body) != "passed" {
		t.Errorf("got %d %s, problems %v", got.StatusCode, got.Body, problems)
	}
}

func TestBuildReportsWhatIsIgnored(t *testing.T) {
	const cached = `
      CacheClusterEnabled: true
      ClientCertificateId: abc
      MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true}]`
	template := func(restAPI, stage string) string {
		return `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop` + restAPI + `}}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: prod` + stage + `
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {Type: MOCK, CacheKeyParameters: [method.request.querystring.q], CacheNamespace: n}
  Other: {Type: AWS::WAFv2::WebACLAssociation, Properties: {WebACLArn: a, ResourceArn: "arn:aws:apigateway:us-east-1::/restapis/x/stages/prod"}}
`
	}
	described := `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api, StageName: prod, StageDescription: {CacheClusterEnabled: true, CachingEnabled: true}}
`
	firewall := `
  Firewall:
    Type: AWS::WAFv2::WebACLAssociation
    Properties: {WebACLArn: a, ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Prod}"}
`
	tests := []struct {
		name, template string
		want           []string
	}{
		{"nothing", template(", DisableExecuteApiEndpoint: false", ""), nil},
		{"default endpoint", template(", DisableExecuteApiEndpoint: true", ""), []string{"Api/DisableExecuteApiEndpoint"}},
		{"stage", template("", cached), []string{
			"Prod/CacheClusterEnabled", "Prod/MethodSettings.0.CachingEnabled", "Prod/ClientCertificateId",
			"Get/Integration.CacheKeyParameters", "Get/Integration.CacheNamespace",
		}},
		{"cache that no method uses", template("", "\n      CacheClusterEnabled: true"), []string{"Prod/CacheClusterEnabled"}},
		{"stage description", described, []string{"Deployment/StageDescription.CacheClusterEnabled", "Deployment/StageDescription.CachingEnabled"}},
		{"firewall", template("", "") + firewall, []string{"Firewall/ResourceArn"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, problems := buildTemplate(t, test.template)
			var got []string
			for _, p := range problems {
				got = append(got, p.LogicalID+"/"+p.Property)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("problems:\n%s\nwant %v", problems.Error(), test.want)
			}
		})
	}
}

func TestBuildAPIKeys(t *testing.T) {
	apis, problems := buildTemplate(t, templateHead+`
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Value: secret, Enabled: true}}
  Generated: {Type: AWS::ApiGateway::ApiKey, Properties: {Enabled: true}}
  Off: {Type: AWS::ApiGateway::ApiKey, Properties: {Value: off, Enabled: false}}
  Other: {Type: AWS::ApiGateway::ApiKey, Properties: {Value: other, Enabled: true}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Prod}], Quota: {Limit: 1, Period: DAY}}}
  Link: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
  Link2: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Generated, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
  Link3: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Off, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
`)
	keys := apis[0].APIKeys
	if len(problems) > 0 || len(keys) != 3 {
		t.Fatalf("keys %+v, problems %v", keys, problems)
	}
	if keys[0].Value != "secret" || keys[0].MadeUp || !keys[0].Enabled || keys[0].Plan.Quota.Limit != 1 {
		t.Errorf("key %+v", keys[0])
	}
	if again := madeUpValue("Stack", "Generated"); keys[1].Value != again || !keys[1].MadeUp || len(again) != 40 {
		t.Errorf("key %+v, the next time %s", keys[1], again)
	}
	if keys[2].Enabled {
		t.Errorf("key %+v", keys[2])
	}
}

func TestBuildReportsUsagePlans(t *testing.T) {
	_, problems := buildTemplate(t, method("      Integration: {Type: MOCK}")+`
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: !Ref Prod, Throttle: {/v1.0/GET: {RateLimit: fast}}}]
      Throttle: {BurstLimit: [1]}
      Quota: {Limit: 1, Period: YEAR}
`)
	for _, want := range []string{
		"Stack/Plan/Throttle: BurstLimit is", "Stack/Plan/ApiStages.0.Throttle./v1.0/GET: RateLimit is fast", `Stack/Plan/Quota.Period: there is no period "YEAR"`,
	} {
		if !strings.Contains(problems.Error(), want) {
			t.Errorf("problems:\n%s\nwant %s", problems.Error(), want)
		}
	}
}

func TestStageVariablesInCredentials(t *testing.T) {
	apis, _ := buildTemplate(t, method("      Integration: {Type: MOCK, Credentials: 'arn:aws:iam::1:role/${stageVariables.table}${stageVariables.none}'}"))
	if m := MethodOf(apis[0].Resources, "GET", "/orders/1"); m.Integration.Credentials != "arn:aws:iam::1:role/orders" {
		t.Errorf("credentials %s", m.Integration.Credentials)
	}
}

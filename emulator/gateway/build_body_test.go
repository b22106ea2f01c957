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

const bodyTemplate = `
Parameters:
  Uri: {Type: String}
  Status: {Type: String, Default: "201"}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      BinaryMediaTypes: [image/png]
      FailOnWarnings: FAIL
      Mode: MODE
      Body:
        openapi: 3.0.1
        info: {title: library}
        x-amazon-apigateway-binary-media-types: [image/jpeg]
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-request-validator: all
        x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {statusCode: 418}}
        paths:
          /books/{isbn}:
            get:
              responses: {201: {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: "{\"statusCode\": 201}"}
                requestParameters: {integration.request.header.a: true}
                responses: {default: {statusCode: !Ref Status, responseTemplates: {application/json: "$input.params('isbn')"}}}
            put:
              responses: {200: {description: ok}}
              requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
              x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: "{\"statusCode\": 200}"}, responses: {default: {statusCode: 200}}}
            delete:
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: DELETE, uri: !Sub "https://${Uri}/books"}
        components:
          schemas:
            Book: {type: object, required: [title], properties: {author: {$ref: "#/components/schemas/Author"}}}
            Author: {type: object, required: [name]}
  Extra: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: extra}}
  GetExtra:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Extra
      HttpMethod: GET
      Integration: {Type: MOCK, RequestTemplates: {application/json: "{\"statusCode\": 200}"}, IntegrationResponses: [{StatusCode: 200}]}
      MethodResponses: [{StatusCode: 200}]
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: prod}}
`

func bodyOf(mode, failOnWarnings string) string {
	return strings.NewReplacer("MODE", mode, "FAIL", failOnWarnings).Replace(bodyTemplate)
}

// TestBuildBody builds an API that an OpenAPI document and a method of the
// template define together.
func TestBuildBody(t *testing.T) {
	apis, problems := buildTemplate(t, bodyOf("merge", "false"))
	g := New(Options{API: apis[0]})
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"operation", "GET", "/books/7", "", 201, "7"},
		{"valid body", "PUT", "/books/7", `{"title":"a"}`, 200, ""},
		{"body that its model refuses", "PUT", "/books/7", `{"title":"a","author":{}}`, 418, `{"message": "Invalid request body"}`},
		{"operation with a value that can't be resolved", "DELETE", "/books/7", "", 501, ""},
		{"method beside the document", "GET", "/extra", "", 200, ""},
		{"no such path", "GET", "/nowhere", "", 418, `{"message":"Missing Authentication Token"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := g.Handle(context.Background(), &Request{Method: c.method, Path: "/prod" + c.path, Body: []byte(c.body)})
			if got.StatusCode != c.status || c.want != "" && string(got.Body) != c.want {
				t.Errorf("%d %s, want %d %s", got.StatusCode, got.Body, c.status, c.want)
			}
		})
	}
	const (
		unresolved = "Stack/Api/Body.paths./books/{isbn}.delete.x-amazon-apigateway-integration.uri: the parameter Uri has no value; give it: --parameter Uri=VALUE"
		warning    = "Stack/Api/Body.paths./books/{isbn}.get.x-amazon-apigateway-integration.requestParameters.integration.request.header.a: the service expects a string and leaves it out"
	)
	if got := problems.Of(cfn.Unserved).Error(); got != unresolved {
		t.Errorf("unserved:\n%s\nwant %s", got, unresolved)
	}
	if got := problems.Of(cfn.Ignored).Error(); got != warning {
		t.Errorf("ignored:\n%s\nwant %s", got, warning)
	}
	if apis[0].Name != "library" {
		t.Errorf("name %q", apis[0].Name)
	}
}

func TestBuildBodyModes(t *testing.T) {
	for _, c := range []struct {
		mode string
		want []string
	}{
		{"merge", []string{"image/png", "image/jpeg"}},
		{`""`, []string{"image/png", "image/jpeg"}},
		{"overwrite", []string{"image/jpeg"}},
	} {
		t.Run(c.mode, func(t *testing.T) {
			apis, _ := buildTemplate(t, bodyOf(c.mode, "false"))
			if got := apis[0].BinaryMediaTypes; !slices.Equal(got, c.want) {
				t.Errorf("binary media types %q, want %q", got, c.want)
			}
		})
	}
	t.Run("a warning that fails the import", func(t *testing.T) {
		_, problems := buildTemplate(t, bodyOf("merge", "true"))
		if got := len(problems.Of(cfn.Unserved)); got != 2 {
			t.Errorf("%d reasons, want 2", got)
		}
	})
}

// TestBuildBodyElsewhere finds the document in an asset, and in a text.
func TestBuildBodyElsewhere(t *testing.T) {
	const document = `{"openapi":"3.0.1","paths":{"/a":{"get":{"x-amazon-apigateway-integration":{"type":"mock"}}}}}`
	dir := t.TempDir()
	for name, text := range map[string]string{
		"manifest.json":     `{"artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.template.json"}},"S.assets":{"type":"cdk:asset-manifest","properties":{"file":"S.assets.json"}}}}`,
		"S.assets.json":     `{"files":{"abc123":{"source":{"path":"asset.abc123.json"}}}}`,
		"asset.abc123.json": document,
		"S.template.json": `{"Resources":{
			"Asset":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"assets","Key":"abc123.json"}}},
			"Text":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":` + compactJSON(document) + `}},
			"Absent":{"Type":"AWS::ApiGateway::RestApi","Properties":{"BodyS3Location":{"Bucket":"other","Key":"api.yaml"}}},
			"Broken":{"Type":"AWS::ApiGateway::RestApi","Properties":{"Body":"{\"openapi\": }"}},
			"D1":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Asset"},"StageName":"s"}},
			"D2":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Text"},"StageName":"s"}},
			"D3":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Absent"},"StageName":"s"}},
			"D4":{"Type":"AWS::ApiGateway::Deployment","Properties":{"RestApiId":{"Ref":"Broken"},"StageName":"s"}}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := cfn.Load(dir, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	apis, problems := Build(a, Backends{KindMock: answering(200, "")})
	served := map[string]bool{}
	for _, api := range apis {
		served[api.LogicalID] = api.Resources[len(api.Resources)-1].Methods["GET"] != nil
	}
	if !served["Asset"] || !served["Text"] {
		t.Errorf("served %v", served)
	}
	want := "S/Absent/BodyS3Location: the document is not on this machine; name it by its path from the template, or put it into Body\n" +
		"S/Broken/Body: 1:12: invalid character '}' looking for beginning of value"
	if got := problems.Error(); got != want {
		t.Errorf("problems:\n%s\nwant\n%s", got, want)
	}
}

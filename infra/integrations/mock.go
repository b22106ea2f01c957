package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// MockProps say where the routes of Mock go.
type MockProps struct {
	Parent   awsapigateway.IResource
	Mappings Mappings
}

// Mock answers without any backend: GET /mock, GET /mock/products and
// GET /mock/errors/{code}.
type Mock struct {
	constructs.Construct
	Message  awsapigateway.Method
	Products awsapigateway.Method
	Errors   awsapigateway.Method
}

// NewMock adds the mock integrations below the parent.
func NewMock(scope constructs.Construct, id string, props *MockProps) *Mock {
	m := &Mock{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	root := props.Parent.AddResource(jsii.String("mock"), nil)

	m.Message = addMock(root, props.Mappings.method("mock/message"), []response{
		{status: "200", template: "response.vtl"},
	})
	m.Products = addMock(root.AddResource(jsii.String("products"), nil), props.Mappings.method("mock/products"), []response{
		{status: "200", template: "response.vtl", headers: map[string]string{"Cache-Control": "'public, max-age=300'"}},
	})

	var simulated []response
	for _, code := range []string{"400", "403", "404", "429", "500", "503"} {
		simulated = append(simulated, response{status: code, pattern: code, template: "response.vtl"})
	}
	code := root.AddResource(jsii.String("errors"), nil).AddResource(jsii.String("{code}"), nil)
	m.Errors = addMock(code, props.Mappings.method("mock/errors"), simulated, "method.request.path.code")
	example{path: "/mock/errors/503"}.record(m.Errors)
	return m
}

// addMock adds GET with a mock integration; the status that the request template
// renders chooses among the responses.
func addMock(resource awsapigateway.IResource, mappings *methodMappings, responses []response, parameters ...string) awsapigateway.Method {
	integration := awsapigateway.NewMockIntegration(&awsapigateway.IntegrationOptions{
		PassthroughBehavior:  awsapigateway.PassthroughBehavior_NEVER,
		RequestTemplates:     mappings.requestTemplates(map[string]string{typeJSON: "request.vtl"}),
		IntegrationResponses: mappings.integrationResponses(responses),
	})
	method := resource.AddMethod(jsii.String("GET"), integration, &awsapigateway.MethodOptions{
		RequestParameters: required(parameters...),
		MethodResponses:   methodResponses(responses),
	})
	mappings.record(method)
	return method
}

// required declares request parameters that must be there.
func required(parameters ...string) *map[string]*bool {
	if len(parameters) == 0 {
		return nil
	}
	all := map[string]*bool{}
	for _, name := range parameters {
		all[name] = jsii.Bool(true)
	}
	return &all
}

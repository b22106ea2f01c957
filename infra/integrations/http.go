package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Selection patterns over the upstream's status. A status that no pattern takes
// would go to the default response as a success, so they cover 400 to 599.
const (
	notFoundPattern         = `404`
	otherClientErrorPattern = `4(?:0[0-35-9]|[1-9]\d)`
)

// HTTPProps say what HTTP calls.
type HTTPProps struct {
	Parent awsapigateway.IResource
	// BaseURL of the weather service, with its closing slash.
	BaseURL *string
	// KeyVariable is the stage variable that holds the service's key; empty
	// when the service needs none.
	KeyVariable string
	Mappings    Mappings
}

// HTTP calls an HTTP endpoint with mapped parameters and reshapes its answer:
// GET /http/weather?city=.
type HTTP struct {
	constructs.Construct
	Weather awsapigateway.Method
}

// NewHTTP adds the HTTP integration below the parent.
func NewHTTP(scope constructs.Construct, id string, props *HTTPProps) *HTTP {
	h := &HTTP{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	parameters := map[string]*string{
		requestIDHeader:                     jsii.String(requestID),
		"integration.request.querystring.q": jsii.String("method.request.querystring.city"),
	}
	if props.KeyVariable != "" {
		parameters["integration.request.querystring.key"] = jsii.String("stageVariables." + props.KeyVariable)
	}
	responses := []response{
		{status: "200", template: "response.vtl"},
		{status: "404", pattern: notFoundPattern, template: "error.vtl"},
		{status: "502", pattern: otherClientErrorPattern, template: "error.vtl"},
		{status: "503", pattern: serverErrorPattern, template: "error.vtl"},
	}
	mappings := props.Mappings.method("http")
	integration := awsapigateway.NewHttpIntegration(jsii.String(*props.BaseURL+"weather"), &awsapigateway.HttpIntegrationProps{
		HttpMethod: jsii.String("GET"),
		Proxy:      jsii.Bool(false),
		Options: &awsapigateway.IntegrationOptions{
			RequestParameters:    &parameters,
			IntegrationResponses: mappings.integrationResponses(responses),
		},
	})
	weather := props.Parent.AddResource(jsii.String("http"), nil).AddResource(jsii.String("weather"), nil)
	h.Weather = weather.AddMethod(jsii.String("GET"), integration, &awsapigateway.MethodOptions{
		RequestParameters: required("method.request.querystring.city"),
		RequestValidator:  newParameterValidator(h.Construct, weather.Api()),
		MethodResponses:   methodResponses(responses),
	})
	mappings.record(h.Weather)
	example{path: "/http/weather?city=Zurich"}.record(h.Weather)
	return h
}

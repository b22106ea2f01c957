package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// An HTTP backend logs the gateway's request ID, so that one ID leads through
// all logs.
const (
	requestIDHeader = "integration.request.header.X-Request-Id"
	requestID       = "context.requestId"
)

// HTTPProxyProps say what HTTPProxy calls.
type HTTPProxyProps struct {
	Parent awsapigateway.IResource
	// BaseURL of the weather service, with its closing slash.
	BaseURL *string
}

// HTTPProxy passes a request on to an HTTP endpoint, and its answer back:
// GET /http-proxy/weather?city=.
type HTTPProxy struct {
	constructs.Construct
	Weather awsapigateway.Method
}

// NewHTTPProxy adds the HTTP proxy integration below the parent.
func NewHTTPProxy(scope constructs.Construct, id string, props *HTTPProxyProps) *HTTPProxy {
	p := &HTTPProxy{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	integration := awsapigateway.NewHttpIntegration(jsii.String(*props.BaseURL+"weather"), &awsapigateway.HttpIntegrationProps{
		HttpMethod: jsii.String("GET"),
		Proxy:      jsii.Bool(true),
		Options: &awsapigateway.IntegrationOptions{
			RequestParameters: &map[string]*string{requestIDHeader: jsii.String(requestID)},
		},
	})
	weather := props.Parent.AddResource(jsii.String("http-proxy"), nil).AddResource(jsii.String("weather"), nil)
	p.Weather = weather.AddMethod(jsii.String("GET"), integration, &awsapigateway.MethodOptions{
		RequestParameters: required("method.request.querystring.city"),
		RequestValidator:  newParameterValidator(p.Construct, weather.Api()),
	})
	example{path: "/http-proxy/weather?city=Zurich"}.record(p.Weather)
	return p
}

package integrations

import (
	"fmt"
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// Selection patterns of AWS service integrations; what the service answers
// below 400 goes to the response without a pattern.
const (
	clientErrorPattern = `4\d{2}`
	serverErrorPattern = `5\d{2}`
)

// StandardHeaders are the headers of every answer that API Gateway makes itself,
// in the notation of response parameters: readable by scripts of any origin,
// never guessed at, and over TLS only. Proxy integrations send their own.
func StandardHeaders() map[string]string {
	return map[string]string{
		"Access-Control-Allow-Origin": "'*'",
		"Strict-Transport-Security":   "'max-age=63072000; includeSubDomains'",
		"X-Content-Type-Options":      "'nosniff'",
	}
}

// response is an integration response together with the method response that it
// needs.
type response struct {
	status   string
	pattern  string            // selection pattern; empty for the default response
	template string            // file in the method's mapping folder
	types    []string          // content types of the template; JSON if empty
	headers  map[string]string // headers beside the standard ones
}

// serviceResponses are the responses of every AWS service action: success, and
// two whose template chooses the exact status from the service's error type.
func serviceResponses(success string) []response {
	return []response{
		{status: success, template: "response.vtl"},
		{status: "400", pattern: clientErrorPattern, template: "error.vtl"},
		{status: "500", pattern: serverErrorPattern, template: "error.vtl"},
	}
}

// integrationResponses returns the responses in their order, which is the order
// in which API Gateway tries the patterns.
func (m *methodMappings) integrationResponses(responses []response) *[]*awsapigateway.IntegrationResponse {
	var all []*awsapigateway.IntegrationResponse
	for i, r := range responses {
		templates := map[string]*string{}
		for _, contentType := range r.contentTypes() {
			property := fmt.Sprintf("Integration/IntegrationResponses/%d/ResponseTemplates/%s", i, contentType)
			templates[contentType] = m.template(property, r.template)
		}
		parameters := map[string]*string{}
		for name, value := range r.allHeaders() {
			parameters["method.response.header."+name] = jsii.String(value)
		}
		one := &awsapigateway.IntegrationResponse{
			StatusCode:         jsii.String(r.status),
			ResponseParameters: &parameters,
			ResponseTemplates:  &templates,
		}
		if r.pattern != "" {
			one.SelectionPattern = jsii.String(r.pattern)
		}
		all = append(all, one)
	}
	return &all
}

// methodResponses declares the statuses and headers that the integration
// responses use.
func methodResponses(responses []response) *[]*awsapigateway.MethodResponse {
	var all []*awsapigateway.MethodResponse
	for _, r := range responses {
		parameters := map[string]*bool{}
		for name := range r.allHeaders() {
			parameters["method.response.header."+name] = jsii.Bool(true)
		}
		models := map[string]awsapigateway.IModel{}
		for _, contentType := range r.contentTypes() {
			models[contentType] = awsapigateway.Model_EMPTY_MODEL()
		}
		all = append(all, &awsapigateway.MethodResponse{
			StatusCode:         jsii.String(r.status),
			ResponseParameters: &parameters,
			ResponseModels:     &models,
		})
	}
	return &all
}

func (r response) contentTypes() []string {
	if len(r.types) == 0 {
		return []string{typeJSON}
	}
	return r.types
}

func (r response) allHeaders() map[string]string {
	headers := StandardHeaders()
	maps.Copy(headers, r.headers)
	return headers
}

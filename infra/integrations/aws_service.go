package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// serviceAction is one action of an AWS service as an integration: a mapping
// template makes its input, others read its output.
type serviceAction struct {
	service  string // "dynamodb"
	action   string // "PutItem"
	role     awsiam.IRole
	success  string             // status of the answer when the action succeeds
	headers  map[string]*string // request parameters beside the template
	mappings *methodMappings
}

// addTo adds the action as a method. A body of another type than JSON is refused
// (415), or it would reach the service without a template.
func (a *serviceAction) addTo(resource awsapigateway.IResource, httpMethod string, options awsapigateway.MethodOptions) awsapigateway.Method {
	responses := serviceResponses(a.success)
	integrationOptions := &awsapigateway.IntegrationOptions{
		CredentialsRole:      a.role,
		PassthroughBehavior:  awsapigateway.PassthroughBehavior_NEVER,
		RequestTemplates:     a.mappings.requestTemplates(map[string]string{typeJSON: "request.vtl"}),
		IntegrationResponses: a.mappings.integrationResponses(responses),
	}
	if len(a.headers) > 0 {
		integrationOptions.RequestParameters = &a.headers
	}
	integration := awsapigateway.NewAwsIntegration(&awsapigateway.AwsIntegrationProps{
		Service:               jsii.String(a.service),
		Action:                jsii.String(a.action),
		IntegrationHttpMethod: jsii.String("POST"),
		Options:               integrationOptions,
	})
	options.MethodResponses = methodResponses(responses)
	method := resource.AddMethod(jsii.String(httpMethod), integration, &options)
	a.mappings.record(method)
	return method
}

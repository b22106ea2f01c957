package integrations

import (
	"testing"

	"github.com/apigw-integrations/apigw-integrations/infra/internal/templatetest"
)

const functionURI = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"

func TestLambdaProxy(t *testing.T) {
	checkMethod(t, "POST", "/lambda-proxy/orders", `
		Type: AWS_PROXY
		IntegrationHttpMethod: POST
		Uri: `+functionURI)
	checkMethod(t, "GET", "/lambda-proxy/orders/{customerId}/{orderId}", `
		Type: AWS_PROXY
		IntegrationHttpMethod: POST
		Uri: `+functionURI+`
		parameter method.request.path.customerId: true
		parameter method.request.path.orderId: true`)
}

// Each method that calls the function is allowed to, and no other: the path of
// the source ARN ends the permission.
func TestFunctionPermissions(t *testing.T) {
	granted := map[string]bool{}
	for _, permission := range everything().resources("AWS::Lambda::Permission") {
		properties := permission["Properties"].(map[string]any)
		if properties["Principal"] != "apigateway.amazonaws.com" || properties["Action"] != "lambda:InvokeFunction" {
			t.Errorf("permission %v %v, want lambda:InvokeFunction for apigateway.amazonaws.com", properties["Action"], properties["Principal"])
		}
		granted[templatetest.Text(properties["SourceArn"])] = true
	}
	const api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/"
	for _, method := range []string{"POST/lambda-proxy/orders", "GET/lambda-proxy/orders/*/*", "POST/lambda/orders"} {
		for _, stage := range []string{"${ApiDeploymentStageprod}/", "test-invoke-stage/"} {
			if source := api + stage + method; !granted[source] {
				t.Errorf("no permission for %s; have %v", source, granted)
			}
			delete(granted, api+stage+method)
		}
	}
	if len(granted) > 0 {
		t.Errorf("permissions for more than the methods: %v", granted)
	}
}

package integrations

import "testing"

func TestSNS(t *testing.T) {
	checkMethod(t, "POST", "/sns/notifications", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:sns:action/Publish
		Credentials: ${SnsPublishRole.Arn}
		PassthroughBehavior: NEVER
		mapped integration.request.header.Content-Type: 'application/x-www-form-urlencoded'
		template application/json: mappings/sns/request.vtl
		response 202 //
		template application/json: mappings/sns/response.vtl
		response 400 /4\d{2}/
		template application/json: mappings/sns/error.vtl
		response 500 /5\d{2}/
		template application/json: mappings/sns/error.vtl
		model application/json: ${SnsNotification}
		validator: ${SnsBodyValidator}`)
	checkRole(t, "SnsPublishRole", "apigateway.amazonaws.com Allow sns:Publish ${Topic}")
}

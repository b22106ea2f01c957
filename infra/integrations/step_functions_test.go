package integrations

import "testing"

func TestStepFunctions(t *testing.T) {
	checkMethod(t, "POST", "/step-functions/executions", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
		Credentials: ${StepFunctionsStartExecutionRole.Arn}
		PassthroughBehavior: NEVER
		template application/json: mappings/step-functions/start-execution/request.vtl
		response 202 //
		template application/json: mappings/step-functions/start-execution/response.vtl
		response 400 /4\d{2}/
		template application/json: mappings/step-functions/start-execution/error.vtl
		response 500 /5\d{2}/
		template application/json: mappings/step-functions/start-execution/error.vtl
		model application/json: ${StepFunctionsOrder}
		validator: ${StepFunctionsBodyValidator}`)
	checkRole(t, "StepFunctionsStartExecutionRole", "apigateway.amazonaws.com Allow states:StartExecution ${Machine}")

	checkMethod(t, "GET", "/step-functions/executions/{executionId}", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/DescribeExecution
		Credentials: ${StepFunctionsDescribeExecutionRole.Arn}
		PassthroughBehavior: NEVER
		template application/json: mappings/step-functions/describe-execution/request.vtl
		response 200 //
		template application/json: mappings/step-functions/describe-execution/response.vtl
		response 400 /4\d{2}/
		template application/json: mappings/step-functions/describe-execution/error.vtl
		response 500 /5\d{2}/
		template application/json: mappings/step-functions/describe-execution/error.vtl
		parameter method.request.path.executionId: true`)
	checkRole(t, "StepFunctionsDescribeExecutionRole", "apigateway.amazonaws.com Allow states:DescribeExecution "+
		"arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Machine.Name}:*")
}

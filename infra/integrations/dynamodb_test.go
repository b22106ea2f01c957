package integrations

import "testing"

func TestDynamoDB(t *testing.T) {
	checkMethod(t, "POST", "/dynamodb/orders", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/PutItem
		Credentials: ${DynamoDbPutItemRole.Arn}
		PassthroughBehavior: NEVER
		template application/json: mappings/dynamodb/put-item/request.vtl
		response 201 //
		template application/json: mappings/dynamodb/put-item/response.vtl
		response 400 /4\d{2}/
		template application/json: mappings/dynamodb/put-item/error.vtl
		response 500 /5\d{2}/
		template application/json: mappings/dynamodb/put-item/error.vtl
		model application/json: ${DynamoDbOrder}
		validator: ${DynamoDbBodyValidator}`)
	checkRole(t, "DynamoDbPutItemRole", "apigateway.amazonaws.com Allow dynamodb:PutItem ${Orders.Arn}")

	checkMethod(t, "GET", "/dynamodb/orders/{customerId}", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/Query
		Credentials: ${DynamoDbQueryRole.Arn}
		PassthroughBehavior: NEVER
		template application/json: mappings/dynamodb/query/request.vtl
		response 200 //
		template application/json: mappings/dynamodb/query/response.vtl
		response 400 /4\d{2}/
		template application/json: mappings/dynamodb/query/error.vtl
		response 500 /5\d{2}/
		template application/json: mappings/dynamodb/query/error.vtl
		parameter method.request.path.customerId: true
		parameter method.request.querystring.limit: false
		parameter method.request.querystring.next: false`)
	checkRole(t, "DynamoDbQueryRole", "apigateway.amazonaws.com Allow dynamodb:Query ${Orders.Arn}/index/byTime")
}

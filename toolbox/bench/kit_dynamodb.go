package bench

// The two DynamoDB actions: against the same engine, called as the gateway calls it.

const oneItem = `{"L":[{"M":{"sku":{"S":"CUP-1"},"name":{"S":"Cup"},"quantity":{"N":"3"},"unitPrice":{"S":"0.10"}}}]}`

var putItem = Route{
	Name: "dynamodb PutItem",
	Request: Request{
		Method: "POST", Path: "/dynamodb/orders", Header: jsonType,
		Body:   `{"customerId":"${id}","items":[{"sku":"CUP-1","name":"Cup","quantity":3,"unitPrice":"0.10"}]}`,
		Status: 201, Want: `{*"orderId":*"*"*}*`,
	},
	Limit: Limit{
		Name: "engine called directly", At: "dynamodb",
		Request: Request{
			Method: "POST", Path: "/", Header: dynamoDBAction("PutItem"),
			Body: `{"TableName":"${OrdersTableName}","ConditionExpression":"attribute_not_exists(orderId)","Item":{` +
				`"customerId":{"S":"${id}"},"orderId":{"S":"${id}"},"createdAtOrderId":{"S":"2026-11-24T05:40:00.123Z#${id}"},"createdAt":{"S":"2026-11-24T05:40:00.123Z"},` +
				`"status":{"S":"CREATED"},"source":{"S":"dynamodb"},"requestId":{"S":"${id}"},"items":` + oneItem + `}}`,
			Status: 200, Want: `{}`,
		},
	},
	Goal: 0.7,
}

var query = Route{
	Name:  "dynamodb Query",
	Setup: []Request{customersOrder("1"), customersOrder("2"), customersOrder("3")},
	Request: Request{
		Method: "GET", Path: "/dynamodb/orders/customer-${run}",
		Status: 200, Want: `{*"orders":*[*"order-3"*"order-2"*"order-1"*"unitPrice":*"0.10"*]*}*`,
	},
	Limit: Limit{
		Name: "engine called directly", At: "dynamodb",
		Request: Request{
			Method: "POST", Path: "/", Header: dynamoDBAction("Query"),
			Body: `{"TableName":"${OrdersTableName}","IndexName":"byCreatedAt","KeyConditionExpression":"customerId = :customerId",` +
				`"ExpressionAttributeValues":{":customerId":{"S":"customer-${run}"}},"ScanIndexForward":false,"ConsistentRead":true,"Limit":20}`,
			Status: 200, Want: `{*"Count":3,*"order-3"*"order-2"*"order-1"*}`,
		},
	},
	Goal: 0.7,
}

// customersOrder stores one of the orders that are queried.
func customersOrder(number string) Request {
	return Request{
		Method: "POST", Path: "/dynamodb/orders", Header: jsonType,
		Body: `{"orderId":"order-` + number + `","customerId":"customer-${run}","items":[` +
			`{"sku":"CUP-1","name":"Cup","quantity":3,"unitPrice":"0.10"}]}`,
		Status: 201, Want: `{*"orderId":*"order-` + number + `"*}*`,
	}
}

func dynamoDBAction(name string) map[string]string {
	return signed("dynamodb", map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + name})
}

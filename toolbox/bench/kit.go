package bench

import (
	"strconv"
	"strings"
)

// Route is one integration of the kit, and what limits it.
type Route struct {
	Name    string    // the integration's word
	Setup   []Request // sent once, to whoever is measured by Request
	Request Request
	Limit   Limit
	Goal    float64 // the least part of the limit's requests a second; 0 for none
	Given   bool    // the backend is given by a flag, which peers have not: they are left out
}

// Limit is what nothing can be faster than that does the route's work.
type Limit struct {
	Name    string
	At      string // one of the addresses that the environment has
	Setup   []Request
	Request Request
}

var (
	jsonType = map[string]string{"Content-Type": "application/json"}

	weatherRequest = Request{
		Method: "GET", Path: "/weather?city=Zurich",
		Status: 200, Want: `{"location":{"name":"Zurich","country":"CH"},"current":{"temp_c":8.3,"condition":{"text":"Partly cloudy"},"last_updated":"*"}}`,
	}
	order = `{"customerId":"${id}","items":[{"sku":"CUP-1","name":"Cup","quantity":3,"unitPrice":"0.10"},{"sku":"JUG.2","name":"Jug","quantity":2,"unitPrice":"12.50"}]}`
	// storedOrder is how functions answer it.
	storedOrder = `{"orderId":"*","customerId":"*","status":"CREATED","createdAt":"*","items":[` +
		`{"sku":"CUP-1","name":"Cup","quantity":3,"unitPrice":"0.10","lineTotal":"0.30"},` +
		`{"sku":"JUG.2","name":"Jug","quantity":2,"unitPrice":"12.50","lineTotal":"25.00"}],"total":"25.30"}`
)

// Routes are those of the kit, one for each integration and two for DynamoDB.
var Routes = []Route{
	{
		Name: "mock",
		Request: Request{
			Method: "GET", Path: "/mock",
			Status: 200, Want: `{ "message": "This is a mock response" }`,
		},
		Limit: Limit{
			Name: "net/http, constant answer", At: "constant",
			Request: Request{
				Method: "GET", Path: "/mock",
				Status: 200, Want: `{ "message": "This is a mock response" }`,
			},
		},
		Goal: 0.5,
	},
	{
		Name: "http-proxy",
		Request: Request{
			Method: "GET", Path: "/http-proxy/weather?city=Zurich",
			Status: weatherRequest.Status, Want: weatherRequest.Want,
		},
		Limit: Limit{Name: "httputil.ReverseProxy", At: "weather-proxy", Request: weatherRequest},
		Given: true,
		Goal:  0.6,
	},
	{
		Name: "http",
		Request: Request{
			Method: "GET", Path: "/http/weather?city=Zurich",
			Status: 200, Want: `*{*"city":*"Zurich",*"temperatureCelsius":*8.3,*"condition":*"Partly cloudy",*"observedAt":*"*"*}*`,
		},
		Limit: Limit{Name: "httputil.ReverseProxy", At: "weather-proxy", Request: weatherRequest},
		Given: true,
	},
	{
		Name: "vpc-link",
		Request: Request{
			Method: "GET", Path: "/vpc-link/health",
			Status: 200, Want: `{"status":"ok"}*`,
		},
		Limit: Limit{
			Name: "httputil.ReverseProxy", At: "products-proxy",
			Request: Request{Method: "GET", Path: "/health", Status: 200, Want: `{"status":"ok"}*`},
		},
		Goal: 0.6,
	},
	{
		Name: "lambda-proxy",
		Request: Request{
			Method: "POST", Path: "/lambda-proxy/orders", Header: jsonType, Body: order,
			Status: 201, Want: storedOrder,
		},
		Limit: Limit{
			Name: "bare Runtime API", At: "lambda-proxy",
			Request: Request{
				Method: "POST", Path: "/", Header: jsonType,
				Body: `{"resource":"/lambda-proxy/orders","path":"/lambda-proxy/orders","httpMethod":"POST",` +
					`"headers":{"Content-Type":"application/json"},"multiValueHeaders":{"Content-Type":["application/json"]},` +
					`"requestContext":{"resourcePath":"/lambda-proxy/orders","httpMethod":"POST","path":"/prod/lambda-proxy/orders","stage":"prod","requestId":"${id}"},` +
					`"body":` + quoted(order) + `,"isBase64Encoded":false}`,
				Status: 200, Want: `{"statusCode":201,*"body":` + quoted(storedOrder) + `*}`,
			},
		},
		Goal: 0.7,
	},
	{
		Name: "lambda",
		Request: Request{
			Method: "POST", Path: "/lambda/orders", Header: map[string]string{"Content-Type": "application/xml"},
			Body: `<order><customerId>${id}</customerId><items>` +
				`<item><sku>CUP-1</sku><name>Cup</name><quantity>3</quantity><unitPrice>0.10</unitPrice></item>` +
				`<item><sku>JUG.2</sku><name>Jug</name><quantity>2</quantity><unitPrice>12.50</unitPrice></item></items></order>`,
			Status: 201, Want: `*<order>*<orderId>*</orderId>*<status>CREATED</status>*<total>25.30</total>*<item>*CUP-1*0.30*</item>*JUG.2*25.00*</order>*`,
		},
		Limit: Limit{
			Name: "bare Runtime API, given JSON", At: "lambda",
			Request: Request{
				Method: "POST", Path: "/", Header: jsonType,
				Body:   `{"requestId":"${id}","format":"json","order":` + order + `}`,
				Status: 200, Want: storedOrder,
			},
		},
		Goal: 0.6,
	},
	putItem,
	query,
	{
		Name: "sns",
		Request: Request{
			Method: "POST", Path: "/sns/notifications", Header: jsonType,
			Body:   `{"orderId":"${id}","subject":"Shipped","message":"Your order is on its way"}`,
			Status: 202, Want: `{*"messageId":*"*"*}*`,
		},
		Limit: Limit{
			Name: "engine called directly", At: "sns",
			Request: Request{
				Method: "POST", Path: "/", Header: signed("sns", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}),
				Body: "Action=Publish&Version=2010-03-31&TopicArn=${NotificationTopicArn}&Subject=Shipped&Message=Your+order+is+on+its+way" +
					"&MessageAttributes.entry.1.Name=orderId&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=${id}" +
					"&MessageAttributes.entry.2.Name=requestId&MessageAttributes.entry.2.Value.DataType=String&MessageAttributes.entry.2.Value.StringValue=${id}",
				Status: 200, Want: `*<MessageId>*</MessageId>*`,
			},
		},
	},
	{
		Name: "step-functions",
		Request: Request{
			Method: "POST", Path: "/step-functions/executions", Header: jsonType, Body: order,
			Status: 202, Want: `{*"executionId":*"*"*}*`,
		},
		Limit: Limit{
			Name: "engine called directly", At: "states",
			Request: Request{
				Method: "POST", Path: "/", Header: signed("states", map[string]string{"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.StartExecution"}),
				Body:   `{"stateMachineArn":"${OrderWorkflowArn}","name":"${id}","input":` + quoted(`{"requestId":"${id}","order":`+order+`}`) + `}`,
				Status: 200, Want: `{*"executionArn":"*"*}`,
			},
		},
	},
}

// quoted is the text as a JSON string's content stands in JSON, with its quotes.
func quoted(text string) string { return strconv.Quote(text) }

// signed adds a signature that no engine checks. What the gateway's costs is
// its own affair.
func signed(service string, header map[string]string) map[string]string {
	header["X-Amz-Date"] = "20261124T054000Z"
	header["Authorization"] = "AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/" + service + "/aws4_request, " +
		"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + strings.Repeat("0", 64)
	return header
}

package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// LambdaProxyProps say what LambdaProxy calls.
type LambdaProxyProps struct {
	Parent  awsapigateway.IResource
	Handler awslambda.IFunction
}

// LambdaProxy hands the whole request to a function, which makes the whole
// answer: POST /lambda-proxy/orders and GET /lambda-proxy/orders/{customerId}/{orderId}.
// It has no model on purpose: the handler reports every fault at once.
type LambdaProxy struct {
	constructs.Construct
	Create awsapigateway.Method
	Get    awsapigateway.Method
}

// NewLambdaProxy adds the Lambda proxy integration below the parent.
func NewLambdaProxy(scope constructs.Construct, id string, props *LambdaProxyProps) *LambdaProxy {
	p := &LambdaProxy{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	integration := awsapigateway.NewLambdaIntegration(props.Handler, &awsapigateway.LambdaIntegrationOptions{
		Proxy: jsii.Bool(true),
	})
	orders := props.Parent.AddResource(jsii.String("lambda-proxy"), nil).AddResource(jsii.String("orders"), nil)
	p.Create = orders.AddMethod(jsii.String("POST"), integration, nil)
	create := example{
		path:        "/lambda-proxy/orders",
		contentType: typeJSON,
		header:      map[string]string{"Idempotency-Key": "example"},
		body:        exampleOrder,
	}
	create.record(p.Create)

	order := orders.AddResource(jsii.String("{customerId}"), nil).AddResource(jsii.String("{orderId}"), nil)
	p.Get = order.AddMethod(jsii.String("GET"), integration, &awsapigateway.MethodOptions{
		RequestParameters: required("method.request.path.customerId", "method.request.path.orderId"),
	})
	example{path: "/lambda-proxy/orders/ada/{orderId}", first: &create, take: "orderId"}.record(p.Get)
	return p
}

package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Selection patterns over the function's error message. They exclude each other,
// so their order doesn't matter, and (\n|.) spans lines, which a plain dot doesn't.
const (
	badRequestPattern   = `\[BadRequest\](\n|.)*`
	conflictPattern     = `\[Conflict\](\n|.)*`
	unknownErrorPattern = `[^\[](\n|.)*`
)

// LambdaProps say what Lambda calls.
type LambdaProps struct {
	Parent   awsapigateway.IResource
	Handler  awslambda.IFunction
	Mappings Mappings
}

// Lambda puts mapping templates between the client and a function:
// POST /lambda/orders takes XML or JSON and answers in kind.
type Lambda struct {
	constructs.Construct
	Create awsapigateway.Method
}

// NewLambda adds the Lambda integration below the parent.
func NewLambda(scope constructs.Construct, id string, props *LambdaProps) *Lambda {
	l := &Lambda{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	// The client's Accept header chooses the template, not the format that came
	// in; so both types get the same one, and it sets Content-Type itself.
	types := []string{typeXML, typeJSON}
	responses := []response{
		{status: "201", template: "response.vtl", types: types},
		{status: "400", pattern: badRequestPattern, template: "error.vtl", types: types},
		{status: "409", pattern: conflictPattern, template: "error.vtl", types: types},
		{status: "500", pattern: unknownErrorPattern, template: "error.vtl", types: types},
	}
	mappings := props.Mappings.method("lambda")
	integration := awsapigateway.NewLambdaIntegration(props.Handler, &awsapigateway.LambdaIntegrationOptions{
		Proxy:               jsii.Bool(false),
		PassthroughBehavior: awsapigateway.PassthroughBehavior_NEVER,
		RequestTemplates: mappings.requestTemplates(map[string]string{
			typeXML:  "xml/request.vtl",
			typeJSON: "json/request.vtl",
		}),
		IntegrationResponses: mappings.integrationResponses(responses),
	})
	orders := props.Parent.AddResource(jsii.String("lambda"), nil).AddResource(jsii.String("orders"), nil)
	l.Create = orders.AddMethod(jsii.String("POST"), integration, &awsapigateway.MethodOptions{
		RequestModels:    newModel(l.Construct, orders.Api(), "Order", orderSchema(decimal())),
		RequestValidator: newBodyValidator(l.Construct, orders.Api()),
		MethodResponses:  methodResponses(responses),
	})
	mappings.record(l.Create)
	example{
		path:        "/lambda/orders",
		contentType: typeXML,
		body: "<order><customerId>ada</customerId><items><item><sku>PEN-1</sku><name>Pen &amp; ink</name>" +
			"<quantity>2</quantity><unitPrice>1.20</unitPrice></item></items></order>",
	}.record(l.Create)
	return l
}

package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// DynamoDBProps say what DynamoDB reads and writes.
type DynamoDBProps struct {
	Parent   awsapigateway.IResource
	Table    awsdynamodb.ITable
	Index    string // index that Query reads, newest order first
	Mappings Mappings
}

// DynamoDB reads and writes a table without a function: POST /dynamodb/orders
// (PutItem) and GET /dynamodb/orders/{customerId}?limit=&next= (Query).
// The mapping templates know the table by the stage variable ordersTable.
type DynamoDB struct {
	constructs.Construct
	PutItem awsapigateway.Method
	Query   awsapigateway.Method
}

// NewDynamoDB adds the DynamoDB integrations below the parent.
func NewDynamoDB(scope constructs.Construct, id string, props *DynamoDBProps) *DynamoDB {
	d := &DynamoDB{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	orders := props.Parent.AddResource(jsii.String("dynamodb"), nil).AddResource(jsii.String("orders"), nil)

	put := &serviceAction{
		service:  "dynamodb",
		action:   "PutItem",
		role:     newActionRole(d.Construct, "PutItemRole", "dynamodb:PutItem", props.Table.TableArn()),
		success:  "201",
		mappings: props.Mappings.method("dynamodb/put-item"),
	}
	d.PutItem = put.addTo(orders, "POST", awsapigateway.MethodOptions{
		RequestModels:    newModel(d.Construct, orders.Api(), "Order", orderSchema(decimalString())),
		RequestValidator: newBodyValidator(d.Construct, orders.Api()),
	})
	example{path: "/dynamodb/orders", contentType: typeJSON, body: exampleOrder}.record(d.PutItem)

	query := &serviceAction{
		service:  "dynamodb",
		action:   "Query",
		role:     newActionRole(d.Construct, "QueryRole", "dynamodb:Query", jsii.Sprintf("%s/index/%s", *props.Table.TableArn(), props.Index)),
		success:  "200",
		mappings: props.Mappings.method("dynamodb/query"),
	}
	d.Query = query.addTo(orders.AddResource(jsii.String("{customerId}"), nil), "GET", awsapigateway.MethodOptions{
		RequestParameters: &map[string]*bool{
			"method.request.path.customerId":   jsii.Bool(true),
			"method.request.querystring.limit": jsii.Bool(false),
			"method.request.querystring.next":  jsii.Bool(false),
		},
	})
	example{path: "/dynamodb/orders/ada?limit=10"}.record(d.Query)
	return d
}

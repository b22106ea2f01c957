package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// SNSProps say where SNS publishes.
type SNSProps struct {
	Parent   awsapigateway.IResource
	Topic    awssns.ITopic
	Mappings Mappings
}

// SNS publishes to a topic without a function: POST /sns/notifications.
// The mapping template knows the topic by the stage variable notificationTopicArn.
type SNS struct {
	constructs.Construct
	Publish awsapigateway.Method
}

// NewSNS adds the SNS integration below the parent.
func NewSNS(scope constructs.Construct, id string, props *SNSProps) *SNS {
	s := &SNS{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	notifications := props.Parent.AddResource(jsii.String("sns"), nil).AddResource(jsii.String("notifications"), nil)
	publish := &serviceAction{
		service: "sns",
		action:  "Publish",
		role:    newActionRole(s.Construct, "PublishRole", "sns:Publish", props.Topic.TopicArn()),
		success: "202",
		// SNS speaks the query protocol: its input is a form, not JSON.
		headers: map[string]*string{
			"integration.request.header.Content-Type": jsii.String("'application/x-www-form-urlencoded'"),
		},
		mappings: props.Mappings.method("sns"),
	}
	s.Publish = publish.addTo(notifications, "POST", awsapigateway.MethodOptions{
		RequestModels:    newModel(s.Construct, notifications.Api(), "Notification", notificationSchema()),
		RequestValidator: newBodyValidator(s.Construct, notifications.Api()),
	})
	example{
		path:        "/sns/notifications",
		contentType: typeJSON,
		body:        `{"orderId":"order-1","subject":"Order shipped","message":"Your order is on its way"}`,
	}.record(s.Publish)
	return s
}

func notificationSchema() *awsapigateway.JsonSchema {
	return object(map[string]*awsapigateway.JsonSchema{
		"orderId": text(idPattern),
		"subject": text(subjectPattern),
		"message": {
			Type:      awsapigateway.JsonSchemaType_STRING,
			MinLength: jsii.Number(1),
			MaxLength: jsii.Number(maxMessageLength),
		},
	}, "orderId", "subject", "message")
}

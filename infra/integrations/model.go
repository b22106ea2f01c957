package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

const (
	idPattern  = `^[A-Za-z0-9_-]{1,64}$`
	skuPattern = `^[A-Za-z0-9_.-]{1,64}$`
	// moneyPattern is 0 to 1000000 with at most two decimal places, as the order
	// domain reads it.
	moneyPattern = `^((0|[1-9][0-9]{0,5})(\.[0-9]{1,2})?|1000000(\.0{1,2})?)$`
	// namePattern refuses control characters other than tab and line breaks.
	namePattern = `^[^\x00-\x08\x0B\x0C\x0E-\x1F]*$`
	// subjectPattern is what SNS takes as a subject: printable ASCII, less than
	// 100 characters, no white space in front.
	subjectPattern = `^[!-~][ -~]{0,98}$`
	// maxMessageLength characters fit the 256 KB of an SNS message, however
	// many bytes each of them needs.
	maxMessageLength = 60000
)

// newBodyValidator makes API Gateway refuse bodies that don't fit the model.
func newBodyValidator(scope constructs.Construct, api awsapigateway.IRestApi) awsapigateway.RequestValidator {
	return awsapigateway.NewRequestValidator(scope, jsii.String("BodyValidator"), &awsapigateway.RequestValidatorProps{
		RestApi:             api,
		ValidateRequestBody: jsii.Bool(true),
	})
}

// newParameterValidator makes API Gateway refuse requests without a required parameter.
func newParameterValidator(scope constructs.Construct, api awsapigateway.IRestApi) awsapigateway.RequestValidator {
	return awsapigateway.NewRequestValidator(scope, jsii.String("ParameterValidator"), &awsapigateway.RequestValidatorProps{
		RestApi:                   api,
		ValidateRequestParameters: jsii.Bool(true),
	})
}

func newModel(scope constructs.Construct, api awsapigateway.IRestApi, id string, schema *awsapigateway.JsonSchema) *map[string]awsapigateway.IModel {
	schema.Schema = awsapigateway.JsonSchemaVersion_DRAFT4
	model := awsapigateway.NewModel(scope, jsii.String(id), &awsapigateway.ModelProps{
		RestApi:     api,
		ContentType: jsii.String(typeJSON),
		Schema:      schema,
	})
	return &map[string]awsapigateway.IModel{typeJSON: model}
}

// orderSchema describes an order as a client sends it.
func orderSchema(unitPrice *awsapigateway.JsonSchema) *awsapigateway.JsonSchema {
	item := object(map[string]*awsapigateway.JsonSchema{
		"sku": text(skuPattern),
		"name": {
			Type:      awsapigateway.JsonSchemaType_STRING,
			MinLength: jsii.Number(1),
			MaxLength: jsii.Number(200),
			Pattern:   jsii.String(namePattern),
		},
		"quantity": {
			Type:    awsapigateway.JsonSchemaType_INTEGER,
			Minimum: jsii.Number(1),
			Maximum: jsii.Number(10000),
		},
		"unitPrice": unitPrice,
	}, "sku", "name", "quantity", "unitPrice")
	return object(map[string]*awsapigateway.JsonSchema{
		"orderId":    text(idPattern),
		"customerId": text(idPattern),
		"items": {
			Type:     awsapigateway.JsonSchemaType_ARRAY,
			Items:    item,
			MinItems: jsii.Number(1),
			MaxItems: jsii.Number(100),
		},
	}, "customerId", "items")
}

// decimalString is money that a mapping template carries on as it is.
func decimalString() *awsapigateway.JsonSchema { return text(moneyPattern) }

// decimal is money for a function, which computes with it: a string or a number.
func decimal() *awsapigateway.JsonSchema {
	return &awsapigateway.JsonSchema{OneOf: &[]*awsapigateway.JsonSchema{
		decimalString(),
		{
			Type:       awsapigateway.JsonSchemaType_NUMBER,
			Minimum:    jsii.Number(0),
			Maximum:    jsii.Number(1000000),
			MultipleOf: jsii.Number(0.01),
		},
	}}
}

func object(properties map[string]*awsapigateway.JsonSchema, required ...string) *awsapigateway.JsonSchema {
	return &awsapigateway.JsonSchema{
		Type:       awsapigateway.JsonSchemaType_OBJECT,
		Required:   jsii.Strings(required...),
		Properties: &properties,
	}
}

func text(pattern string) *awsapigateway.JsonSchema {
	return &awsapigateway.JsonSchema{Type: awsapigateway.JsonSchemaType_STRING, Pattern: jsii.String(pattern)}
}

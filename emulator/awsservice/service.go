package awsservice

import "strings"

// service is what differs between AWS services for a caller.
type service struct {
	name    string // in integration URIs and IAM actions: "states"
	id      string // in AWS_ENDPOINT_URL_<id>: "SFN"
	signing string // name that requests are signed for
	target  string // prefix of X-Amz-Target; "" for services spoken to in the query protocol
	content string // content type of the JSON protocol
}

// The services for which the gateway speaks JSON by itself (rule 64). Every
// other service gets Action as a request parameter (rules 65 and 67), unless
// the integration maps X-Amz-Target (rules 66 and 68).
var jsonServices = map[string]service{
	"dynamodb": {target: "DynamoDB_20120810", content: "application/x-amz-json-1.0"},
	"states":   {target: "AWSStepFunctions", content: "application/x-amz-json-1.0"},
	"kinesis":  {target: "Kinesis_20131202", content: "application/x-amz-json-1.1"},
	"firehose": {target: "Firehose_20150804", content: "application/x-amz-json-1.1"},
}

// endpointIDs are the service IDs that AWS SDKs look for in variable names,
// where they are not the name in capitals.
var endpointIDs = map[string]string{
	"states":                  "SFN",
	"events":                  "EVENTBRIDGE",
	"logs":                    "CLOUDWATCH_LOGS",
	"monitoring":              "CLOUDWATCH",
	"email":                   "SES",
	"secretsmanager":          "SECRETS_MANAGER",
	"cognito-idp":             "COGNITO_IDENTITY_PROVIDER",
	"elasticloadbalancing":    "ELASTIC_LOAD_BALANCING_V2",
	"sagemaker-runtime":       "SAGEMAKER_RUNTIME",
	"bedrock-runtime":         "BEDROCK_RUNTIME",
	"servicediscovery":        "SERVICEDISCOVERY",
	"application-autoscaling": "APPLICATION_AUTO_SCALING",
	"apigateway":              "API_GATEWAY",
	"autoscaling":             "AUTO_SCALING",
	"config":                  "CONFIG_SERVICE",
	"es":                      "ELASTICSEARCH_SERVICE",
	"iotdata":                 "IOT_DATA_PLANE",
	"route53":                 "ROUTE_53",
}

// lookUp describes the service of this name; names that no table holds follow
// the rules that most services follow.
func lookUp(name string) service {
	s := jsonServices[name]
	s.name, s.signing = name, name
	if name == "email" {
		s.signing = "ses"
	}
	s.id = endpointIDs[name]
	if s.id == "" {
		s.id = strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	}
	return s
}

// variable names the environment variable that chooses the service's endpoint.
func (s service) variable() string { return "AWS_ENDPOINT_URL_" + s.id }

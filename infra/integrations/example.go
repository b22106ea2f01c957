package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// exampleMetadata is the key under which a method's resource holds a request
// to try; the local gateway prints it as a curl line.
const exampleMetadata = "apigw:example"

// exampleOrder is an order that every route that takes JSON orders accepts.
const exampleOrder = `{"customerId":"ada","items":[{"sku":"PEN-1","name":"Pen","quantity":2,"unitPrice":"1.20"}]}`

// example is a request that a route answers with success. Only path is needed.
type example struct {
	method      string // where the method is ANY
	path        string // below the stage, with its query
	contentType string
	header      map[string]string // further headers
	body        string

	// first is sent before: {take} in path stands for that member of its answer.
	first *example
	take  string
}

// record writes the example into the method's metadata.
func (e example) record(method awsapigateway.Method) {
	method.Node().DefaultChild().(awsapigateway.CfnMethod).AddMetadata(jsii.String(exampleMetadata), e.metadata())
}

func (e example) metadata() map[string]any {
	metadata := map[string]any{"path": e.path}
	headers := map[string]string{}
	for name, value := range e.header {
		headers[name] = value
	}
	if e.contentType != "" {
		headers["Content-Type"] = e.contentType
	}
	if len(headers) > 0 {
		metadata["headers"] = headers
	}
	if e.method != "" {
		metadata["method"] = e.method
	}
	if e.body != "" {
		metadata["body"] = e.body
	}
	if e.first != nil {
		metadata["first"], metadata["take"] = e.first.metadata(), e.take
	}
	return metadata
}

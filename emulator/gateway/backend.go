package gateway

import (
	"context"
	"io"
)

// Backend answers the integration requests of one kind of integration.
type Backend interface {
	// Check says at load why the method's integration can't be served; nil
	// when it can. The error names the property and what to do.
	Check(m *Method) error

	// Invoke sends x.IntegrationRequest and returns the endpoint's answer. ctx
	// ends when the integration's timeout is over. An error that is no
	// *Failure becomes INTEGRATION_FAILURE (or INTEGRATION_TIMEOUT when ctx
	// ended); an answer beside it is what the endpoint said before it failed.
	Invoke(ctx context.Context, x *Exchange) (*EndpointResponse, error)
}

// Kind is what decides which backend serves an integration.
type Kind string

// The kinds of integration, each with one backend.
const (
	KindMock        Kind = "mock"         // MOCK
	KindHTTP        Kind = "http"         // HTTP and HTTP_PROXY over the internet
	KindVPCLink     Kind = "vpc-link"     // HTTP and HTTP_PROXY, ConnectionType VPC_LINK
	KindLambda      Kind = "lambda"       // AWS with a Lambda invocation URI
	KindLambdaProxy Kind = "lambda-proxy" // AWS_PROXY
	KindAWSService  Kind = "aws-service"  // AWS with any other service's URI
)

// Backends is the table of backends, see package backend.
type Backends map[Kind]Backend

// IntegrationRequest is what goes to the endpoint, after parameter mapping and
// the request template.
type IntegrationRequest struct {
	Method string // IntegrationHttpMethod; for ANY the client's method (rule 58)
	URI    string // with placeholders and stage variables filled, mapped query appended
	Header Header
	Body   []byte
}

// EndpointResponse is what the endpoint answered.
type EndpointResponse struct {
	StatusCode int
	Header     Header
	Body       []byte
	Stream     io.ReadCloser // the body as it comes, of an integration that streams; then Body is nil

	// Selection is the text that selection patterns are matched against: the
	// status for HTTP, mock and AWS services, errorMessage for Lambda
	// (rules 35, 42, 57). "" selects the response without a pattern.
	Selection string

	// Wire is what came over the wire, where the members above were made of it:
	// for AWS_PROXY the answer of Lambda's Invoke API. nil: the same.
	Wire *EndpointResponse
}

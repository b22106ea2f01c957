package gateway

import (
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// Request is a client's request as it came over the wire.
type Request struct {
	Method     string
	Path       string // raw, never percent-decoded (rule 7), stage included, without query
	RawQuery   string
	Header     Header // spelling and order kept
	Body       []byte
	Host       string
	RemoteAddr string // IP of the client
	Protocol   string // "HTTP/1.1"
}

// Response is what the client gets.
type Response struct {
	StatusCode int
	Header     Header
	Body       []byte
	Stream     io.ReadCloser // instead of Body, while it comes; whoever sends it closes it
}

// Exchange is everything one request carries through the steps. Each step
// reads what the earlier ones wrote and fills its own part.
type Exchange struct {
	Request           *Request
	API               *API
	Time              time.Time
	RequestID         string // UUID
	ExtendedRequestID string
	TraceID           string         // X-Amzn-Trace-Id, full (rule 63)
	Caller            *Caller        // who signed the request, when the method asks for AWS_IAM
	Authorization     *Authorization // what the method's authorizer returned
	APIKey            *APIKey        // the client's, when the method requires one

	IsCanary bool // the stage's canary answers the request

	// Written by match.
	Method         *Method
	ResourcePath   string  // path below the stage; slashes before the resource merged (rule 5)
	PathParameters []Field // in the order of the resource's path, values raw (rule 7)

	IntegrationRequest  *IntegrationRequest
	EndpointResponse    *EndpointResponse
	IntegrationResponse *IntegrationResponse // the chosen one; nil for proxies

	// Overrides that the templates wrote: $context.requestOverride and
	// $context.responseOverride.
	Overrides *Overrides

	Response *Response
	Failure  *Failure // what ended the exchange early

	routes         *node
	throttle       *throttle
	credentials    aws.CredentialsProvider
	authorizations *authorizations
	trace          *trace.Trace // nil: nobody listens
	now            func() time.Time
	test           *TestInvocation // nil: a client's request
	query          []Field
	queryParsed    bool
}

// Query returns the query's parameters decoded (rule 8), in order, repeated
// names included.
func (x *Exchange) Query() []Field {
	if !x.queryParsed {
		x.query, x.queryParsed = ParseQuery(x.Request.RawQuery), true
	}
	return x.query
}

// PathParameter returns the raw value of a path parameter.
func (x *Exchange) PathParameter(name string) (string, bool) {
	return lastValue(x.PathParameters, name)
}

// StageVariables are the variables of the API's stage, or of its canary; nil
// when it has none.
func (x *Exchange) StageVariables() map[string]string {
	if x.IsCanary {
		return x.API.Stage.Canary.Variables
	}
	return x.API.Stage.Variables
}

// ParseQuery decodes a raw query; a broken escape stays as it is. A semicolon
// parts two pairs as well.
func ParseQuery(raw string) []Field {
	var fields []Field
	for pair := range strings.FieldsFuncSeq(raw, func(c rune) bool { return c == '&' || c == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, Field{decodeQuery(name), decodeQuery(value)})
	}
	return fields
}

func decodeQuery(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// lastValue finds the last field of exactly this name: sources of mappings and
// the single-value maps are case-sensitive and the last value wins (rules 12, 107).
func lastValue(fields []Field, name string) (string, bool) {
	for i := len(fields) - 1; i >= 0; i-- {
		if fields[i].Name == name {
			return fields[i].Value, true
		}
	}
	return "", false
}

// allValues returns every value of exactly this name, in order.
func allValues(fields []Field, name string) []string {
	var values []string
	for _, f := range fields {
		if f.Name == name {
			values = append(values, f.Value)
		}
	}
	return values
}

package gateway

import "time"

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
}

// Exchange is everything one request carries through the steps. Each step
// reads what the earlier ones wrote and fills its own part.
type Exchange struct {
	Request *Request
	API     *API
	Time    time.Time

	// Written by match.
	Method              *Method
	ResourcePath        string            // path below the stage, extra slashes merged (rule 5)
	PathParameters      map[string]string // raw values; nil without parameters
	RequestID           string            // UUID
	ExtendedRequestID   string
	TraceID             string // X-Amzn-Trace-Id, full (rule 63)
	IntegrationRequest  *IntegrationRequest
	EndpointResponse    *EndpointResponse
	IntegrationResponse *IntegrationResponse // the chosen one; nil for proxies

	// Overrides that the templates wrote: $context.requestOverride and
	// $context.responseOverride.
	Overrides *Overrides

	Response *Response
}

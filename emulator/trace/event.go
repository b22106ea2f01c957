package trace

import "time"

// Event is one thing that a step did. The table of kinds is below.
type Event interface {
	// Kind names the event, "template".
	Kind() string
	// write puts what the execution log says of it, and what more there is to
	// tell that the service's log leaves out.
	write(*log)
	// size is about what the event holds on to, in bytes.
	size() int
}

// Request is the client's request, whether a method takes it or not.
type Request struct {
	Method     string `json:"method"`
	Path       string `json:"path"`  // with the stage, raw
	Query      string `json:"query"` // raw
	RemoteAddr string `json:"remoteAddr"`
	Header     Header `json:"headers"`
	Body       Body   `json:"body"`
}

// MethodRequest is the request as the method received it.
type MethodRequest struct {
	Method         string `json:"method"`
	Path           string `json:"path"` // below the stage
	PathParameters Fields `json:"pathParameters"`
	Query          Fields `json:"queryString"` // decoded
	Header         Header `json:"headers"`
	Body           Body   `json:"body"`
}

// Authorizer is the call of a Lambda authorizer; the request to its function
// and the answer are an EndpointRequest and an EndpointResponse behind it.
type Authorizer struct {
	ID       string   `json:"id"`
	Identity []string `json:"-"`      // secret
	Cached   bool     `json:"cached"` // it is not asked, because it was before for this identity
}

// AuthorizerResult is what the authorizer said. Whether its policy allows the
// call is decided for each method anew.
type AuthorizerResult struct {
	Principal string `json:"principal"`
}

// UsagePlan is the check of the client's API key.
type UsagePlan struct {
	KeyID    string `json:"apiKeyId"` // "": the client sent none that is valid
	Key      string `json:"-"`        // secret
	Required string `json:"required"` // what requires it, "GET /orders"
	Stage    string `json:"apiStage"` // "a1b2c3/prod"
}

// ParameterMapping is one entry of RequestParameters or ResponseParameters.
type ParameterMapping struct {
	Target string `json:"target"` // integration.request.header.X-Id
	Source string `json:"source"` // method.request.path.id
	Value  string `json:"value"`
	Found  bool   `json:"found"` // false: the source is absent, the target is not set
}

// Passthrough is a body that no mapping template changed.
type Passthrough struct {
	Side   string `json:"side"` // request or response
	Reason string `json:"reason"`
}

// Template is the rendering of a mapping template.
type Template struct {
	Side        string        `json:"side"`        // request or response
	Name        string        `json:"name"`        // file or place in the CloudFormation template
	Text        string        `json:"text"`        // of the template, as it was then
	ContentType string        `json:"contentType"` // that it was chosen by
	Input       Body          `json:"input"`
	Output      Body          `json:"output"`
	Error       string        `json:"error,omitempty"` // file:line:column: what
	Duration    time.Duration `json:"durationNs"`
	Lenient     bool          `json:"-"` // the output is read as MOCK does: {statusCode: 200}

	// Explain renders once more, with the same engine and input, and tells what
	// was read. The request itself pays nothing for it.
	Explain func() []Read `json:"-"`
}

// Read is a reference that a template read, or set by #set.
type Read struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	Text      string `json:"text"` // as the template has it
	Value     string `json:"value"`
	Null      bool   `json:"null"`
	NullFrom  string `json:"nullFrom,omitempty"` // the link that was null, if others follow: "$order", ".items", ".get()", "[]"
	Set       bool   `json:"set"`
	Truncated bool   `json:"truncated"` // Value is only its beginning
}

// Override is what a template set by $context.requestOverride or
// $context.responseOverride.
type Override struct {
	Target string `json:"target"` // requestOverride.header.X-Id, responseOverride.status
	Value  string `json:"value"`
}

// EndpointRequest is what goes to the endpoint. MOCK integrations have none.
type EndpointRequest struct {
	Method string `json:"method"`
	URI    string `json:"uri"`
	Header Header `json:"headers"`
	Body   Body   `json:"body"`
}

// EndpointResponse is what the endpoint answered.
type EndpointResponse struct {
	Status   int           `json:"status"`
	Header   Header        `json:"headers"`
	Body     Body          `json:"body"`
	Streamed bool          `json:"streamed"` // the body went by while it came
	Latency  time.Duration `json:"latencyNs"`
}

// SelectionPattern is a try of an integration response's pattern.
type SelectionPattern struct {
	Pattern string `json:"pattern"` // "": the integration response without one
	Against string `json:"against"` // status or error message
	Matched bool   `json:"matched"`
	Status  string `json:"statusCode"` // of the integration response
}

// HeaderChange is a header that does not go on as it came.
type HeaderChange struct {
	Side string `json:"side"` // request or response
	Name string `json:"name"`
	As   string `json:"as"` // new name; "": dropped
}

// MethodResponse is the answer that passed all steps.
type MethodResponse struct {
	Status   int    `json:"status"`
	Header   Header `json:"headers"`
	Body     Body   `json:"body"`
	Streamed bool   `json:"streamed"`
}

// GatewayResponse is the answer of a request that failed, and why it did.
type GatewayResponse struct {
	Type   string `json:"type"`  // BAD_REQUEST_BODY
	Words  string `json:"words"` // of the service's execution log; "" where it says nothing
	Cause  string `json:"cause"` // what this gateway knows beyond them
	Status int    `json:"status"`
	Header Header `json:"headers"`
	Body   Body   `json:"body"`
}

// Step is the end of a step.
type Step struct {
	Name     string        `json:"name"`
	Duration time.Duration `json:"durationNs"`
}

func (Request) Kind() string          { return "request" }
func (MethodRequest) Kind() string    { return "methodRequest" }
func (Authorizer) Kind() string       { return "authorizer" }
func (AuthorizerResult) Kind() string { return "authorizerResult" }
func (UsagePlan) Kind() string        { return "usagePlan" }
func (ParameterMapping) Kind() string { return "parameterMapping" }
func (Passthrough) Kind() string      { return "passthrough" }
func (Template) Kind() string         { return "template" }
func (Override) Kind() string         { return "override" }
func (EndpointRequest) Kind() string  { return "endpointRequest" }
func (EndpointResponse) Kind() string { return "endpointResponse" }
func (SelectionPattern) Kind() string { return "selectionPattern" }
func (HeaderChange) Kind() string     { return "headerChange" }
func (MethodResponse) Kind() string   { return "methodResponse" }
func (GatewayResponse) Kind() string  { return "gatewayResponse" }
func (Step) Kind() string             { return "step" }

func (e Request) size() int          { return len(e.Body) + e.Header.size() }
func (MethodRequest) size() int      { return 0 } // shares the Request's
func (Authorizer) size() int         { return 0 }
func (AuthorizerResult) size() int   { return 0 }
func (UsagePlan) size() int          { return 0 }
func (e ParameterMapping) size() int { return len(e.Value) }
func (Passthrough) size() int        { return 0 }
func (e Template) size() int         { return len(e.Input) + len(e.Output) }
func (e Override) size() int         { return len(e.Value) }
func (e EndpointRequest) size() int  { return len(e.Body) + e.Header.size() }
func (e EndpointResponse) size() int { return len(e.Body) + e.Header.size() }
func (e SelectionPattern) size() int { return len(e.Against) }
func (HeaderChange) size() int       { return 0 }
func (e MethodResponse) size() int   { return len(e.Body) + e.Header.size() }
func (e GatewayResponse) size() int {
	return len(e.Body) + len(e.Words) + len(e.Cause) + e.Header.size()
}
func (Step) size() int { return 0 }

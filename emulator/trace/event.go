package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

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

// The words and their order are those of recorded calls of TestInvokeMethod
// (rule 103); lines of authorizers and API keys are as users of the service
// show them, their order is unverified.

// A request that no method takes is not in the service's log.
func (Request) write(*log) {}

func (e MethodRequest) write(l *log) {
	l.say("Starting execution for request: " + l.trace.ID)
	l.say("HTTP Method: " + e.Method + ", Resource Path: " + e.Path)
	l.say("Method request path: " + e.PathParameters.String())
	l.say("Method request query string: " + e.Query.String())
	l.payload("Method request headers: " + e.Header.String())
	l.payload("Method request body before transformations: " + e.Body.String())
}

func (e Authorizer) write(l *log) {
	if e.Cached {
		l.tell("authorizer %s is not asked: its result for this identity is still kept", e.ID)
		return
	}
	l.say("Starting authorizer: " + e.ID + " for request: " + l.trace.ID)
	for _, identity := range e.Identity {
		l.say("Incoming identity: " + masked(identity))
	}
}

func (e AuthorizerResult) write(l *log) {
	l.say("Using valid authorizer policy for principal: " + masked(e.Principal))
	l.say("Successfully completed authorizer execution")
}

func (e UsagePlan) write(l *log) {
	l.say("Verifying Usage Plan for request: " + l.trace.ID + ". API Key: " + masked(e.Key) + " API Stage: " + e.Stage)
	if e.KeyID == "" {
		l.say("API Key " + masked(e.Key) + " not authorized because method '" + e.Required +
			"' requires API Key and API Key is not associated with a Usage Plan for API Stage " + e.Stage)
		return
	}
	l.say("API Key " + masked(e.Key) + " authorized because method '" + e.Required + "' requires API Key")
	l.say("Usage Plan check succeeded for API Key " + masked(e.Key) + " and API Stage " + e.Stage)
}

func (e ParameterMapping) write(l *log) {
	if !e.Found {
		l.tell("%s is not set: there is no %s", e.Target, e.Source)
		return
	}
	l.detail("%s = %q from %s", e.Target, e.shown(), e.Source)
}

// shown is the value, masked where it is that of a secret header.
func (e ParameterMapping) shown() string {
	for _, place := range []string{e.Target, e.Source} {
		if isSecret(place[strings.LastIndexByte(place, '.')+1:]) {
			return masked(e.Value)
		}
	}
	return e.Value
}

func (e Passthrough) write(l *log) { l.tell("%s body passes as it is: %s", e.Side, e.Reason) }

func (e Template) write(l *log) {
	l.tell("%s template %s for %s, %s", e.Side, e.Name, e.ContentType, round(e.Duration))
	if e.Error != "" {
		l.tell("%s", e.Error)
		return
	}
	if fault := e.fault(); fault != "" {
		l.tell("%s", fault)
	}
	if e.Explain != nil && l.reads {
		for _, read := range e.Explain() {
			l.detail("%d:%d %s", read.Line, read.Column, read)
		}
	}
}

// fault is what is wrong with an output that begins as JSON does and is none;
// "" for every other.
func (e Template) fault() string {
	if start := bytes.TrimSpace(e.Output); e.Lenient || len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return ""
	}
	var value json.RawMessage
	var syntax *json.SyntaxError
	if !errors.As(json.Unmarshal(e.Output, &value), &syntax) {
		return ""
	}
	before := string(e.Output[:max(syntax.Offset-1, 0)])
	line := before[strings.LastIndexByte(before, '\n')+1:]
	return fmt.Sprintf("the output is no JSON, at %d:%d: %s", strings.Count(before, "\n")+1, utf8.RuneCountInString(line)+1, syntax)
}

// String is the reference with its value.
func (r Read) String() string {
	text, value := r.Text, "null"
	if r.Set {
		text = "#set " + text
	}
	if !r.Null {
		value = strconv.Quote(r.Value)
	}
	if r.NullFrom != "" {
		value += " (from " + r.NullFrom + " on)"
	}
	if r.Truncated {
		value += " …"
	}
	return text + " = " + value
}

func (e Override) write(l *log) { l.detail("%s = %q", e.Target, e.Value) }

func (e EndpointRequest) write(l *log) {
	l.say("Endpoint request URI: " + e.URI)
	l.payload("Endpoint request headers: " + e.Header.String())
	l.payload("Endpoint request body after transformations: " + e.Body.String())
	l.say("Sending request to " + e.URI)
}

func (e EndpointResponse) write(l *log) {
	l.say("Received response. Status: " + strconv.Itoa(e.Status) + ", Integration latency: " + strconv.FormatInt(e.Latency.Milliseconds(), 10) + " ms")
	l.payload("Endpoint response headers: " + e.Header.String())
	if e.Streamed {
		l.tell("the endpoint's body is streamed to the client")
		return
	}
	l.payload("Endpoint response body before transformations: " + e.Body.String())
}

func (e SelectionPattern) write(l *log) {
	switch {
	case e.Pattern == "":
		l.tell("integration response %s, which has no selection pattern, for %s", e.Status, shown(e.Against))
	case e.Matched:
		l.tell("selection pattern %s of integration response %s matches %s", e.Pattern, e.Status, shown(e.Against))
	default:
		l.tell("selection pattern %s of integration response %s does not match %s", e.Pattern, e.Status, shown(e.Against))
	}
}

// shown is what patterns were matched against.
func shown(against string) string {
	if against == "" {
		return "an answer without an error"
	}
	return strconv.Quote(against)
}

func (e HeaderChange) write(l *log) {
	if e.As == "" {
		l.tell("%s header %s is dropped", e.Side, e.Name)
		return
	}
	l.tell("%s header %s becomes %s", e.Side, e.Name, e.As)
}

func (e MethodResponse) write(l *log) {
	if !e.Streamed {
		l.payload("Method response body after transformations: " + e.Body.String())
	}
	l.payload("Method response headers: " + e.Header.String())
	l.say("Successfully completed execution")
	l.completed(e.Status)
}

func (e GatewayResponse) write(l *log) {
	if e.Words != "" {
		l.say(e.Words)
	}
	if e.Cause != "" && !strings.Contains(e.Words, e.Cause) {
		l.tell("%s: %s", e.Type, e.Cause)
	} else {
		l.tell("gateway response %s", e.Type)
	}
	l.completed(e.Status)
}

func (e Step) write(l *log) { l.detail("%s took %s", e.Name, round(e.Duration)) }

func round(d time.Duration) string {
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond).String()
	}
	return fmt.Sprint(d.Round(time.Microsecond / 10))
}

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
	if e.Explain != nil && l.wants(Detail) {
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

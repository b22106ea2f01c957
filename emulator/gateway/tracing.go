package gateway

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// This file turns what the steps know into events of package trace. When nobody
// listens, x.trace is nil and each of these functions returns at once.

// record writes an event. The type parameter keeps it off the heap when nobody
// listens.
func record[E trace.Event](x *Exchange, e E) {
	if x.trace != nil {
		x.trace.Add(e, x.now())
	}
}

// started is the time now, for since; nothing when nobody listens.
func (x *Exchange) started() time.Time {
	if x.trace == nil {
		return time.Time{}
	}
	return x.now()
}

func (x *Exchange) since(begun time.Time) time.Duration {
	if x.trace == nil {
		return 0
	}
	return x.now().Sub(begun)
}

// beginTrace opens the exchange's trace.
func (x *Exchange) beginTrace() {
	r := x.Request
	x.trace = &trace.Trace{
		ID: x.RequestID, Time: x.Time, API: x.API.ID, Stage: x.API.Stage.Name, StageVariables: x.StageVariables(),
		Method: r.Method, Path: r.Path, Query: r.RawQuery,
	}
	record(x, trace.Request{
		Method: r.Method, Path: r.Path, Query: r.RawQuery, RemoteAddr: r.RemoteAddr, Header: traced(r.Header), Body: r.Body,
	})
}

// hand gives the trace to whoever listens.
func (g *Gateway) hand(x *Exchange) {
	if x.trace == nil {
		return
	}
	t := x.trace
	t.Status, t.Latency = x.Response.StatusCode, x.now().Sub(x.Time)
	if x.Method != nil {
		t.Resource = x.Method.Resource.Path
		if x.Method.Integration != nil {
			t.Integration = x.Method.Integration.Type
		}
	}
	g.trace(t)
}

func traced(h []Field) trace.Header {
	all := make(trace.Header, len(h))
	for i, f := range h {
		all[i] = trace.Field(f)
	}
	return all
}

func (x *Exchange) traceMethodRequest() {
	came, _ := trace.Last[trace.Request](x.trace)
	record(x, trace.MethodRequest{
		Method: x.Request.Method, Path: x.ResourcePath, PathParameters: trace.Fields(traced(x.PathParameters)),
		Query: trace.Fields(traced(x.Query())), Header: came.Header, Body: x.Request.Body,
	})
}

func (x *Exchange) traceUsagePlan(key string) {
	if x.trace == nil {
		return
	}
	e := trace.UsagePlan{Key: key, Required: x.Method.HTTPMethod + " " + x.Method.Resource.Path, Stage: x.API.ID + "/" + x.API.Stage.Name}
	if x.APIKey != nil {
		e.KeyID = x.APIKey.ID
	}
	record(x, e)
}

// render renders a mapping template of the integration request or response. A
// template that fails is the service's "Unable to transform" (its words are
// reported by users of the service).
func (x *Exchange) render(side, contentType string, template *MappingTemplate, body []byte) (string, error) {
	input := x.templateInput(body)
	var before *Overrides
	if x.trace != nil {
		before = x.Overrides.clone()
	}
	begun := x.started()
	text, err := template.Render(input)
	if x.trace != nil {
		e := trace.Template{
			Side: side, Name: template.Name(), Text: template.Text(), ContentType: contentType,
			Input: body, Output: trace.Body(text), Duration: x.since(begun),
			Lenient: side == "request" && x.Method.Integration.Type == "MOCK",
			Explain: func() []trace.Read {
				again := *input
				again.Overrides = before.clone()
				return template.reads(&again)
			},
		}
		if err != nil {
			e.Error = err.Error()
		}
		record(x, e)
	}
	if err != nil {
		return "", &Failure{Type: Default5XX, Status: 500, Cause: err, Words: ConfigurationError + "Unable to transform " + side}
	}
	return text, nil
}

// reads renders the template once more, and lists what it reads and sets.
func (t *MappingTemplate) reads(in *TemplateInput) []trace.Read {
	_, observed, _ := t.Observe(in) // an error is in the event already
	reads := make([]trace.Read, len(observed.References))
	for i, r := range observed.References {
		reads[i] = trace.Read{
			Line: r.Line, Column: r.Column, Text: r.Text, Value: r.Value, Null: r.Null, NullFrom: r.NullFrom, Set: r.Set, Truncated: r.Truncated,
		}
	}
	return reads
}

func (x *Exchange) traceRequestOverrides() {
	if x.trace == nil {
		return
	}
	x.traceOverrides("requestOverride.path.", x.Overrides.RequestPath())
	x.traceOverrides("requestOverride.querystring.", x.Overrides.RequestQuerystring())
	x.traceOverrides("requestOverride.header.", x.Overrides.RequestHeader())
}

func (x *Exchange) traceResponseOverrides() {
	if x.trace == nil {
		return
	}
	if status, ok := x.Overrides.ResponseStatus(); ok {
		record(x, trace.Override{Target: "responseOverride.status", Value: strconv.Itoa(status)})
	}
	x.traceOverrides("responseOverride.header.", x.Overrides.ResponseHeader())
}

func (x *Exchange) traceOverrides(target string, fields []Field) {
	for _, f := range fields {
		record(x, trace.Override{Target: target + f.Name, Value: f.Value})
	}
}

// traceEndpointRequest tells of what goes to the endpoint; of an address that
// can't be called the service says nothing (recorded).
func (x *Exchange) traceEndpointRequest() {
	if x.trace == nil || x.Method.Integration.Type == "MOCK" {
		return
	}
	r := x.IntegrationRequest
	address := endpointAddress(r.URI)
	if u, err := url.Parse(address); err != nil || u.Hostname() == "" {
		return
	}
	record(x, trace.EndpointRequest{Method: r.Method, URI: address, Header: x.endpointHeader(), Body: r.Body})
}

// serviceURI is the URI of an AWS integration:
// arn:aws:apigateway:REGION:[SUBDOMAIN.]SERVICE:action/NAME or :path/PATH.
const serviceURI = ":apigateway:"

// endpointAddress is where a request really goes: of an AWS integration the
// service's endpoint.
func endpointAddress(uri string) string {
	_, rest, found := strings.Cut(uri, serviceURI)
	if !strings.HasPrefix(uri, "arn:") || !found {
		return uri
	}
	region, rest, _ := strings.Cut(rest, ":")
	service, what, _ := strings.Cut(rest, ":")
	host := "https://" + service + "." + region + ".amazonaws.com/"
	if subdomain, name, hasSubdomain := strings.Cut(service, "."); hasSubdomain {
		host = "https://" + subdomain + "." + name + "." + region + ".amazonaws.com/"
	}
	if action, isAction := strings.CutPrefix(what, "action/"); isAction {
		name, query, _ := strings.Cut(action, "?")
		address := host + "?Action=" + name
		if query != "" {
			address += "&" + query
		}
		return address
	}
	return host + strings.TrimLeft(strings.TrimPrefix(what, "path/"), "/")
}

// endpointHeader is the header of the request in the order of the recorded
// calls. What signs a call of an AWS service is only named: here it is signed
// for the local endpoint.
func (x *Exchange) endpointHeader() trace.Header {
	header := traced(x.IntegrationRequest.Header)
	if i := x.Method.Integration; i.Type != "AWS" && i.Type != "AWS_PROXY" {
		return header
	}
	const unsaid = "************************"
	signed := trace.Header{
		{Name: "Authorization", Value: unsaid},
		{Name: "X-Amz-Date", Value: x.Time.UTC().Format("20060102T150405Z")},
		{Name: "x-amzn-apigateway-api-id", Value: x.API.ID},
	}
	if x.Method.Integration.Kind == KindLambda || x.Method.Integration.Kind == KindLambdaProxy {
		signed = append(trace.Header{{Name: "x-amzn-lambda-integration-tag", Value: x.RequestID}}, signed...)
	}
	var last trace.Header
	for _, f := range header {
		switch strings.ToLower(f.Name) {
		case "x-amzn-apigateway-api-id":
		case "accept", "user-agent":
			signed = append(signed, f)
		default:
			last = append(last, f)
		}
	}
	return append(append(signed, trace.Field{Name: "X-Amz-Security-Token", Value: unsaid}), last...)
}

func (x *Exchange) traceEndpointResponse(answer *EndpointResponse, begun time.Time) {
	if x.trace == nil || answer == nil || x.Method.Integration.Type == "MOCK" {
		return
	}
	latency := x.since(begun)
	if answer.Wire != nil {
		answer = answer.Wire
	}
	record(x, trace.EndpointResponse{
		Status: answer.StatusCode, Header: traced(answer.Header), Body: answer.Body, Streamed: answer.Stream != nil, Latency: latency,
	})
}

func (x *Exchange) traceMethodResponse() {
	if x.trace == nil {
		return
	}
	r := x.Response
	header := make(trace.Header, 0, len(r.Header))
	if id := r.Header.Get("X-Amzn-Trace-Id"); id != "" { // comes first (recorded)
		header = append(header, trace.Field{Name: "X-Amzn-Trace-Id", Value: id})
	}
	for _, f := range r.Header {
		if !strings.EqualFold(f.Name, "X-Amzn-Trace-Id") {
			header = append(header, trace.Field(f))
		}
	}
	record(x, trace.MethodResponse{Status: r.StatusCode, Header: header, Body: r.Body, Streamed: r.Stream != nil})
}

func (x *Exchange) traceGatewayResponse() {
	if x.trace == nil {
		return
	}
	f := x.Failure
	e := trace.GatewayResponse{
		Type: string(f.Type), Words: f.words(x.Response.StatusCode), Status: x.Response.StatusCode,
		Header: traced(x.Response.Header), Body: x.Response.Body,
	}
	if f.Cause != nil {
		e.Cause = f.Cause.Error()
	}
	record(x, e)
}

// ConfigurationError begins the words for whatever the service blames on the
// API's configuration.
const ConfigurationError = "Execution failed due to configuration error: "

// words are what the execution log says of the failure: the Words of whoever
// failed, else for a status of 500 and more the cause; of what the client did
// wrong only what a table of reported words has.
func (f *Failure) words(status int) string {
	switch {
	case f.Words != "":
		return f.Words
	case failureWords[f.Type] != "":
		return failureWords[f.Type]
	case status < 500:
		return ""
	case f.Cause != nil:
		return ConfigurationError + f.Cause.Error()
	}
	return ConfigurationError + f.message()
}

// failureWords are as users of the service show them; unverified.
var failureWords = map[ResponseType]string{
	AccessDenied:                 "The client is not authorized to perform this operation.",
	AuthorizerConfigurationError: ConfigurationError + "Authorizer error",
	IntegrationFailure:           "Execution failed due to a network error communicating with endpoint",
}

package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// defaultTemplate is the content type of the template for all types that have none.
const defaultTemplate = "$default"

// integrationRequest makes the endpoint's request: parameters, body, overrides, headers.
func integrationRequest(_ context.Context, x *Exchange) error {
	i := x.Method.Integration
	if err := i.CheckMappedHeaders(); err != nil {
		return internalError(err)
	}
	mapped, err := mapParameters(x)
	if err != nil {
		return err
	}
	body, err := requestBody(x)
	if err != nil {
		return err
	}
	mapped.override(x.Overrides)
	x.traceRequestOverrides()
	r := &IntegrationRequest{Method: i.HTTPMethod, Body: body}
	if r.Method == "ANY" || r.Method == "" {
		r.Method = x.Request.Method // rule 58
	}
	r.URI = mapped.uri(x)
	r.Header = integrationHeader(x, body, mapped.header)
	x.IntegrationRequest = r
	if i.Type == "MOCK" {
		return nil // and nothing is sent
	}
	if err := r.Header.checked(); err != nil {
		return internalError(err)
	}
	return nil
}

// CheckMappedHeaders refuses mappings of headers that the integration sets
// itself: every call of such a method fails (rule 51).
func (i *Integration) CheckMappedHeaders() error {
	var forbidden []string
	switch i.Type {
	case "HTTP", "HTTP_PROXY":
		forbidden = []string{"content-length", "transfer-encoding"}
	case "AWS", "AWS_PROXY":
		forbidden = []string{
			"content-length", "transfer-encoding", "authorization", "connection", "expect", "proxy-authenticate", "te",
		}
	}
	for target := range i.RequestParameters {
		name, isHeader := strings.CutPrefix(target, "integration.request.header.")
		if isHeader && slices.Contains(forbidden, strings.ToLower(name)) {
			return fmt.Errorf("RequestParameters: header %s can't be mapped on an integration of type %s", name, i.Type)
		}
	}
	return nil
}

// mappedParameters are the values that mappings, then overrides, give to the
// endpoint's request.
type mappedParameters struct {
	path, query, header []Field
}

func mapParameters(x *Exchange) (*mappedParameters, error) {
	m := &mappedParameters{}
	mappings := x.Method.Integration.RequestParameters
	for _, target := range sortedKeys(mappings) {
		value, found, err := requestSource(x, mappings[target])
		record(x, trace.ParameterMapping{Target: target, Source: mappings[target], Value: value.text(), Found: found})
		if errors.Is(err, errMalformedBody) {
			return nil, &Failure{Type: BadRequestParameters, Message: "Invalid JSON in request body", Cause: err}
		}
		if err != nil {
			return nil, internalError(err)
		}
		if !found {
			continue
		}
		location, name, _ := strings.Cut(strings.TrimPrefix(target, "integration.request."), ".")
		switch location {
		case "path":
			m.path = append(m.path, Field{name, value.text()})
		case "header":
			m.header = append(m.header, Field{name, value.text()})
		case "querystring":
			for _, v := range value {
				m.query = append(m.query, Field{name, v})
			}
		}
	}
	return m, nil
}

// override puts what the request template wrote to $context.requestOverride
// over the mapped values (rules 44, 68).
func (m *mappedParameters) override(o *Overrides) {
	m.path = replaced(m.path, o.RequestPath(), false)
	m.query = replaced(m.query, o.RequestQuerystring(), false)
	m.header = replaced(m.header, o.RequestHeader(), true)
}

func replaced(fields, overrides []Field, foldCase bool) []Field {
	kept := slices.DeleteFunc(slices.Clone(fields), func(f Field) bool {
		return slices.ContainsFunc(overrides, func(o Field) bool {
			return o.Name == f.Name || foldCase && strings.EqualFold(o.Name, f.Name)
		})
	})
	return append(kept, overrides...)
}

// requestBody is what the endpoint gets: the client's body, or what the
// template of its content type makes of it (rules 34, 72, 75, 105).
func requestBody(x *Exchange) ([]byte, error) {
	i := x.Method.Integration
	if i.Type == "AWS_PROXY" { // the event is made of the client's body as it is (rule 20)
		event, err := x.ProxyEvent()
		if err != nil {
			return nil, internalError(err)
		}
		return event, nil
	}
	body, err := newPayload(x.Request.Body, x.API.IsBinary(x.contentType())).convertRequest(i.ContentHandling)
	if err != nil {
		return nil, internalError(err)
	}
	if i.IsProxy() {
		return body.data, nil
	}
	template, err := requestTemplate(i, x.contentType())
	if template == nil || err != nil {
		if err == nil {
			record(x, trace.Passthrough{Side: "request", Reason: "no request template for " + x.contentType()})
		}
		return body.data, err
	}
	if body.binary && len(body.data) > 0 {
		return nil, internalError(errBinaryTemplate)
	}
	text, err := x.render("request", x.contentType(), template, body.data)
	return []byte(text), err
}

// requestTemplate chooses the template for a content type; nil lets the body pass.
func requestTemplate(i *Integration, contentType string) (*MappingTemplate, error) {
	for _, key := range []string{contentType, defaultTemplate} {
		if t := i.RequestTemplates[key]; t != nil {
			return t, nil
		}
	}
	switch {
	case i.PassthroughBehavior == "NEVER",
		i.PassthroughBehavior == "WHEN_NO_TEMPLATES" && len(i.RequestTemplates) > 0:
		return nil, &Failure{Type: UnsupportedMediaType, Cause: fmt.Errorf(
			"no request template for %s (there are some for %s), and PassthroughBehavior is %s",
			contentType, strings.Join(sortedKeys(i.RequestTemplates), ", "), i.PassthroughBehavior)}
	}
	return nil, nil
}

// stageVariable is a stage variable in a URI or in credentials.
var stageVariable = regexp.MustCompile(`\$\{stageVariables\.([^}]*)\}`)

// FillStageVariables puts values in place of "${stageVariables.name}"; a
// variable that there is not is empty (rules 39, 62).
func FillStageVariables(text string, variables map[string]string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return stageVariable.ReplaceAllStringFunc(text, func(reference string) string {
		return variables[stageVariable.FindStringSubmatch(reference)[1]]
	})
}

// uri fills in stage variables (rule 62) and path placeholders (rule 59), then
// adds the query: the URI's own pairs, the mapped ones and, for a proxy, the
// client's.
func (m *mappedParameters) uri(x *Exchange) string {
	uri := FillStageVariables(x.Method.Integration.URI, x.StageVariables())
	for _, p := range m.path {
		uri = strings.ReplaceAll(uri, "{"+p.Name+"}", escapePath(p.Value))
	}
	var pairs []string
	for _, q := range m.query {
		pairs = append(pairs, url.QueryEscape(q.Name)+"="+url.QueryEscape(q.Value))
	}
	if x.Method.Integration.Type == "HTTP_PROXY" && x.Request.RawQuery != "" {
		pairs = append(pairs, x.Request.RawQuery)
	}
	if len(pairs) == 0 {
		return uri
	}
	separator := "?"
	if strings.Contains(uri, "?") {
		separator = "&"
	}
	return uri + separator + strings.Join(pairs, "&")
}

// escapePath escapes what can't stand in a path; what the client already
// escaped stays (rule 7).
func escapePath(value string) string {
	var b strings.Builder
	for _, c := range []byte(value) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>\^`+"`{|}?#", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// notForwarded are the client's headers that HTTP_PROXY keeps back (rule 49).
// Host and Content-Length are those of the new request.
var notForwarded = []string{
	"connection", "content-encoding", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te",
	"trailer", "transfer-encoding", "upgrade", "via", "www-authenticate", "host", "content-length",
}

// integrationHeader is the endpoint's header: for HTTP_PROXY the client's, for
// all others the gateway's own (rules 48, 49), with the mapped ones over it.
func integrationHeader(x *Exchange, body []byte, mapped []Field) Header {
	var h Header
	if x.Method.Integration.Type == "HTTP_PROXY" {
		h = slices.DeleteFunc(x.Request.Header.Clone(), func(f Field) bool {
			dropped := slices.Contains(notForwarded, strings.ToLower(f.Name)) || isSignature(f)
			if dropped {
				record(x, trace.HeaderChange{Side: "request", Name: f.Name})
			}
			return dropped
		})
	} else {
		h = make(Header, 0, 5+len(mapped))
		h.Add("Accept", "application/json")
		h.Add("User-Agent", "AmazonAPIGateway_"+x.API.ID)
		if len(body) > 0 {
			h.Add("Content-Type", x.contentTypeHeader())
		}
	}
	h.Set("X-Amzn-Apigateway-Api-Id", x.API.ID)
	h.Set("X-Amzn-Trace-Id", x.TraceID)
	seen := map[string]bool{}
	for _, f := range mapped {
		if key := strings.ToLower(f.Name); !seen[key] {
			seen[key] = true
			h.Set(f.Name, f.Value)
			continue
		}
		h.Add(f.Name, f.Value) // further elements of an override's list
	}
	return h
}

// contentTypeHeader is the client's Content-Type as sent, parameters included.
func (x *Exchange) contentTypeHeader() string {
	if value := x.Request.Header.Get("Content-Type"); value != "" {
		return value
	}
	return "application/json"
}

package conformance

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// TestInvoke are the parameters of a call of TestInvokeMethod.
type TestInvoke struct {
	Resource       string            `json:"resource"` // path of it
	Method         string            `json:"httpMethod"`
	Path           string            `json:"pathWithQueryString"`
	Headers        map[string]string `json:"headers"`
	Body           string            `json:"body"`
	StageVariables map[string]string `json:"stageVariables"`
}

// testInvoke calls a method of the API without a listener, as the service does.
func testInvoke(ctx context.Context, api *gateway.API, c *Case) (*received, error) {
	var written *trace.Trace
	g := gateway.New(gateway.Options{API: api, Trace: func(t *trace.Trace) { written = t }})
	call := c.Request.TestInvoke
	invocation := &gateway.TestInvocation{
		Resource: call.Resource, Method: call.Method, Path: call.Path, Body: []byte(call.Body), StageVariables: call.StageVariables,
	}
	if invocation.StageVariables == nil {
		invocation.StageVariables = c.StageVariables
	}
	for _, name := range sortedKeys(call.Headers) {
		invocation.Header.Add(name, call.Headers[name])
	}
	response, err := g.TestInvoke(ctx, invocation)
	if err != nil {
		return nil, err
	}
	got := &received{status: response.StatusCode, header: http.Header{}, body: response.Body, log: written.ExecutionLog()}
	for _, f := range response.Header {
		got.header[f.Name] = append(got.header[f.Name], f.Value)
	}
	return got, nil
}

// compareLog compares the execution log line by line. The lines of a recording
// may be cut; there they are compared as far as they go.
func compareLog(expect map[string]any, log string) []string {
	want, ok := expect["log"].([]any)
	if !ok {
		return nil
	}
	got := strings.Split(log, "\n")
	var found []string
	if len(got) != len(want) {
		found = append(found, fmt.Sprintf("log: want %d lines, got %d", len(want), len(got)))
	}
	names := map[string]string{}
	for i := range min(len(want), len(got)) {
		if !fits(text(want[i]), got[i], names) {
			found = append(found, fmt.Sprintf("log line %d:\n  want %s\n  got  %s", i+1, want[i], got[i]))
		}
	}
	return found
}

// varies are the parts of a recorded line that each call has in its own way.
var varies = regexp.MustCompile(`<[a-z][a-z0-9:_-]*>|DDD MMM dd hh:mm:ss UTC yyyy|Day, dd MMM yyyy hh:mm:ss GMT|\b1{12}\b`)

// fits says whether a line is the recorded one. What a name in <> stands for is
// the same in all lines.
func fits(want, got string, names map[string]string) bool {
	want, cut := strings.CutSuffix(want, " [TRUNCATED]")
	var pattern strings.Builder
	pattern.WriteString(`\A(?s)`)
	var groups []string
	rest := want
	for _, place := range varies.FindAllString(want, -1) {
		before, after, _ := strings.Cut(rest, place)
		pattern.WriteString(regexp.QuoteMeta(before))
		if value, known := names[place]; known && strings.HasPrefix(place, "<") {
			pattern.WriteString(regexp.QuoteMeta(value))
		} else {
			pattern.WriteString(`(.+?)`)
			groups = append(groups, place)
		}
		rest = after
	}
	pattern.WriteString(regexp.QuoteMeta(rest))
	if !cut {
		pattern.WriteString(`\z`)
	}
	match := regexp.MustCompile(pattern.String()).FindStringSubmatch(got)
	if match == nil {
		return false
	}
	for i, place := range groups {
		names[place] = match[i+1]
	}
	return true
}

// compareMultiValueHeaders compares all values of the headers.
func compareMultiValueHeaders(expect map[string]any, header http.Header) []string {
	want, ok := expect["multiValueHeaders"].(object)
	if !ok {
		return nil
	}
	got := object{}
	for name, values := range header {
		got[name] = list(values)
	}
	return mismatches("multiValueHeaders", want, got, expect["headersComplete"] != true)
}

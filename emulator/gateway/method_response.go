package gateway

import (
	"context"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// methodResponse adds the gateway's own headers (rules 47, 56) and compresses.
func methodResponse(_ context.Context, x *Exchange) error {
	h := &x.Response.Header
	if err := h.checked(); err != nil {
		if x.Response.Stream != nil {
			x.Response.Stream.Close()
		}
		return internalError(err)
	}
	switch x.Method.Integration.Type {
	case "HTTP", "AWS", "AWS_PROXY":
		h.Set("X-Amzn-Trace-Id", x.TraceID)
	}
	x.traceMethodResponse()
	if x.test != nil { // which tell nothing of the transport (rule 103)
		return nil
	}
	h.Set("x-amzn-RequestId", x.RequestID)
	h.Set("x-amz-apigw-id", x.ExtendedRequestID)
	compress(x)
	return nil
}

// gatewayHeaders are as many as methodResponse adds.
const gatewayHeaders = 3

// remappedPrefix is put before the names of headers that an API may not set.
const remappedPrefix = "x-amzn-Remapped-"

// remappedOfMapped are the mapped headers that come back under another name (rule 54).
var remappedOfMapped = []string{
	"authorization", "connection", "content-length", "content-md5", "date", "expect", "host", "max-forwards",
	"proxy-authenticate", "server", "trailer", "upgrade", "user-agent", "www-authenticate",
}

// remappedOfProxy are the endpoint's headers that come back under another name (rule 53).
var remappedOfProxy = []string{"connection", "content-length", "date", "server", "x-amzn-requestid"}

// proxyResponse passes the endpoint's answer on, some headers renamed (rules 53, 55).
func proxyResponse(x *Exchange) *Response {
	answer := x.EndpointResponse
	return &Response{
		StatusCode: answer.StatusCode,
		Header:     remap(x, answer.Header, remappedOfProxy),
		Body:       answer.Body,
		Stream:     answer.Stream,
	}
}

// remap renames the listed headers and drops Transfer-Encoding, which belongs
// to the connection.
func remap(x *Exchange, header []Field, names []string) []Field {
	kept := make([]Field, 0, len(header)+gatewayHeaders)
	for _, f := range header {
		name := strings.ToLower(f.Name)
		switch {
		case name == "transfer-encoding":
			record(x, trace.HeaderChange{Side: "response", Name: f.Name})
		case slices.Contains(names, name):
			record(x, trace.HeaderChange{Side: "response", Name: f.Name, As: remappedPrefix + f.Name})
			kept = append(kept, Field{remappedPrefix + f.Name, f.Value})
		default:
			kept = append(kept, f)
		}
	}
	return kept
}

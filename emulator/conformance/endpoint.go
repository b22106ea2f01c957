package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// endpoint is a backend of a case that remembers what reached it.
type endpoint struct {
	spec    *Backend
	server  *httptest.Server // nil for one in this process
	respond http.HandlerFunc // nil: as spec says

	mu  sync.Mutex
	got *arrived
}

// arrived is the request that reached an endpoint.
type arrived struct {
	method string
	path   string // as on the wire
	query  url.Values
	header gateway.Header
	body   []byte
}

func (e *endpoint) remember(a *arrived) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.got = a
}

func (e *endpoint) arrived() *arrived {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.got
}

// listen starts the endpoint on loopback.
func (e *endpoint) listen(tls bool) {
	e.server = httptest.NewUnstartedServer(e)
	if tls {
		e.server.StartTLS()
		return
	}
	e.server.Start()
}

// ServeHTTP answers as the recorded host did.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a := &arrived{method: r.Method, path: r.URL.EscapedPath(), query: r.URL.Query(), body: body}
	a.header.Add("Host", r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			a.header.Add(name, value)
		}
	}
	e.remember(a)
	if e.respond != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		e.respond(w, r)
		return
	}
	answer := e.answer(a)
	for name, value := range answer.Headers {
		w.Header()[name] = []string{value} // not respelled
	}
	if answer.Headers["Content-Type"] == "" {
		w.Header()["Content-Type"] = nil // none is guessed
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.payload()) // a client that is gone needs no answer
}

func (e *endpoint) answer(a *arrived) Answer {
	if e.spec.Kind != "http-echo" {
		return e.spec.Responds
	}
	switch e.spec.Style {
	case "raw-body":
		return Answer{Status: 200, Body: string(a.body)}
	case "lambda-url":
		return Answer{Status: 200, Body: a.describe(), Headers: map[string]string{
			"Content-Type": "application/json", "Connection": "keep-alive",
			"x-amzn-RequestId": "endpoint-request", "X-Amzn-Trace-Id": "Root=endpoint-trace",
		}}
	}
	return Answer{Status: 200, Body: a.describe(), Headers: map[string]string{
		"Content-Type": "application/json", "Connection": "keep-alive", "Server": "gunicorn/19.9.0",
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true",
	}}
}

// describe is the body of an echo.
func (a *arrived) describe() string {
	header := map[string]string{}
	for _, f := range a.header {
		header[f.Name] = f.Value
	}
	text, _ := json.Marshal(map[string]any{ // texts always marshal
		"method": a.method, "path": a.path, "args": a.query, "headers": header, "data": string(a.body),
	})
	return string(text)
}

func (a Answer) payload() []byte {
	if a.BodyBase64 != nil {
		return a.BodyBase64
	}
	return []byte(a.Body)
}

// Check accepts every method: the endpoint in this process stands for one that
// the case only names.
func (e *endpoint) Check(*gateway.Method) error { return nil }

// Invoke answers as an object store that holds one object.
func (e *endpoint) Invoke(_ context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	r := x.IntegrationRequest
	uri, err := url.Parse(r.URI)
	if err != nil {
		return nil, err
	}
	_, path, _ := strings.Cut(uri.Opaque, ":path/")
	e.remember(&arrived{method: r.Method, path: "/" + path, query: uri.Query(), header: r.Header, body: r.Body})
	answer := &gateway.EndpointResponse{
		StatusCode: e.spec.Responds.Status,
		Body:       e.spec.Responds.payload(),
		Selection:  strconv.Itoa(e.spec.Responds.Status),
	}
	for name, value := range e.spec.Responds.Headers {
		answer.Header.Add(name, value)
	}
	return answer, nil
}

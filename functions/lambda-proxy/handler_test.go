package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/functions/internal/order/ordertest"
	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
	"github.com/apigw-integrations/apigw-integrations/internal/problem"
)

const (
	cup     = `{"customerId":"c-1","items":[{"sku":"A","name":"Secret cup","quantity":2,"unitPrice":"12.50"}]}`
	twoCups = `{"customerId":"c-1","items":[{"sku":"A","name":"Secret cup","quantity":3,"unitPrice":"12.50"}]}`
	stored  = `{"orderId":"new-1","customerId":"c-1","status":"CREATED","createdAt":"2026-11-24T05:40:00.123Z",` +
		`"items":[{"sku":"A","name":"Secret cup","quantity":2,"unitPrice":"12.50","lineTotal":"25.00"}],"total":"25.00"}`
)

// newHandler numbers requests' orders new-1, new-2 ….
func newHandler(table *ordertest.Table, log *bytes.Buffer) *handler {
	n := 0
	return &handler{
		store: order.NewStore(table, "orders"),
		log:   slog.New(slog.NewJSONHandler(log, nil)),
		now:   func() time.Time { return time.Date(2026, 11, 24, 5, 40, 0, 123e6, time.UTC) },
		newID: func() string { n++; return fmt.Sprintf("new-%d", n) },
	}
}

func post(body string, change ...func(*request)) request {
	r := request{Resource: "/lambda-proxy/orders", HTTPMethod: "POST", Path: "/lambda-proxy/orders", Body: body}
	r.RequestContext = events.APIGatewayProxyRequestContext{Stage: "prod", Path: "/prod/lambda-proxy/orders", RequestID: "r-1"}
	for _, c := range change {
		c(&r)
	}
	return r
}

func get(customer, id string) request {
	return request{
		Resource: "/lambda-proxy/orders/{customerId}/{orderId}", HTTPMethod: "GET",
		PathParameters: map[string]string{"customerId": customer, "orderId": id},
	}
}

func key(values ...string) func(*request) {
	return func(r *request) {
		r.Headers = map[string]string{"idempotency-KEY": values[len(values)-1]}
		r.MultiValueHeaders = map[string][]string{"idempotency-KEY": values}
	}
}

func requestID(id string) func(*request) {
	return func(r *request) { r.RequestContext.RequestID = id }
}

var handleTests = []struct {
	name     string
	table    *ordertest.Table
	before   []request // played first
	request  request
	status   int
	detail   string // of problem details
	pointers string // of their errors
}{
	{name: "create", request: post(cup), status: 201},
	{name: "create, base64", status: 201, request: post(base64.StdEncoding.EncodeToString([]byte(cup)),
		func(r *request) { r.IsBase64Encoded = true })},
	{name: "create, base64 broken", status: 400, detail: "base64", request: post("%", func(r *request) { r.IsBase64Encoded = true })},
	{name: "every fault", request: post(`{"customerId":"","items":[{}],"x":1}`), status: 400, detail: "rules",
		pointers: "#/x #/customerId #/items/0/sku #/items/0/name #/items/0/quantity #/items/0/unitPrice"},
	{name: "order ID is not the client's to choose", request: post(strings.Replace(cup, "{", `{"orderId":"o",`, 1)), status: 400,
		detail: "rules", pointers: "#/orderId"},
	{name: "no body", request: post(""), status: 400, detail: "not well-formed JSON: it is empty"},
	{name: "malformed", request: post("{"), status: 400, detail: "not well-formed JSON"},
	{name: "too large", request: post(strings.Repeat(" ", maxBody) + cup), status: 413, detail: "512 KiB"},
	{name: "large, but valid", request: post(strings.Repeat(" ", maxBody-len(cup)) + cup), status: 201},

	{name: "key, first use", request: post(cup, key("k")), status: 201},
	{name: "key, same body", before: []request{post(cup, key("k"))}, request: post(" "+cup, key("k"), requestID("r-2")), status: 200},
	{name: "key, other body", before: []request{post(cup, key("k"))}, request: post(twoCups, key("k"), requestID("r-2")), status: 409, detail: "Idempotency-Key"},
	{name: "other key", before: []request{post(cup, key("k"))}, request: post(twoCups, key("l"), requestID("r-2")), status: 201},
	{name: "key, other customer", before: []request{post(cup, key("k"))},
		request: post(strings.Replace(twoCups, "c-1", "c-2", 1), key("k"), requestID("r-2")), status: 201},
	{name: "key, longest", request: post(cup, key(strings.Repeat("k", 255))), status: 201},
	{name: "key, too long", request: post(cup, key(strings.Repeat("k", 256))), status: 400, detail: "Idempotency-Key"},
	{name: "key, empty", request: post(cup, key("")), status: 400, detail: "Idempotency-Key"},
	{name: "key, other characters", request: post(cup, key("kä")), status: 400, detail: "Idempotency-Key"},
	{name: "key, twice", request: post(cup, key("k", "k")), status: 400, detail: "Idempotency-Key"},
	{name: "key without multi-value headers", request: post(cup, key(""), func(r *request) { r.MultiValueHeaders = nil }), status: 400, detail: "Idempotency-Key"},

	{name: "get", before: []request{post(cup)}, request: get("c-1", "new-1"), status: 200},
	{name: "get, none", request: get("c-1", "new-1"), status: 404, detail: "no such order"},
	{name: "get, of another customer", before: []request{post(cup)}, request: get("c-2", "new-1"), status: 404, detail: "no such order"},
	{name: "get, never an ID", table: &ordertest.Table{Err: errors.New("must not be asked")}, request: get("c%2F1", "x"), status: 404, detail: "no such order"},

	{name: "unknown resource", request: request{Resource: "/", HTTPMethod: "GET"}, status: 404, detail: "no such resource"},
	{name: "other method", request: request{Resource: "/lambda-proxy/orders", HTTPMethod: "PUT"}, status: 405, detail: "method"},
	{name: "table out of order", table: &ordertest.Table{Err: errors.New("internal detail")}, request: post(cup), status: 500, detail: "could not be processed"},
	{name: "table throttled", table: &ordertest.Table{Err: fmt.Errorf("%w: internal detail", dynamo.ErrUnavailable)}, request: get("c", "o"), status: 503, detail: "try again"},
}

func TestHandle(t *testing.T) {
	for _, test := range handleTests {
		t.Run(test.name, func(t *testing.T) {
			if test.table == nil {
				test.table = &ordertest.Table{}
			}
			var log bytes.Buffer
			h := newHandler(test.table, &log)
			for _, r := range test.before {
				if answer, err := h.handle(t.Context(), r); err != nil || answer.StatusCode != 201 {
					t.Fatalf("before: %v, %v", answer, err)
				}
			}
			answer, err := h.handle(t.Context(), test.request)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != test.status {
				t.Errorf("status = %d, want %d; body %s", answer.StatusCode, test.status, answer.Body)
			}
			checkHeaders(t, answer)
			if test.status >= 400 {
				checkProblem(t, answer, test.detail, test.pointers)
			}
			if strings.Contains(log.String(), "Secret") {
				t.Errorf("the log holds a body: %s", log.String())
			}
			if !strings.Contains(log.String(), fmt.Sprintf(`"status":%d`, test.status)) {
				t.Errorf("the log misses the request: %s", log.String())
			}
		})
	}
}

func checkHeaders(t *testing.T, answer response) {
	t.Helper()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := answer.Headers[name]; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

func checkProblem(t *testing.T, answer response, detail, pointers string) {
	t.Helper()
	var p problem.Problem
	if err := json.Unmarshal([]byte(answer.Body), &p); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, fault := range p.Errors {
		got = append(got, fault.Pointer)
	}
	if answer.Headers["Content-Type"] != "application/problem+json" || p.Status != answer.StatusCode || p.Title == "" || p.Type == "" {
		t.Errorf("not problem details: %v %s", answer.Headers, answer.Body)
	}
	if !strings.Contains(p.Detail, detail) || strings.Contains(answer.Body, "internal detail") {
		t.Errorf("detail = %q, want %q in it and nothing internal", p.Detail, detail)
	}
	if strings.Join(got, " ") != pointers {
		t.Errorf("pointers = %v, want %v", got, pointers)
	}
}

func TestBodies(t *testing.T) {
	h := newHandler(&ordertest.Table{}, &bytes.Buffer{})
	for _, r := range []request{post(cup), get("c-1", "new-1")} {
		if answer, err := h.handle(t.Context(), r); err != nil || answer.Body != stored {
			t.Errorf("%s: got  %s\nwant %s", r.HTTPMethod, answer.Body, stored)
		}
	}
}

func TestAllow(t *testing.T) {
	h := newHandler(&ordertest.Table{}, &bytes.Buffer{})
	answer, err := h.handle(t.Context(), request{Resource: "/lambda-proxy/orders", HTTPMethod: "DELETE"})
	if err != nil || answer.Headers["Allow"] != "POST" {
		t.Errorf("Allow = %q, %v", answer.Headers["Allow"], err)
	}
}

func TestLocation(t *testing.T) {
	for _, test := range []struct{ name, contextPath, path, want string }{
		{"stage", "/prod/lambda-proxy/orders", "/lambda-proxy/orders", "/prod/lambda-proxy/orders/c-1/new-1"},
		{"base path of a custom domain", "/shop/lambda-proxy/orders", "/lambda-proxy/orders", "/shop/lambda-proxy/orders/c-1/new-1"},
		{"slashes that would name a host", "//prod//lambda-proxy/orders/", "/lambda-proxy/orders", "/prod/lambda-proxy/orders/c-1/new-1"},
		{"no path in the context", "", "/lambda-proxy/orders", "/prod/lambda-proxy/orders/c-1/new-1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHandler(&ordertest.Table{}, &bytes.Buffer{})
			answer, err := h.handle(t.Context(), post(cup, func(r *request) { r.RequestContext.Path, r.Path = test.contextPath, test.path }))
			if err != nil || answer.Headers["Location"] != test.want {
				t.Errorf("Location = %q, %v; want %q", answer.Headers["Location"], err, test.want)
			}
		})
	}
}

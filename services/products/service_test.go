package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const cup = `{"id":"p-1","sku":"A.1","name":"Secret cup","unitPrice":12.5}`

const storedCup = `{"id":"p-1","sku":"A.1","name":"Secret cup","unitPrice":"12.50"}`

var serviceTests = []struct {
	name, method, path, body string
	filled                   bool // the table holds cup
	fault                    string
	status                   int
	want                     string // in the body
}{
	{name: "health", method: "GET", path: "/health", status: 200, want: `{"status":"ok"}`},
	{name: "health with stage", method: "GET", path: "/prod/health", status: 200, want: `{"status":"ok"}`},
	{name: "list, none", method: "GET", path: "/products", status: 200, want: `{"products":[]}`},
	{name: "list", method: "GET", path: "/prod/products", filled: true, status: 200, want: `{"products":[` + storedCup + `]}`},
	{name: "list, limit too large", method: "GET", path: "/products?limit=101", status: 400, want: "limit must be"},
	{name: "list, limit no number", method: "GET", path: "/products?limit=", status: 400, want: "limit must be"},
	{name: "list, next malformed", method: "GET", path: "/products?next=%22", status: 400, want: "next must be"},
	{name: "create", method: "POST", path: "/products", body: cup, status: 201, want: storedCup},
	{name: "create with stage", method: "POST", path: "/prod/products", body: cup, status: 201, want: storedCup},
	{name: "create, ID ours", method: "POST", path: "/products", body: strings.Replace(cup, `"id":"p-1",`, "", 1), status: 201, want: `"sku":"A.1"`},
	{name: "create, exists", method: "POST", path: "/products", body: cup, filled: true, status: 409, want: "exists"},
	{name: "create, every fault", method: "POST", path: "/products", body: `{"id":"","sku":1,"unitPrice":"1.005","x":0}`, status: 400,
		want: `"errors":[{"pointer":"#/x","detail":"is not a known member"},{"pointer":"#/id","detail":"must be 1 to 64 letters, digits, - or _"},` +
			`{"pointer":"#/sku","detail":"must be a string"},{"pointer":"#/name","detail":"is required"},` +
			`{"pointer":"#/unitPrice","detail":"must be a plain decimal number from 0 to 1000000 with at most two decimal places"}]`},
	{name: "create, malformed", method: "POST", path: "/products", body: `{`, status: 400, want: "not well-formed JSON"},
	{name: "create, too large", method: "POST", path: "/products", body: strings.Repeat(" ", maxBody) + cup, status: 413, want: "16 KiB"},
	{name: "get", method: "GET", path: "/products/p-1", filled: true, status: 200, want: storedCup},
	{name: "get, none", method: "GET", path: "/products/p-1", status: 404, want: "no such product"},
	{name: "get, never an ID", method: "GET", path: "/products/a%2Fb", status: 404, want: "no such product"},
	{name: "delete", method: "DELETE", path: "/prod/products/p-1", filled: true, status: 204},
	{name: "delete, none", method: "DELETE", path: "/products/p-1", status: 404, want: "no such product"},
	{name: "unknown", method: "GET", path: "/orders", status: 404, want: "no such resource"},
	{name: "unknown with stage", method: "GET", path: "/prod/orders", status: 404, want: "no such resource"},
	{name: "stage of a like name", method: "GET", path: "/production/products", status: 404, want: "no such resource"},
	{name: "method", method: "PUT", path: "/products/p-1", status: 405, want: "method"},
	{name: "table missing", method: "GET", path: "/products", fault: "ResourceNotFoundException", status: 500, want: "could not be processed"},
	{name: "throttled", method: "GET", path: "/products/p-1", fault: "ThrottlingException", status: 503, want: "try again"},
}

func TestService(t *testing.T) {
	for _, test := range serviceTests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			s := &service{newStore(t, test.fault), slog.New(slog.NewJSONHandler(&log, nil))}
			h := s.handler("prod")
			if test.filled {
				if answer := ask(h, "POST", "/products", cup); answer.Code != 201 {
					t.Fatal(answer.Body)
				}
			}
			answer := ask(h, test.method, test.path, test.body)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.want) {
				t.Errorf("got %d %s\nwant %d %s", answer.Code, answer.Body, test.status, test.want)
			}
			if answer.Header().Get("Access-Control-Allow-Origin") != "*" || answer.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", answer.Header())
			}
			if isProblem := answer.Header().Get("Content-Type") == "application/problem+json"; isProblem != (test.status >= 400) {
				t.Errorf("Content-Type %q", answer.Header().Get("Content-Type"))
			}
			if strings.Contains(answer.Body.String(), "internal detail") || strings.Contains(log.String(), "Secret") {
				t.Errorf("body %s, log %s", answer.Body, log.String())
			}
		})
	}
}

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

func TestCreateTellsWhereItIs(t *testing.T) {
	s := &service{newStore(t, ""), slog.New(slog.DiscardHandler)}
	answer := ask(s.handler("prod"), "POST", "/products", cup)
	if got := answer.Header().Get("Location"); got != "products/p-1" {
		t.Errorf("Location %q", got)
	}
	if got := ask(s.handler("prod"), "PUT", "/products", "").Header().Get("Allow"); got != "GET, POST" {
		t.Errorf("Allow %q", got)
	}
}

func TestListGoesOn(t *testing.T) {
	s := &service{newStore(t, ""), slog.New(slog.DiscardHandler)}
	h := s.handler("")
	for i := range 3 {
		ask(h, "POST", "/products", strings.Replace(cup, "p-1", fmt.Sprintf("p-%d", i), 1))
	}
	first := ask(h, "GET", "/products?limit=2", "").Body.String()
	if !strings.HasSuffix(first, `"next":"p-1"}`) {
		t.Errorf("first page %s", first)
	}
	if rest := ask(h, "GET", "/products?limit=2&next=p-1", "").Body.String(); !strings.Contains(rest, "p-2") || strings.Contains(rest, "next") {
		t.Errorf("second page %s", rest)
	}
}

func TestLogCarriesTheGatewaysRequestID(t *testing.T) {
	for _, test := range []struct{ name, requestID, trace, want string }{
		{"request ID", "r-1", "Root=1", `"requestId":"r-1","method":"GET","resource":"/products/{id}"`},
		{"trace only", "", "Root=1", `"requestId":"Root=1"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			s := &service{newStore(t, ""), slog.New(slog.NewJSONHandler(&log, nil))}
			r := httptest.NewRequest("GET", "/prod/products/secret", nil)
			r.Header.Set("X-Request-Id", test.requestID)
			r.Header.Set("X-Amzn-Trace-Id", test.trace)
			s.handler("prod").ServeHTTP(httptest.NewRecorder(), r)
			if !strings.Contains(log.String(), test.want) || strings.Contains(log.String(), "secret") {
				t.Errorf("log %s", log.String())
			}
		})
	}
}

// A request that has begun when SIGTERM comes is answered.
func TestServeEndsGracefully(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, terminate := context.WithCancel(t.Context())
	begun, finish := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			<-finish
			_, _ = io.WriteString(w, "done")
		}))
	}()
	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answered <- string(body)
	}()
	<-begun
	terminate()
	deadline := time.Now().Add(5 * time.Second)
	for { // until no new connection is taken
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		connection.Close()
		if time.Now().After(deadline) {
			t.Fatal("still listening")
		}
	}
	close(finish)
	if got := <-answered; got != "done" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunSaysWhatToSet(t *testing.T) {
	err := run(t.Context(), slog.New(slog.DiscardHandler), func(name string) string {
		return map[string]string{"PORT": "none"}[name]
	})
	if err == nil || !strings.Contains(err.Error(), "set HOST and PORT") {
		t.Errorf("got %v", err)
	}
}

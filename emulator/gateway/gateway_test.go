package gateway

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestHandleTakesEveryStep(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/orders/{id}"})
	m := api.Resources[0].Methods["GET"]
	m.Integration = &Integration{
		Type: "HTTP", URI: "http://h/{id}", HTTPMethod: "ANY", Backend: answering(404, "gone", Field{"X-A", "1"}),
		RequestParameters: map[string]string{"integration.request.path.id": "method.request.path.id"},
		Responses:         []*IntegrationResponse{{StatusCode: "204", ResponseParameters: map[string]string{"method.response.header.X-B": "integration.response.header.X-A"}}},
	}
	got := New(Options{API: api}).Handle(context.Background(), &Request{Method: "GET", Path: "/test/orders/7"})
	if got.StatusCode != 204 || string(got.Body) != "gone" || got.Header.Get("X-B") != "1" || !got.Header.Has("X-Amzn-Trace-Id") {
		t.Errorf("got %d %q %v", got.StatusCode, got.Body, got.Header)
	}
}

func TestObserverGetsEveryExchange(t *testing.T) {
	api := newTestAPI([2]string{"POST", "/a"})
	m := api.Resources[0].Methods["POST"]
	m.Integration = &Integration{Type: "HTTP_PROXY", URI: "http://h/", HTTPMethod: "PUT", Backend: answering(200, "there")}
	var seen []*Exchange
	g := New(Options{API: api, Observe: func(x *Exchange) { seen = append(seen, x) }})
	g.Handle(t.Context(), &Request{Method: "POST", Path: "/test/a", Body: []byte("sent")})
	g.Handle(t.Context(), &Request{Method: "POST", Path: "/test/b"})
	if len(seen) != 2 || string(seen[0].IntegrationRequest.Body) != "sent" || string(seen[0].Response.Body) != "there" ||
		seen[1].Failure.Type != MissingAuthenticationToken {
		t.Errorf("seen: %+v", seen)
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	api := newTestAPI([2]string{"POST", "/a"})
	api.Resources[0].Methods["POST"].Integration.Backend = backendFunc(func(context.Context, *Exchange) (*EndpointResponse, error) {
		return nil, errors.New("the cause")
	})
	var log bytes.Buffer
	g := New(Options{API: api, Log: slog.New(slog.NewTextHandler(&log, nil))})
	g.Handle(context.Background(), &Request{
		Method: "POST", Path: "/test/a", RawQuery: "q=SECRET", Header: Header{{"Authorization", "SECRET"}}, Body: []byte("SECRET"),
	})
	if text := log.String(); strings.Contains(text, "SECRET") || !strings.Contains(text, "the cause") || !strings.Contains(text, "resource=/a") {
		t.Errorf("log: %s", text)
	}
}

func BenchmarkHandle(b *testing.B) {
	api := newTestAPI([2]string{"GET", "/orders/{id}"})
	api.Resources[0].Methods["GET"].Integration.Type = "HTTP_PROXY"
	g := New(Options{API: api})
	request := Request{Method: "GET", Path: "/test/orders/7", RawQuery: "q=1", Header: Header{{"Accept", "application/json"}, {"User-Agent", "bench"}}}
	b.ReportAllocs()
	for b.Loop() {
		r := request
		g.Handle(context.Background(), &r)
	}
}

package gateway

import (
	"context"
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

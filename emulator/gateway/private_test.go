package gateway

import (
	"context"
	"testing"
)

func TestPrivateAPI(t *testing.T) {
	tests := []struct {
		name    string
		private bool
		host    string
		header  Header
		status  int
		body    string // domain prefix and VPC endpoint
	}{
		{"the API's name at the endpoint", true, "api1-vpce-0a1b.execute-api.us-east-1.amazonaws.com", nil, 200, "api1-vpce-0a1b vpce-0a1b"},
		{"the endpoint's name", true, "vpce-0a1b-xyz.execute-api.us-east-1.vpce.amazonaws.com", Header{{"X-Apigw-Api-Id", "api1"}}, 200, "vpce-0a1b-xyz vpce-0a1b"},
		{"the endpoint's name, another API", true, "vpce-0a1b-xyz.execute-api.us-east-1.vpce.amazonaws.com", Header{{"x-apigw-api-id", "api2"}}, 403, `{"message":"Forbidden"}`},
		{"the API's own name", true, "api1.execute-api.us-east-1.amazonaws.com", nil, 200, "api1 "},
		{"this machine", true, "127.0.0.1:8080", nil, 200, "api1 "},
		{"not private", false, "api1-vpce-0a1b.execute-api.us-east-1.amazonaws.com", Header{{"x-apigw-api-id", "api2"}}, 200, "api1-vpce-0a1b "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api := newTestAPI([2]string{"GET", "/a"})
			api.Private = test.private
			api.Resources[0].Methods["GET"].Integration.Responses[0].ResponseTemplates = map[string]*MappingTemplate{
				"application/json": mustTemplate(t, "$context.domainPrefix $context.identity.vpceId")}
			got := New(Options{API: api}).Handle(context.Background(), &Request{Method: "GET", Path: "/test/a", Host: test.host, Header: test.header})
			if got.StatusCode != test.status || string(got.Body) != test.body {
				t.Errorf("got %d %q, want %q", got.StatusCode, got.Body, test.body)
			}
		})
	}
}

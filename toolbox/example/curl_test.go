package example

import (
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func TestCurl(t *testing.T) {
	tests := []struct {
		name, method, path string
		example            map[string]any
		want               string
	}{
		{"no example", "GET", "/orders/{id}", nil, "curl http://h/prod/orders/id"},
		{"greedy, any method", "ANY", "/files/{proxy+}", nil, "curl http://h/prod/files/proxy"},
		{"other method", "DELETE", "/orders/{id}", nil, "curl -X DELETE http://h/prod/orders/id"},
		{"query is quoted", "GET", "/weather", map[string]any{"path": "/weather?city=Zurich&x=1"},
			"curl 'http://h/prod/weather?city=Zurich&x=1'"},
		{"body and headers", "POST", "/orders", map[string]any{
			"headers": map[string]any{"Content-Type": "application/json", "Accept": "text/plain"},
			"body":    `{"name":"it's"}`,
		}, `curl http://h/prod/orders -H 'Accept: text/plain' -H 'Content-Type: application/json' -d '{"name":"it'\''s"}'`},
		{"a member of another answer", "GET", "/orders/{id}", map[string]any{"path": "/orders/{id}?x=1", "take": "id",
			"first": map[string]any{"path": "/orders", "body": "{}"}},
			`curl "http://h/prod/orders/$(curl http://h/prod/orders -d '{}' -s | sed 's/.*"id": *"\([^"]*\)".*/\1/')?x=1"`},
		{"example names the method", "ANY", "/p/{proxy+}", map[string]any{"method": "PUT", "path": "/p/1", "body": "x"},
			"curl -X PUT http://h/prod/p/1 -d x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			method := &gateway.Method{
				HTTPMethod:  test.method,
				Resource:    &gateway.Resource{Path: test.path},
				Integration: &gateway.Integration{Metadata: map[string]any{}},
			}
			if test.example != nil {
				method.Integration.Metadata[Key] = test.example
			}
			if got := Of(method).Curl(method, "http://h/prod"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestCurlSendsWhatTheMethodWants(t *testing.T) {
	api := &gateway.API{Region: "eu-west-1", APIKeys: []*gateway.APIKey{{Value: "off"}, {Value: "key", Enabled: true}}}
	tests := []struct {
		name   string
		method gateway.Method
		want   string
	}{
		{"API key", gateway.Method{APIKeyRequired: true}, "-H 'x-api-key: key'"},
		{"signature", gateway.Method{AuthorizationType: "AWS_IAM"},
			`--aws-sigv4 aws:amz:eu-west-1:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := &test.method
			m.API, m.HTTPMethod, m.Resource, m.Integration = api, "GET", &gateway.Resource{Path: "/a"}, &gateway.Integration{}
			if got, want := Of(m).Curl(m, "http://h/prod"), "curl http://h/prod/a "+test.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

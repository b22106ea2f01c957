package example

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
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

// TestCurlSendsWhatCameToIt has a shell and curl read commands of odd requests,
// as someone may send them to be copied.
func TestCurlSendsWhatCameToIt(t *testing.T) {
	for _, command := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(command); err != nil {
			t.Skip(command + " is not in the PATH")
		}
	}
	came := make(chan Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := Request{Method: r.Method, Path: r.RequestURI, Headers: map[string]string{}, Body: string(body)}
		for name, values := range r.Header {
			got.Headers[name] = strings.Join(values, ",")
		}
		came <- got
	}))
	defer server.Close()
	for name, sent := range map[string]Request{
		"a method that commands": {Method: "A`false`|B", Path: "/a"},
		"a body like a file":     {Method: "POST", Path: "/a", Body: "@/etc/hosts"},
		"control characters":     {Method: "POST", Path: "/a", Body: "a\x1b[201~\r'\\ü\u009b\n\tb"},
		"a path like several":    {Method: "GET", Path: "/a[1-3]{b,c}?d=[]"},
		"an empty header":        {Method: "GET", Path: "/a", Headers: map[string]string{"X-Empty": ""}},
		"a quote in a header":    {Method: "PUT", Path: "/a", Headers: map[string]string{"X-Quote": "'; false"}, Body: "it's"},
	} {
		t.Run(name, func(t *testing.T) {
			command := sent.Curl(nil, server.URL)
			if strings.ContainsAny(command, "\x1b\r\u009b") {
				t.Errorf("control characters in %q", command)
			}
			if out, err := exec.Command("bash", "-c", command+" --fail --silent --show-error").CombinedOutput(); err != nil {
				t.Fatalf("%s: %v %s", command, err, out)
			}
			got := <-came
			if got.Method != sent.Method || got.Path != sent.Path || got.Body != sent.Body {
				t.Errorf("%s: sent %+v", command, got)
			}
			for name, value := range sent.Headers {
				if has, there := got.Headers[name]; !there || has != value {
					t.Errorf("%s: header %s: %q", command, name, has)
				}
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

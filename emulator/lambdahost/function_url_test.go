package lambdahost

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestURLEvent(t *testing.T) {
	r := httptest.NewRequest("POST", "http://127.0.0.1:9000/a%20b/c?q=1&q=2&r=x+y", nil)
	r.Header = http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Two": {"a", "b"}, "Cookie": {"k=v; l=w"}, "User-Agent": {"test"},
	}
	event, err := json.Marshal(newURLEvent(r, &Function{LogicalID: "Hello"}, []byte(`{"n":1}`)))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(event, &got); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"version": "2.0", "routeKey": "$default", "rawPath": "/a%20b/c", "rawQueryString": "q=1&q=2&r=x+y",
		"headers.x-two": "a,b", "headers.host": "127.0.0.1:9000", "headers.content-type": "application/json; charset=utf-8",
		"queryStringParameters.q": "1,2", "queryStringParameters.r": "x y", "body": `{"n":1}`, "isBase64Encoded": false,
		"requestContext.http.method": "POST", "requestContext.http.path": "/a%20b/c", "requestContext.http.userAgent": "test",
		"requestContext.http.sourceIp": "192.0.2.1", "requestContext.accountId": "anonymous", "requestContext.stage": "$default",
	} {
		var value any = got
		for key := range strings.SplitSeq(path, ".") {
			value = value.(map[string]any)[key]
		}
		if value != want {
			t.Errorf("%s = %v, want %v", path, value, want)
		}
	}
	if cookies, _ := json.Marshal(got["cookies"]); string(cookies) != `["k=v","l=w"]` {
		t.Errorf("cookies %s", cookies)
	}
}

func TestURLEventBody(t *testing.T) {
	for _, c := range []struct{ name, contentType, body, want string }{
		{"text", "text/plain", "a", `"body":"a","isBase64Encoded":false`},
		{"structured JSON", "application/problem+json", "{}", `"body":"{}","isBase64Encoded":false`},
		{"form", "application/x-www-form-urlencoded", "a=b", `"body":"YT1i","isBase64Encoded":true`},
		{"no type", "", "a", `"body":"YQ==","isBase64Encoded":true`},
		{"text that is none", "text/plain", "\xff", `"body":"/w==","isBase64Encoded":true`},
		{"no body", "text/plain", "", `"isBase64Encoded":false`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", nil)
			r.Header.Set("Content-Type", c.contentType)
			event, _ := json.Marshal(newURLEvent(r, &Function{}, []byte(c.body)))
			if !strings.HasSuffix(string(event), c.want+"}") || strings.Contains(string(event), `"body"`) != (c.body != "") {
				t.Errorf("event %s", event)
			}
		})
	}
}

func TestURLResponse(t *testing.T) {
	for _, c := range []struct {
		name, result string
		status       int
		contentType  string
		body         string // "" with fails
		fails        bool
	}{
		{"inferred object", `{"a":1}`, 200, "application/json", `{"a":1}`, false},
		{"inferred text", `"hello"`, 200, "application/json", `hello`, false},
		{"whole response", `{"statusCode":201,"headers":{"content-type":"text/html"},"body":"<p>"}`, 201, "text/html", `<p>`, false},
		{"base64", `{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, "application/json", `hi`, false},
		{"null headers", `{"statusCode":404,"headers":null,"body":null}`, 404, "application/json", ``, false},
		{"broken base64", `{"statusCode":200,"body":"?","isBase64Encoded":true}`, 0, "", "", true},
		{"impossible status", `{"statusCode":1000}`, 0, "", "", true},
		{"status of the wrong kind", `{"statusCode":{}}`, 0, "", "", true},
		{"no JSON", `oops`, 0, "", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			err := writeURLResponse(w, []byte(c.result))
			if (err != nil) != c.fails {
				t.Fatalf("error %v", err)
			}
			if !c.fails && (w.Code != c.status || w.Header().Get("Content-Type") != c.contentType || w.Body.String() != c.body) {
				t.Errorf("%d %q %q", w.Code, w.Header(), w.Body)
			}
		})
	}
}

func TestFunctionURL(t *testing.T) {
	urls := NewURLs()
	a := load(t, urls)
	functions, _ := FromAssembly(a, nil, true)
	served := []Function{*findFunction(functions, "hello"), *findFunction(functions, "defaults")}
	for i := range served {
		program := testFunction("")
		served[i].Source, served[i].Command, served[i].TaskRoot = "", program.Command, program.TaskRoot
	}
	start(t, Options{Functions: served, URLs: urls})
	open, refused := a.Outputs()["template"]["Url"], "http://"+urls.listeners["template/DefaultsUrl"].Addr().String()
	for _, c := range []struct {
		name, url string
		status    int
		body      string
	}{
		{"handler's result", open, 200, `{"pid":`}, // the test function's default
		{"IAM authorization", refused, 403, `{"Message":"Forbidden"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, err := http.Get(c.url)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			if response.StatusCode != c.status || !strings.HasPrefix(string(body), c.body) {
				t.Errorf("%d %s", response.StatusCode, body)
			}
		})
	}
}

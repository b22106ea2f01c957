package lambdahost

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRuntimeAPI plays a process's calls in order; what is out of order is refused.
func TestRuntimeAPI(t *testing.T) {
	a := &runtimeAPI{deliver: make(chan *invocation), polled: make(chan struct{}, 1), initFailed: make(chan []byte, 1)}
	if err := a.listen(); err != nil {
		t.Fatal(err)
	}
	defer a.close()
	call := func(method, path, body string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+a.address+"/2018-06-01/runtime/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response
	}
	i := &invocation{id: "one", arn: "arn:f", traceID: "Root=1", payload: []byte(`{}`), timeout: time.Minute, answer: make(chan *Result, 1)}
	for _, c := range []struct {
		name, method, path string
		status             int
	}{
		{"an answer before there is an invocation", "POST", "invocation/one/response", 400},
		{"the first poll", "GET", "invocation/next", 200},
		{"a second poll before the answer", "GET", "invocation/next", 403},
		{"an init error after the first poll", "POST", "init/error", 403},
		{"an answer to another invocation", "POST", "invocation/two/response", 400},
		{"the answer", "POST", "invocation/one/response", 202},
		{"the answer once more", "POST", "invocation/one/error", 400},
		{"an unknown path", "GET", "invocation/last", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.status == 200 {
				go func() { a.deliver <- i }()
			}
			response := call(c.method, c.path, `{"a":1}`)
			if response.StatusCode != c.status {
				t.Fatalf("status %d, want %d", response.StatusCode, c.status)
			}
			if c.status != 200 {
				return
			}
			for name, want := range map[string]string{
				"Lambda-Runtime-Aws-Request-Id": "one", "Lambda-Runtime-Invoked-Function-Arn": "arn:f", "Lambda-Runtime-Trace-Id": "Root=1",
			} {
				if got := response.Header.Get(name); got != want {
					t.Errorf("%s = %q", name, got)
				}
			}
			if response.Header.Get("Lambda-Runtime-Deadline-Ms") == "" {
				t.Error("no deadline")
			}
		})
	}
	if result := <-i.answer; string(result.Payload) != `{"a":1}` || result.FunctionError != "" {
		t.Errorf("result %+v", result)
	}
}

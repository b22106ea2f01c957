package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRoutesWithoutBackends: what only lacks a backend ends well, with a line
// that names the flag; what lacks a parameter does not.
func TestRoutesWithoutBackends(t *testing.T) {
	output, err := command(t, "routes", "--template", "testdata/backends.yaml", "--parameter", "Greeting=a;b=c").CombinedOutput()
	if err != nil {
		t.Errorf("it failed: %v", err)
	}
	for _, want := range []string{"--function Function=COMMAND, FOLDER or URL", "--backend Alb=URL"} {
		if strings.Count(string(output), want) != 1 {
			t.Errorf("want one line with %q:\n%s", want, output)
		}
	}
	output, err = command(t, "routes", "--template", "testdata/backends.yaml").CombinedOutput()
	if want := "give it: --parameter Greeting=VALUE"; err == nil || !strings.Contains(string(output), want) {
		t.Errorf("want a failure and %q:\n%s", want, output)
	}
}

// TestServeWithoutBackends: each route fails as its backend would; a given
// backend answers.
func TestServeWithoutBackends(t *testing.T) {
	products := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "products at "+r.URL.Path)
	}))
	defer products.Close()
	base := serve(t, "--template", "testdata/backends.yaml", "--parameter", "Greeting=hello")
	given := serve(t, "--template", "testdata/backends.yaml", "--parameter", "Greeting=hello", "--backend", "Alb="+products.URL)
	for _, c := range []struct {
		name, method, base string
		status             int
		body               string
	}{
		{"no backend needed", "GET", base, 200, "hello"},
		{"function", "POST", base, 502, `{"message": "Internal server error"}`},
		{"load balancer", "PUT", base, 504, `{"message": "Network error communicating with endpoint"}`},
		{"given load balancer", "PUT", given, 200, "products at /products"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, body := request(t, c.method, c.base+"/", ""); status != c.status || body != c.body {
				t.Errorf("%d %s, want %d %s", status, body, c.status, c.body)
			}
		})
	}
}

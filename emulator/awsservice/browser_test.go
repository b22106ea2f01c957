package awsservice

import (
	"net/http"
	"strings"
	"testing"
)

// TestEnginesRefuseBrowsers sends to the port of each engine what a page sends.
func TestEnginesRefuseBrowsers(t *testing.T) {
	s := startServices(t, Options{})
	env, err := s.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for name, endpoint := range env {
		if !strings.HasPrefix(name, "AWS_ENDPOINT_URL") || !strings.HasPrefix(endpoint, "http://127.0.0.1:") {
			continue
		}
		asked++
		for _, c := range []struct {
			name    string
			change  func(*http.Request)
			refused bool
		}{
			{"SDK", func(*http.Request) {}, false},
			{"page", func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:3000") }, true},
			{"image", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, true},
			{"rebinding", func(r *http.Request) { r.Host = "attacker.example" }, true},
		} {
			r, err := http.NewRequestWithContext(t.Context(), "POST", endpoint, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			c.change(r)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if refused := response.StatusCode == http.StatusForbidden; refused != c.refused {
				t.Errorf("%s %s: status %d", name, c.name, response.StatusCode)
			}
		}
	}
	if asked < 5 { // DynamoDB, Step Functions, SNS, SQS, all others
		t.Errorf("only %d endpoints were asked: %v", asked, env)
	}
}

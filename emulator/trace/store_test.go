package trace_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

func numbered(n, bodySize int) *trace.Trace {
	t := &trace.Trace{ID: fmt.Sprint(n), Time: time.Unix(0, 0), Method: "POST", Path: "/prod/a", Query: "b=c"}
	t.Add(trace.Request{Body: make(trace.Body, bodySize)}, t.Time)
	return t
}

func TestStoreKeepsTheLast(t *testing.T) {
	for _, test := range []struct {
		name        string
		added, size int
		kept        int
	}{
		{"few", 3, 10, 3},
		{"as many as it holds", trace.MaxRequests + 7, 10, trace.MaxRequests},
		{"as large as it holds", 20, 10 << 20, trace.MaxBytes / (10<<20 + 1280)},
		{"one that is too large alone", 2, trace.MaxBytes + 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s trace.Store
			for n := range test.added {
				s.Add(numbered(n, test.size))
			}
			list := s.List()
			if len(list) != test.kept {
				t.Fatalf("kept %d, want %d", len(list), test.kept)
			}
			if last := fmt.Sprint(test.added - 1); list[len(list)-1].ID != last || s.Get(last) == nil {
				t.Errorf("the last is %s, want %s", list[len(list)-1].ID, last)
			}
			if test.kept < test.added && s.Get("0") != nil {
				t.Error("the first is still kept")
			}
		})
	}
}

func TestStoreTellsListeners(t *testing.T) {
	var s trace.Store
	requests, cancel := s.Subscribe()
	var adding sync.WaitGroup
	for n := range 10 {
		adding.Go(func() { s.Add(numbered(n, 1)); s.List(); s.Get("3") })
	}
	adding.Wait()
	if len(requests) != 10 {
		t.Errorf("heard of %d requests, want 10", len(requests))
	}
	cancel()
	s.Add(numbered(11, 1))
	if len(requests) != 10 {
		t.Error("heard of a request after cancel")
	}
	for range 1000 { // nobody reads: nothing may wait
		s.Add(numbered(12, 1))
	}
}

func TestJSONHoldsNoSecrets(t *testing.T) {
	written := numbered(1, 0)
	secrets := []string{`k"y-0123456789`, "abcdefghijkl", "session=0123456789"}
	written.Add(trace.Request{
		Header: trace.Header{{Name: "X-Api-Key", Value: secrets[0]}, {Name: "authorization", Value: "Bearer " + secrets[1]}, {Name: "COOKIE", Value: secrets[2]}},
		Body:   trace.Body("again " + secrets[0]),
	}, written.Time)
	written.Add(trace.Template{Side: "request", Output: trace.Body(secrets[1]), Explain: func() []trace.Read {
		return []trace.Read{{Text: "$input.params('Cookie')", Value: secrets[2]}}
	}}, written.Time)
	written.Add(trace.MethodResponse{Status: 200, Header: trace.Header{{Name: "Set-Cookie", Value: "tiny"}}}, written.Time)
	written.Add(trace.MethodResponse{Status: 200, Header: trace.Header{{Name: "set-cookie", Value: "id=of-a-session; Path=/somewhere"}}}, written.Time)
	written.Add(trace.EndpointResponse{Body: trace.Body(`{"cookies":["id=of-a-session"],"to":"/somewhere","body":"{\"key\":\"k\\\"y-0123456789\"}"}`)}, written.Time)
	written.Add(trace.ParameterMapping{Target: "integration.request.header.Authorization", Source: "context.x", Value: "short", Found: true}, written.Time)
	written.Add(trace.ParameterMapping{Target: "integration.request.header.X-A", Source: "method.request.header.Cookie", Value: "cooky", Found: true}, written.Time)
	written.Query = "token=" + secrets[1]
	text, err := json.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "/somewhere") {
		t.Error("where a cookie is sent to is no secret")
	}
	for _, secret := range append(secrets, `k\"y-0123456789`, "tiny", "0123456789", "of-a-session", "short", "cooky") {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
	var decoded struct {
		Path   string
		Events []struct {
			Kind  string
			Event map[string]any
		}
		Log string
	}
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	if decoded.Path != "/prod/a?token=************" || len(decoded.Events) != 8 || decoded.Events[2].Kind != "template" ||
		len(decoded.Events[2].Event["reads"].([]any)) != 1 || !strings.Contains(decoded.Log, "Method completed with status: 200") {
		t.Errorf("got %s", text)
	}
}

// TestSecretsLeaveJSONWhole masks secrets that look like the trace's own text.
func TestSecretsLeaveJSONWhole(t *testing.T) {
	for _, secret := range []string{`","path":"`, `"method"`, "methodRequest", "afterNs", `\\\\\\\\`, `{"kind":"`} {
		t.Run(secret, func(t *testing.T) {
			written := numbered(1, 0)
			written.Add(trace.MethodRequest{Path: "/a", Header: trace.Header{{Name: "Cookie", Value: secret}}}, written.Time)
			text, err := json.Marshal(written)
			if err != nil {
				t.Fatal(err)
			}
			var decoded struct {
				Method string
				Events []struct {
					Kind    string
					AfterNs *int64
				}
			}
			if err := json.Unmarshal(text, &decoded); err != nil || decoded.Method != "POST" || len(decoded.Events) != 2 ||
				decoded.Events[1].Kind != "methodRequest" || decoded.Events[1].AfterNs == nil {
				t.Errorf("%v: %s", err, text)
			}
		})
	}
}

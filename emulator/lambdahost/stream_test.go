package lambdahost

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// stream calls a test function for a response that is streamed.
func stream(t *testing.T, h *Host, name string, c call) *Result {
	t.Helper()
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	result, err := h.Invoke(t.Context(), name, payload, InvokeOptions{Stream: true})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// newGate is a server that answers once open is called.
func newGate(t *testing.T) (url string, open func()) {
	t.Helper()
	opened := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-opened }))
	t.Cleanup(server.Close)
	return server.URL, sync.OnceFunc(func() { close(opened) })
}

// TestResponsesAreStreamed reads the first line before the function may go on.
func TestResponsesAreStreamed(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	for _, test := range []struct {
		do, rest, failure string
	}{
		{"stream", "second\n", ""},
		{"stream and fail", "", "it broke"},
		{"stream and exit", "", "cut off"},
	} {
		t.Run(test.do, func(t *testing.T) {
			gate, open := newGate(t)
			defer open()
			result := stream(t, h, "f", call{Do: test.do, URL: gate})
			if result.StatusCode != 200 || result.RequestID == "" || result.ExecutedVersion != "$LATEST" {
				t.Errorf("result %+v", result)
			}
			lines := bufio.NewReader(result.Stream)
			if line, err := lines.ReadString('\n'); line != "first\n" || err != nil {
				t.Fatalf("got %q (%v)", line, err)
			}
			open()
			rest, err := io.ReadAll(lines)
			if string(rest) != test.rest || (err == nil) != (test.failure == "") || err != nil && !strings.Contains(err.Error(), test.failure) {
				t.Errorf("got %q (%v)", rest, err)
			}
			if got := tell(t, h, "f", call{Do: "env", Env: "AWS_REGION"}); got.Value != "eu-west-1" {
				t.Errorf("the next invocation gave %+v", got)
			}
		})
	}
}

func TestFailureBeforeTheStream(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	result := stream(t, h, "f", call{Do: "fail"})
	if result.Stream != nil || result.FunctionError == "" || ErrorMessage(result.Payload) != "[BadRequest] no items" {
		t.Errorf("result %+v %s", result, result.Payload)
	}
}

func TestStreamThatTakesTooLong(t *testing.T) {
	f := testFunction("f")
	f.Timeout = 300 * time.Millisecond
	h := start(t, Options{Functions: []Function{f}})
	result := stream(t, h, "f", call{Do: "stream and hang"})
	if got, err := io.ReadAll(result.Stream); string(got) != "first\n" || err == nil {
		t.Errorf("got %q (%v)", got, err)
	}
}

// TestNobodyReadsTheStream: the function ends all the same.
func TestNobodyReadsTheStream(t *testing.T) {
	done := make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(done) }))
	defer gate.Close()
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	result := stream(t, h, "f", call{Do: "stream", URL: gate.URL})
	result.Stream.Close()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the function was held up")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := h.Close(ctx); err != nil {
		t.Error(err)
	}
}

package emulator

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// TestFunctionStreams has a real function answer in halves, the second only
// when the first has been read.
func TestFunctionStreams(t *testing.T) {
	e, err := Start(t.Context(), Options{App: "testdata/stream.yaml", AllowFunctions: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	if len(e.Problems()) > 0 {
		t.Fatal(e.Problems())
	}
	released := make(chan struct{})
	release := sync.OnceFunc(func() { close(released) })
	gate := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer gate.Close()
	defer release()
	response, err := http.Get(e.BaseURL() + "/?release=" + url.QueryEscape(gate.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted || response.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("got %d %v", response.StatusCode, response.Header)
	}
	lines := bufio.NewReader(response.Body)
	if line, err := lines.ReadString('\n'); line != "first\n" || err != nil {
		t.Fatalf("got %q (%v)", line, err)
	}
	release()
	if rest, err := io.ReadAll(lines); string(rest) != "second\n" || err != nil {
		t.Errorf("got %q (%v)", rest, err)
	}
}

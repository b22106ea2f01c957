package gateway

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestListenerStreams reads the first half of an answer before the second is made.
func TestListenerStreams(t *testing.T) {
	reader, writer := io.Pipe()
	l := listen(t, func(context.Context, *Exchange) (*EndpointResponse, error) {
		return &EndpointResponse{StatusCode: 200, Header: Header{{"Content-Type", "text/event-stream"}}, Stream: reader}, nil
	})
	response, err := http.Get("http://" + l.Addr() + "/test/a") // its header comes before its body
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body := bufio.NewReader(response.Body)
	for _, line := range []string{"data: 1\n", "data: 2\n"} {
		go io.WriteString(writer, line)
		if got, err := body.ReadString('\n'); got != line || err != nil {
			t.Fatalf("got %q (%v), want %q", got, err, line)
		}
	}
	writer.Close()
	if rest, err := io.ReadAll(body); len(rest) > 0 || err != nil {
		t.Errorf("rest %q (%v)", rest, err)
	}
}

// TestListenerBreaksOffBrokenStreams: a client must see that an answer is not whole.
func TestListenerBreaksOffBrokenStreams(t *testing.T) {
	reader, writer := io.Pipe()
	l := listen(t, func(context.Context, *Exchange) (*EndpointResponse, error) {
		return &EndpointResponse{StatusCode: 200, Stream: reader}, nil
	})
	go func() {
		io.WriteString(writer, "half")
		writer.CloseWithError(errors.New("broken"))
	}()
	response, err := http.Get("http://" + l.Addr() + "/test/a")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, err := io.ReadAll(response.Body); string(got) != "half" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %q (%v)", got, err)
	}
}

// TestStreamsEnd takes the time that streams may take, in virtual time.
func TestStreamsEnd(t *testing.T) {
	tests := []struct {
		name    string
		timeout time.Duration // of the integration
		edge    bool
		pause   time.Duration // between two pieces
		want    time.Duration // after which it breaks off
	}{
		{"the default timeout", 0, false, time.Second, 29 * time.Second},
		{"the integration's timeout", 15 * time.Minute, false, 4 * time.Minute, 15 * time.Minute},
		{"idle", 15 * time.Minute, false, 6 * time.Minute, 5 * time.Minute},
		{"idle at an edge", 15 * time.Minute, true, time.Minute, 30 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTestExchange(&Request{}, func(m *Method) {
					m.API.Edge = test.edge
					m.Integration.Timeout = test.timeout
					m.Integration.Backend = backendFunc(func(ctx context.Context, _ *Exchange) (*EndpointResponse, error) {
						return &EndpointResponse{Stream: io.NopCloser(ticks{ctx, test.pause})}, nil
					})
				})
				began := time.Now()
				if err := integration(t.Context(), x); err != nil {
					t.Fatal(err)
				}
				_, err := io.Copy(io.Discard, x.EndpointResponse.Stream)
				if took := time.Since(began); took != test.want || err == nil {
					t.Errorf("it ended after %v (%v), want %v", took, err, test.want)
				}
				x.EndpointResponse.Stream.Close()
			})
		})
	}
}

// ticks gives a byte after each pause until ctx ends.
type ticks struct {
	ctx   context.Context
	pause time.Duration
}

func (s ticks) Read(p []byte) (int, error) {
	select {
	case <-time.After(s.pause):
		p[0] = '.'
		return 1, nil
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}

func TestClosingAStreamEndsTheCall(t *testing.T) {
	var call context.Context
	x := newTestExchange(&Request{}, func(m *Method) {
		m.Integration.Backend = backendFunc(func(ctx context.Context, _ *Exchange) (*EndpointResponse, error) {
			call = ctx
			return &EndpointResponse{Stream: io.NopCloser(strings.NewReader("more"))}, nil
		})
	})
	if err := integration(context.Background(), x); err != nil || call.Err() != nil {
		t.Fatal(err, call.Err())
	}
	x.EndpointResponse.Stream.Close()
	if call.Err() == nil {
		t.Error("the call goes on")
	}
}

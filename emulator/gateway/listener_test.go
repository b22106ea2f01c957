package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// listen serves a new API whose only method has this backend at /test/{proxy+}.
func listen(t *testing.T, b backendFunc) *Listener {
	t.Helper()
	api := newTestAPI([2]string{"ANY", "/{proxy+}"})
	m := api.Resources[0].Methods["ANY"]
	m.Integration = &Integration{Type: "HTTP_PROXY", Backend: b}
	l, err := Listen("127.0.0.1:0", New(Options{API: api}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(context.Background()) })
	return l
}

// exchangeRaw sends text to the listener and returns what comes back whole.
func exchangeRaw(t *testing.T, l *Listener, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", l.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestListenerKeepsNamesAndOrder(t *testing.T) {
	var got *Request
	l := listen(t, func(_ context.Context, x *Exchange) (*EndpointResponse, error) {
		got = x.Request
		return &EndpointResponse{StatusCode: 299, Header: Header{{"x-lOwEr", "1"}, {"x-lOwEr", "2"}}, Body: []byte("hi")}, nil
	})
	answer := exchangeRaw(t, l, "POST //test/a%2Bb/?q=%20 HTTP/1.1\r\nZ-last: 1\r\nhOsT: api.example\r\na-First: 2\r\nA-first: 3\r\n"+
		"Content-Length: 4\r\nConnection: close\r\n\r\nbody")
	want := "Z-last=1 hOsT=api.example a-First=2 A-first=3 Content-Length=4 Connection=close"
	var lines []string
	for _, f := range got.Header {
		lines = append(lines, f.Name+"="+f.Value)
	}
	if joined := strings.Join(lines, " "); joined != want {
		t.Errorf("header %s, want %s", joined, want)
	}
	if got.Path != "//test/a%2Bb/" || got.RawQuery != "q=%20" || string(got.Body) != "body" || got.Host != "api.example" ||
		got.Protocol != "HTTP/1.1" || got.RemoteAddr != "127.0.0.1" {
		t.Errorf("request %+v", got)
	}
	if !strings.HasPrefix(answer, "HTTP/1.1 299 ") || strings.Count(answer, "x-lOwEr: ") != 2 || !strings.Contains(answer, "x-amzn-RequestId: ") {
		t.Errorf("answer %s", answer)
	}
	if strings.Contains(answer, "Server:") || strings.Contains(answer, "Content-Type:") {
		t.Errorf("the listener added a header of its own: %s", answer)
	}
}

func TestListenerRefusesLargePayloads(t *testing.T) {
	l := listen(t, answering(200, "ok"))
	for _, test := range []struct{ size, want int }{{maxPayload, 200}, {maxPayload + 1, 413}} {
		t.Run(fmt.Sprint(test.size), func(t *testing.T) {
			conn, err := net.Dial("tcp", l.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() { // a refused body may not be read to its end
				fmt.Fprintf(conn, "POST /test/a HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", test.size)
				io.Copy(conn, bytes.NewReader(make([]byte, test.size)))
			}()
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != test.want {
				t.Errorf("status %d, want %d", response.StatusCode, test.want)
			}
		})
	}
}

func TestListenerCloseWaitsForRequestsInFlight(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	l := listen(t, func(ctx context.Context, _ *Exchange) (*EndpointResponse, error) {
		close(entered)
		select {
		case <-release:
			return &EndpointResponse{StatusCode: 200, Body: []byte("finished")}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	answer := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + l.Addr() + "/test/a")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		answer <- string(body)
	}()
	<-entered
	closed := make(chan error, 1)
	go func() { closed <- l.Close(context.Background()) }()
	deadline := time.Now().Add(10 * time.Second)
	for { // new requests are refused while the old one runs
		conn, err := net.Dial("tcp", l.Addr())
		if err != nil {
			break
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("the closing listener still accepts connections")
		}
	}
	close(release)
	if got := <-answer; got != "finished" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestListenerCloseCutsWhatTakesTooLong(t *testing.T) {
	entered, ended := make(chan struct{}), make(chan struct{})
	l := listen(t, func(ctx context.Context, _ *Exchange) (*EndpointResponse, error) {
		close(entered)
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	})
	go func() {
		if response, err := http.Get("http://" + l.Addr() + "/test/a"); err == nil {
			response.Body.Close()
		}
	}()
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := l.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
}

func TestOriginForm(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b": "/a?b", "http://h/a?b": "/a?b", "https://h": "/", "http://h?x": "?x", "//a": "//a",
	} {
		if _, got := originForm([]byte(target)); string(got) != want {
			t.Errorf("%s: got %s, want %s", target, got, want)
		}
	}
}

func TestListenerClosesBeforeItServes(t *testing.T) {
	g := New(Options{API: newTestAPI()})
	for range 50 {
		l, err := Listen("127.0.0.1:0", g)
		if err != nil {
			t.Fatal(err)
		}
		closed := make(chan error, 1)
		go func() { closed <- l.Close(context.Background()) }()
		select {
		case err := <-closed:
			if err != nil {
				t.Fatal(err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("Close does not return")
		}
	}
}

func TestListenerRefusesWhatAQueryCantHave(t *testing.T) {
	l := listen(t, answering(200, "ok"))
	for target, want := range map[string]string{
		"/test/a?q=a|b": "HTTP/1.1 400 ", "/test/a?{q}=1": "HTTP/1.1 400 ", "/test/a?q=a%7Cb%7B%7D": "HTTP/1.1 200 ", "/test/a|b": "HTTP/1.1 200 ",
	} {
		answer := exchangeRaw(t, l, "GET "+target+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(answer, want) {
			t.Errorf("%s: %.30q", target, answer)
		}
	}
}

func TestListenerReadsOddRequests(t *testing.T) {
	l := listen(t, func(_ context.Context, x *Exchange) (*EndpointResponse, error) {
		return &EndpointResponse{StatusCode: 200, Body: x.Request.Body}, nil
	})
	for _, test := range []struct{ name, request, want string }{
		{"absolute form", "GET HTTP://h/test/a HTTP/1.1\r\nHost: h\r\n", "HTTP/1.1 200"},
		{"HTTP/1.0 without Host", "GET /test/a HTTP/1.0\r\n", "HTTP/1.1 200"},
		{"no Host", "GET /test/a HTTP/1.1\r\n", "HTTP/1.1 400"},
		{"two Hosts", "GET /test/a HTTP/1.1\r\nHost: a\r\nhost: b\r\n", "HTTP/1.1 400"},
		{"blank before the colon", "GET /test/a HTTP/1.1\r\nHost: h\r\nX-A : 1\r\n", "HTTP/1.1 400"},
		{"no request", "GET\r\n", "HTTP/1.1 400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := exchangeRaw(t, l, test.request+"Connection: close\r\n\r\n"); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestListenerCloseDropsHeldConnections(t *testing.T) {
	for _, test := range []struct{ name, sent string }{
		{"nothing", ""},
		{"half a header", "GET /test/a HTTP/1.1\r\nHost: h\r\nX-Half"},
		{"half a body", "POST /test/a HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf"},
		{"keep-alive", "GET /test/a HTTP/1.1\r\nHost: h\r\n\r\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := listen(t, answering(200, "ok"))
			conn, err := net.Dial("tcp", l.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.WriteString(conn, test.sent); err != nil {
				t.Fatal(err)
			}
			if test.name == "keep-alive" {
				if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
					t.Fatal(err)
				}
			} else { // connections are accepted in order: the held one is open when this is answered
				exchangeRaw(t, l, "GET /test/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := l.Close(ctx); err != nil {
				t.Error(err)
			}
			if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("the connection is still open: %v", err)
			}
		})
	}
}

func TestListenerCloseReportsOnlyWhatItCut(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 { // an ended context and nothing in flight are both ready at once
		l := listen(t, answering(200, "ok"))
		conn, err := net.Dial("tcp", l.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := l.Close(ended); err != nil {
			t.Fatal(err)
		}
	}
}

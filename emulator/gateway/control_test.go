package gateway

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listenControlled serves an API with no routes, and h below ControlPath.
func listenControlled(t *testing.T, h http.HandlerFunc) *Listener {
	t.Helper()
	l, err := Listen("127.0.0.1:0", New(Options{API: newTestAPI(), Control: h}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(context.Background()) })
	return l
}

func TestControlPaths(t *testing.T) {
	l := listenControlled(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Control", r.Header.Get("X-Ask"))
		w.WriteHeader(http.StatusAccepted)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.Path, r.URL.RawQuery, body)
	})
	for path, want := range map[string]string{
		"/_apigw/a%20b?c=|": "POST /_apigw/a b c=| body",
		"/_apigw":           "POST /_apigw  body",
		"/_apigwx/":         "Forbidden", // of the API
	} {
		answer := exchangeRaw(t, l, "POST "+path+" HTTP/1.1\r\nHost: localhost:1\r\nX-Ask: yes\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody")
		controlled := strings.HasPrefix(answer, "HTTP/1.1 202 ") && strings.Contains(answer, "X-Control: yes\r\n")
		if !strings.Contains(answer, want) || controlled != strings.HasPrefix(want, "POST") {
			t.Errorf("%s: %s", path, answer)
		}
	}
}

func TestControlAllowsOwnPagesOnly(t *testing.T) {
	for name, test := range map[string]struct {
		method, host, header string
		want                 bool
	}{
		"a tool":                    {"GET", "127.0.0.1:8080", "", true},
		"by name":                   {"GET", "LocalHost:8080", "", true},
		"by IPv6":                   {"GET", "[::1]:8080", "", true},
		"IPv6 without a port":       {"GET", "[::1]", "", true},
		"another loopback address":  {"GET", "127.8.8.8", "", true},
		"no host":                   {"GET", "", "", false},
		"another name":              {"GET", "rebound.example:8080", "", false},
		"a name like localhost":     {"GET", "localhost.example", "", false},
		"an address of a network":   {"GET", "192.168.1.7:8080", "", false},
		"its own page":              {"POST", "localhost:8080", "Origin: http://localhost:8080\r\nSec-Fetch-Site: same-origin", true},
		"typed into the address":    {"GET", "localhost:8080", "Sec-Fetch-Site: none", true},
		"another origin":            {"POST", "localhost:8080", "Origin: https://evil.example", false},
		"another port":              {"POST", "localhost:8080", "Origin: http://localhost:9090", false},
		"its host over TLS":         {"POST", "localhost:8080", "Origin: https://localhost:8080", false},
		"a page without origin":     {"POST", "localhost:8080", "Origin: null", false},
		"an image of another site":  {"GET", "localhost:8080", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors", false},
		"a link of another site":    {"GET", "localhost:8080", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate", false},
		"a link of another port":    {"GET", "localhost:8080", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate", true},
		"a script of another port":  {"GET", "localhost:8080", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors", false},
		"a form of another port":    {"POST", "localhost:8080", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate", false},
		"a value that is not known": {"GET", "localhost:8080", "Sec-Fetch-Site: near-site", false},
	} {
		r := &Request{Method: test.method, Host: test.host}
		for line := range strings.SplitSeq(test.header, "\r\n") {
			if name, value, found := strings.Cut(line, ": "); found {
				r.Header.Add(name, value)
			}
		}
		if got := allowed(r); got != test.want {
			t.Errorf("%s: allowed %t, want %t", name, got, test.want)
		}
	}
	l := listenControlled(t, func(http.ResponseWriter, *http.Request) { t.Error("the handler was asked") })
	answer := exchangeRaw(t, l, "GET /_apigw/ HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 403 ") {
		t.Errorf("answer %s", answer)
	}
}

func TestControlStreamsUntilEitherSideEnds(t *testing.T) {
	events, ended := make(chan string), make(chan error, 2)
	l := listenControlled(t, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		for {
			select {
			case event := <-events:
				if _, err := io.WriteString(w, event); err != nil {
					ended <- err
					return
				}
			case <-r.Context().Done():
				ended <- r.Context().Err()
				return
			}
		}
	})
	open := func() (net.Conn, *http.Response) {
		conn, err := net.Dial("tcp", l.Addr())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprint(conn, "GET /_apigw/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		return conn, response
	}
	conn, response := open()
	for _, event := range []string{"one", "two"} {
		events <- event
		got := make([]byte, 3)
		if _, err := io.ReadFull(response.Body, got); err != nil || string(got) != event {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	conn.Close()
	for len(ended) == 0 { // writes fail once the other side's reset has come
		select {
		case events <- strings.Repeat("x", 1<<16):
		case err := <-ended:
			ended <- err
		}
	}
	<-ended

	conn, _ = open()
	defer conn.Close()
	if err := l.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != context.Canceled {
		t.Errorf("the second stream ended by %v", err)
	}
}

func TestControlThatPanicsIsAnError(t *testing.T) {
	l := listenControlled(t, func(http.ResponseWriter, *http.Request) { panic("fault") })
	answer := exchangeRaw(t, l, "GET /_apigw/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 500 ") {
		t.Errorf("answer %s", answer)
	}
}

package backend

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func httpExchange(uri string, configure func(*gateway.Integration, *gateway.IntegrationRequest)) *gateway.Exchange {
	i, r := &gateway.Integration{Type: "HTTP"}, &gateway.IntegrationRequest{Method: "POST", URI: uri}
	if configure != nil {
		configure(i, r)
	}
	method := &gateway.Method{API: &gateway.API{Stage: &gateway.Stage{}}, Integration: i}
	return &gateway.Exchange{Method: method, IntegrationRequest: r}
}

// lines makes a header of names and values in turn.
func lines(pairs ...string) gateway.Header {
	var h gateway.Header
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// recordWire accepts one connection, answers it and returns the bytes that came.
func recordWire(t *testing.T) (address string, request func() string) {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := socket.Accept()
		if err != nil {
			got <- err.Error()
			return
		}
		defer conn.Close()
		reader, head := bufio.NewReader(conn), ""
		for {
			line, err := reader.ReadString('\n')
			head += line
			if err != nil || line == "\r\n" {
				break
			}
		}
		io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
		got <- head
	}()
	return socket.Addr().String(), func() string { return <-got }
}

func TestHTTPSendsOnlyWhatItIsGiven(t *testing.T) {
	tests := []struct {
		name, method string
		header       gateway.Header
		body         string
		want         []string // lines after the first, sorted; HOST is the address
	}{
		{"nothing of its own", "GET", nil, "", []string{"Host: HOST"}},
		{"empty POST", "POST", nil, "", []string{"Content-Length: 0", "Host: HOST"}},
		{"names as spelled, lines in order", "POST", lines("x-lower", "1", "X-lower", "2", "x-lower", "3", "user-agent", "me"), "ab",
			[]string{"Content-Length: 2", "Host: HOST", "User-Agent: me", "X-lower: 2", "x-lower: 1", "x-lower: 3"}},
		{"the connection's are dropped", "GET", lines("Connection", "close", "TE", "gzip", "Via", "v", "Expect", "100-continue", "Proxy-Authenticate", "b", "Content-Length", "9"), "", []string{"Host: HOST"}},
		{"one framing", "POST", lines("Transfer-Encoding", "chunked", "content-length", "7", "Content-Length", "9", "transfer-encoding", "identity"), "ab",
			[]string{"Content-Length: 2", "Host: HOST"}},
		{"mapped ones arrive", "GET", lines("Host", "other.example", "Trailer", "user-agent", "Upgrade", "h2", "Server", "s"), "",
			[]string{"Host: other.example", "Server: s", "Upgrade: h2", "trailer: user-agent"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address, request := recordWire(t)
			x := httpExchange("http://"+address+"//a%2Fb/?q=%20", func(_ *gateway.Integration, r *gateway.IntegrationRequest) {
				r.Method, r.Header, r.Body = test.method, test.header, []byte(test.body)
			})
			if _, err := NewHTTP(nil).Invoke(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			got := strings.Split(strings.TrimSpace(strings.ReplaceAll(request(), address, "HOST")), "\r\n")
			if got[0] != test.method+" /a%2Fb/?q=%20 HTTP/1.1" {
				t.Errorf("request line %s", got[0])
			}
			slices.Sort(got[1:])
			if !slices.Equal(got[1:], test.want) {
				t.Errorf("got  %q\nwant %q", got[1:], test.want)
			}
		})
	}
}

func TestHTTPAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Add("X-Many", "1")
		w.Header().Add("X-Many", "2")
		w.WriteHeader(http.StatusFound)
		io.WriteString(w, "not really gzip")
	}))
	defer server.Close()
	got, err := NewHTTP(nil).Invoke(context.Background(), httpExchange(server.URL, nil))
	if err != nil {
		t.Fatal(err)
	}
	if got.StatusCode != 302 || got.Selection != "302" || string(got.Body) != "not really gzip" || !slices.Equal(got.Header.Values("X-Many"), []string{"1", "2"}) {
		t.Errorf("got %+v", got)
	}
}

func TestHTTPKeepsSpellingAndOrderOfTheAnswer(t *testing.T) {
	answers := []string{
		"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nx-lower:  1 \r\nETag: \"a\"\r\nB: 2\r\nx-lower: 3\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nsecond: 1\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
	}
	want := []gateway.Header{
		lines("x-lower", "1", "ETag", `"a"`, "B", "2", "x-lower", "3", "Content-Length", "0"),
		lines("second", "1", "Content-Length", "4"),
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		for i, answer := range answers { // one connection, byte by byte
			if i > 0 {
				if _, err := http.ReadRequest(buffer.Reader); err != nil {
					t.Error(err)
					return
				}
			}
			for _, c := range []byte(answer) {
				conn.Write([]byte{c})
			}
		}
	})
	for _, server := range []*httptest.Server{httptest.NewServer(handler), httptest.NewTLSServer(handler)} {
		b := NewHTTP(nil)
		for i := range answers {
			x := httpExchange(server.URL, func(i *gateway.Integration, _ *gateway.IntegrationRequest) { i.SkipVerification = true })
			got, err := b.Invoke(context.Background(), x)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Header, want[i]) {
				t.Errorf("%s answer %d: got %v, want %v", server.URL, i, got.Header, want[i])
			}
		}
		server.Close()
	}
}

func TestHTTPReusesConnections(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	b := NewHTTP(nil)
	for range 5 {
		if _, err := b.Invoke(context.Background(), httpExchange(server.URL, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections, want 1", opened.Load())
	}
}

func TestHTTPVerifiesCertificates(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	server.Config.ErrorLog = nil
	for _, skip := range []bool{false, true} {
		x := httpExchange(server.URL, func(i *gateway.Integration, _ *gateway.IntegrationRequest) { i.SkipVerification = skip })
		if _, err := NewHTTP(nil).Invoke(context.Background(), x); (err == nil) != skip {
			t.Errorf("InsecureSkipVerification %v: %v", skip, err)
		}
	}
}

func TestHTTPFailures(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused.Close()
	tests := []struct {
		name, uri string
		kind      gateway.ResponseType
		status    int
	}{
		{"no host", "https:///path", gateway.APIConfigurationError, 500},
		{"no URL", "http://h:port/", gateway.APIConfigurationError, 500},
		{"refused", "http://" + refused.Addr().String(), gateway.IntegrationFailure, 504},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewHTTP(nil).Invoke(context.Background(), httpExchange(test.uri, nil))
			f, ok := errors.AsType[*gateway.Failure](err)
			if !ok || f.Type != test.kind || f.Status != test.status {
				t.Errorf("got %v, want %s %d", err, test.kind, test.status)
			}
		})
	}
}

func TestUnknownHostIsAConfigurationError(t *testing.T) {
	err := connectionError(context.Background(), &net.OpError{Op: "dial", Err: &net.DNSError{Name: "nowhere", IsNotFound: true}})
	if f, ok := errors.AsType[*gateway.Failure](err); !ok || f.Type != gateway.APIConfigurationError || f.Status != 500 {
		t.Errorf("got %v", err)
	}
}

func TestHTTPTimeoutIsLeftToTheGateway(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := NewHTTP(nil).Invoke(ctx, httpExchange(server.URL, nil))
	if _, isFailure := errors.AsType[*gateway.Failure](err); err == nil || isFailure {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestHTTPCheck(t *testing.T) {
	for uri, ok := range map[string]bool{
		"http://h": true, "https://h/{p}": true, "${stageVariables.base}/x": true, "": false, "arn:aws:x": false, "ftp://h": false,
	} {
		if err := NewHTTP(nil).Check(&gateway.Method{Integration: &gateway.Integration{URI: uri}}); (err == nil) != ok {
			t.Errorf("%q: %v", uri, err)
		}
	}
}

// TestHTTPStreams reads the first part of an answer before the rest is sent,
// which may be larger than answers that are read whole.
func TestHTTPStreams(t *testing.T) {
	goOn := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-goOn
		w.Write(make([]byte, maxAnswer+1))
	}))
	defer server.Close()
	x := httpExchange(server.URL, func(i *gateway.Integration, _ *gateway.IntegrationRequest) { i.Stream = true })
	answer, err := NewHTTP(nil).Invoke(context.Background(), x)
	if err != nil {
		close(goOn)
		t.Fatal(err)
	}
	defer answer.Stream.Close()
	first := make([]byte, 5)
	_, err = io.ReadFull(answer.Stream, first)
	close(goOn)
	rest, restErr := io.Copy(io.Discard, answer.Stream)
	if string(first) != "first" || err != nil || rest != maxAnswer+1 || restErr != nil || answer.Body != nil {
		t.Errorf("first %q (%v), then %d bytes (%v)", first, err, rest, restErr)
	}
}

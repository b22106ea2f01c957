package gateway

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// hidden is the request that attackers want to be taken for another client's.
const hidden = "GET /test/hidden HTTP/1.1\r\nHost: h\r\n\r\n"

// TestSmuggling sends each request in one piece, hidden behind it. What is
// refused ends the connection: hidden must not be reached.
func TestSmuggling(t *testing.T) {
	var mu sync.Mutex
	var reached []string
	l := listen(t, func(_ context.Context, x *Exchange) (*EndpointResponse, error) {
		mu.Lock()
		defer mu.Unlock()
		reached = append(reached, x.Request.Path+" "+string(x.Request.Body))
		return &EndpointResponse{StatusCode: 200}, nil
	})
	const post, get = "POST /test/a HTTP/1.1\r\nHost: h\r\n", "GET /test/a HTTP/1.1\r\nHost: h\r\n"
	for _, test := range []struct{ name, request, want string }{
		{"CL.TE", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
		{"TE.CL", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", "400"},
		{"two lengths", post + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n", "400"},
		{"two equal lengths", post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", "400"},
		{"list of lengths", post + "Content-Length: 0, 0\r\n\r\n", "400"},
		{"signed length", post + "Content-Length: +0\r\n\r\n", "400"},
		{"negative length", post + "Content-Length: -1\r\n\r\n", "400"},
		{"hexadecimal length", post + "Content-Length: 0x0\r\n\r\n", "400"},
		{"empty length", post + "Content-Length:\r\n\r\n", "400"},
		{"length that overflows", post + "Content-Length: 18446744073709551616\r\n\r\n", "400"},
		{"length with a blank before the colon", post + "Content-Length : 4\r\n\r\n", "400"},
		{"encoding with a blank before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "400"},
		{"unknown encoding", post + "Transfer-Encoding: xchunked\r\n\r\n", "400"},
		{"identity", post + "Transfer-Encoding: identity\r\n\r\n", "400"},
		{"identity and a length", post + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n", "400"},
		{"list of encodings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400"},
		{"two encodings", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", "400"},
		{"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
		{"vertical tab in an encoding", post + "Transfer-Encoding: \vchunked\r\n\r\n", "400"},
		{"quoted encoding", post + "Transfer-Encoding: \"chunked\"\r\n\r\n", "400"},
		{"encoding in HTTP/1.0", "POST /test/a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
		{"line feeds alone", post + "X: 1\nContent-Length: 0\r\n\r\n", "400"},
		{"blank line of a line feed", get + "\n", "400"},
		{"carriage return in a value", get + "X: a\rTransfer-Encoding: chunked\r\n\r\n", "400"},
		{"folded line", get + "X: a\r\n b\r\n\r\n", "400"},
		{"folded encoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "400"},
		{"first line folded", "GET /test/a HTTP/1.1\r\n Host: h\r\n\r\n", "400"},
		{"NUL in a name", get + "X\x00: a\r\n\r\n", "400"},
		{"NUL in a value", get + "X: a\x00b\r\n\r\n", "400"},
		{"no name", get + ": a\r\n\r\n", "400"},
		{"no colon", get + "X\r\n\r\n", "400"},
		{"name that is no token", get + "X(a): b\r\n\r\n", "400"},
		{"name of other letters", get + "X-\xc3\xa9: b\r\n\r\n", "400"},
		{"two hosts", get + "Host: i\r\n\r\n", "400"},
		{"no host", "GET /test/a HTTP/1.1\r\n\r\n", "400"},
		{"host with a path", "GET /test/a HTTP/1.1\r\nHost: h/../i\r\n\r\n", "400"},
		{"host with a user", "GET /test/a HTTP/1.1\r\nHost: h@i\r\n\r\n", "400"},
		{"another host in the target", "GET http://i/test/a HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"authority form", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"relative target", "GET test/a HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"target of another scheme", "GET ftp://h/test/a HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"blank in the target", "GET /test/a /b HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"tab in the target", "GET /test/a\t HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"NUL in the target", "GET /test/a\x00 HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"method that is no token", "G(T /test/a HTTP/1.1\r\nHost: h\r\n\r\n", "400"},
		{"HTTP/0.9", "GET /test/a\r\n\r\n", "400"},
		{"HTTP/2", "GET /test/a HTTP/2.0\r\nHost: h\r\n\r\n", "505"},
		{"HTTP/1.2", "GET /test/a HTTP/1.2\r\nHost: h\r\n\r\n", "505"},
		{"chunk that overflows", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n", "400"},
		{"chunk that wraps around", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n0\r\n\r\n", "400"},
		{"negative chunk", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", "400"},
		{"chunk longer than said", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n", "400"},
		{"line feed behind a chunk's size", post + "Transfer-Encoding: chunked\r\n\r\n0\n\r\n", "400"},
		{"line feed in a chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n0;a\n\r\n", "400"},
		{"length as a trailer", post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 50\r\n\r\n", "400"},
		{"forbidden trailer announced", post + "Trailer: Content-Length\r\nContent-Length: 0\r\n\r\n", "400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached = nil
			got := exchangeRaw(t, l, test.request+hidden)
			if !strings.HasPrefix(got, "HTTP/1.1 "+test.want+" ") || strings.Count(got, "HTTP/1.1 ") != 1 {
				t.Errorf("got %q, want one %s", got, test.want)
			}
			if len(reached) > 0 {
				t.Errorf("the backend got %q", reached)
			}
		})
	}
}

// TestUnambiguousRequests are odd ones that can be read in one way only. The
// request behind each is answered too.
func TestUnambiguousRequests(t *testing.T) {
	var reached []string
	l := listen(t, func(_ context.Context, x *Exchange) (*EndpointResponse, error) {
		names := ""
		for _, f := range x.Request.Header {
			names += f.Name + ","
		}
		reached = append(reached, x.Request.Method+" "+x.Request.Path+" "+string(x.Request.Body)+" "+names)
		return &EndpointResponse{StatusCode: 200}, nil
	})
	const last = "GET /test/last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
	for _, test := range []struct{ name, request, want string }{
		{"pipelining", "POST /test/a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", "POST /test/a hi Host,Content-Length,"},
		{"chunks", "POST /test/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n1\r\nh\r\n01\r\ni\r\n0\r\n\r\n",
			"POST /test/a hi Host,Transfer-Encoding,"},
		{"chunk extension", "POST /test/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\n\r\n",
			"POST /test/a hi Host,Transfer-Encoding,"},
		{"trailer", "POST /test/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Late: 1\r\n\r\n",
			"POST /test/a hi Host,Transfer-Encoding,"},
		{"GET with a body", "GET /test/a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", "GET /test/a hi Host,Content-Length,"},
		{"blank lines before", "\r\n\r\nGET /test/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /test/a  Host,"},
		{"HTTP/1.0 kept alive", "GET /test/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /test/a  Connection,"},
		{"same host in the target", "GET http://H/test/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /test/a  Host,"},
		{"dots and encoded slashes", "GET /test/a/..%2f%2e%2e/../b HTTP/1.1\r\nHost: h\r\n\r\n", "GET /test/a/..%2f%2e%2e/../b  Host,"},
		{"broken escapes, no UTF-8", "GET /test/%zz%c0%af\xff HTTP/1.1\r\nHost: h\r\n\r\n", "GET /test/%zz%c0%af\xff  Host,"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached = nil
			got := exchangeRaw(t, l, test.request+last)
			if len(reached) != 2 || reached[0] != test.want || !strings.HasPrefix(reached[1], "GET /test/last ") {
				t.Errorf("the backend got %q; the client %s", reached, got)
			}
		})
	}
}

func TestHeadLimits(t *testing.T) {
	l := listen(t, answering(200, "ok"))
	head := func(line, values int) string { // of so many bytes each
		request := "GET /test/" + strings.Repeat("p", line-len("GET /test/ HTTP/1.1\r\n")) + " HTTP/1.1\r\n"
		return request + "Host: h\r\nConnection: close\r\nX: " + strings.Repeat("v", values-len("h"+"close")) + "\r\n\r\n"
	}
	for _, test := range []struct{ name, request, want string }{
		{"values at the limit", head(40, 10200), "200"},
		{"values beyond it", head(40, 10201), "431"},
		{"request line at the limit", head(10230, 10), "200"},
		{"request line beyond it", head(10231, 10), "431"},
		{"endless line", "GET /" + strings.Repeat("p", 100_000), "431"},
		{"endless names", "GET /test/a HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X:\r\n", 25_000), "431"},
		{"endless trailers", "POST /test/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n", 25_000), "431"},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", l.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			go io.WriteString(conn, test.request) // what is refused isn't read to its end
			got, _ := io.ReadAll(conn)
			if !strings.HasPrefix(string(got), "HTTP/1.1 "+test.want+" ") {
				t.Errorf("got %.60q, want %s", got, test.want)
			}
		})
	}
}

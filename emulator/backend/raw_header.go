package backend

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// net/http respells the names of response headers and drops their order, but
// the service shows both to mappings (rule 107) and to the client (rule 53). So
// the connections of the HTTP backend keep the head of the last response.

// maxHead bounds what a connection keeps; the transport refuses longer heads.
const maxHead = 1 << 20

// headConn is a connection that keeps the head of the response on its way.
type headConn struct {
	net.Conn

	mu       sync.Mutex
	head     []byte
	complete bool
}

// begin forgets the head of the last response: a request is about to be sent.
func (c *headConn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head, c.complete = nil, false
}

// Read copies what comes until the head is complete.
func (c *headConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.complete || len(c.head) > maxHead {
		return n, err
	}
	c.head = append(c.head, p[:n]...)
	for {
		end := bytes.Index(c.head, []byte("\r\n\r\n"))
		switch {
		case end < 0:
			return n, err
		case isInformational(c.head): // the response proper is still to come
			c.head = c.head[end+len("\r\n\r\n"):]
		default:
			c.head, c.complete = c.head[:end], true
			return n, err
		}
	}
}

func isInformational(head []byte) bool {
	return bytes.HasPrefix(head, []byte("HTTP/1.1 1")) || bytes.HasPrefix(head, []byte("HTTP/1.0 1"))
}

// header is the head's lines as they came; nil when it isn't known whole.
func (c *headConn) header() gateway.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.complete {
		return nil
	}
	var h gateway.Header
	for i, line := range strings.Split(string(c.head), "\r\n") {
		switch {
		case i == 0: // status line
		case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
			return nil // a folded line: leave it to net/http
		default:
			name, value, _ := strings.Cut(line, ":")
			h.Add(name, strings.Trim(value, " \t"))
		}
	}
	return h
}

// keepHeads makes the transport's connections headConns.
func keepHeads(t *http.Transport, dialer *net.Dialer) {
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &headConn{Conn: conn}, nil
	}
	secure := &tls.Dialer{NetDialer: dialer, Config: t.TLSClientConfig}
	t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := secure.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &headConn{Conn: conn}, nil
	}
}

// withRawHeader sends the request and returns the response with its header as
// it came. Over a connection that keeps no head it is net/http's.
func withRawHeader(
	r *http.Request, send func(*http.Request) (*http.Response, error),
) (*http.Response, gateway.Header, error) {
	var used *headConn
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if used, _ = info.Conn.(*headConn); used != nil {
			used.begin()
		}
	}}
	response, err := send(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil {
		return nil, nil, err
	}
	if used != nil {
		if h := used.header(); h != nil {
			return response, h, nil
		}
	}
	return response, endpointHeader(response.Header), nil
}

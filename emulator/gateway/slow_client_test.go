package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSlowLoris(t *testing.T) {
	for _, test := range []struct{ name, sent, want string }{
		{"half a request line", "GET /te", "HTTP/1.1 408 "},
		{"half a head", "GET /test/a HTTP/1.1\r\nHost: h\r\nX-Half: ", "HTTP/1.1 408 "},
		{"half a body", "POST /test/a HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 408 "},
		{"half a chunk", "POST /test/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x=", "HTTP/1.1 400 "},
	} {
		t.Run(test.name, func(t *testing.T) {
			socket, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			l := newListener(socket, New(Options{API: newTestAPI()}))
			if l.server.ReadTimeout != headTimeout || l.server.IdleTimeout != idleTimeout || l.server.HeaderReceived(nil).ReadTimeout != bodyTimeout {
				t.Error("the listener has other timeouts")
			}
			l.server.ReadTimeout, l.server.HeaderReceived = 300*time.Millisecond, nil // of the whole request
			go l.serve()
			t.Cleanup(func() { l.Close(context.Background()) })
			if got := exchangeRaw(t, l, test.sent); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// deadlines is a connection that notes its deadlines.
type deadlines struct {
	memoryConn
	read, write time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = t; return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = t; return nil }

// acceptor accepts what it is given, errors too.
type acceptor struct {
	net.Listener
	next []any
}

func (a *acceptor) Accept() (net.Conn, error) {
	next := a.next[0]
	a.next = a.next[1:]
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.(net.Conn), nil
}

func TestConnectionsAreBounded(t *testing.T) {
	inner := &deadlines{memoryConn: memoryConn{Reader: bytes.NewReader(nil)}}
	noFiles := &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	warned := 0
	l := slowClients{&acceptor{next: []any{noFiles, noFiles, inner, net.ErrClosed}}, func() { warned++ }}
	begun := time.Now()
	conn, err := l.Accept()
	if err != nil {
		t.Fatalf("out of files for a moment: %v", err)
	}
	if warned == 0 {
		t.Error("nobody learns that there are no files")
	}
	if wait := inner.read.Sub(begun); wait < idleTimeout || wait > idleTimeout+time.Minute {
		t.Errorf("who sends nothing may hold the connection for %v", wait)
	}
	if _, err := io.WriteString(conn, "x"); err != nil {
		t.Fatal(err)
	}
	if wait := inner.write.Sub(begun); wait < writeTimeout || wait > writeTimeout+time.Minute {
		t.Errorf("who reads nothing may hold the connection for %v", wait)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
}

// TestIdleConnections holds many connections, used ones and such that say
// nothing, while the API answers.
func TestIdleConnections(t *testing.T) {
	l := listen(t, answering(200, "ok"))
	answer := make([]byte, 4096)
	for i := range 1000 {
		conn, err := net.Dial("tcp", l.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 {
			continue
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.WriteString(conn, "GET /test/a HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if n, err := conn.Read(answer); err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 200 ") {
			t.Fatalf("connection %d: %q, %v", i, answer[:n], err)
		}
	}
	if got := exchangeRaw(t, l, "GET /test/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
		t.Errorf("got %s", got)
	}
}

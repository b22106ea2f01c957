package gateway

import (
	"errors"
	"net"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// A client that stops halfway must not hold its connection for ever. Clients are
// on this machine, where even maxPayload takes less than a second.
const (
	headTimeout = 10 * time.Second // from a request's first byte to the end of its head
	bodyTimeout = time.Minute      // from there to the end of the body
	// writeTimeout is for each piece of an answer: a client that reads nothing
	// would hold the answer's memory.
	writeTimeout = time.Minute
	// idleTimeout is for the wait for a request. It is longer than clients keep
	// idle connections, so that mostly they are the ones to close.
	idleTimeout = 5 * time.Minute
	// acceptPause is the wait for a free file.
	acceptPause = 50 * time.Millisecond
)

// untilBody is called when a request's head was read.
func untilBody(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	return fasthttp.RequestConfig{ReadTimeout: bodyTimeout}
}

// slowClients gives the connections that it accepts the bounds that the server
// has no setting for.
type slowClients struct {
	net.Listener
	noFiles func() // is called when a connection waits for a free file
}

// Accept waits when there are no files left for connections: the server would
// take the error for the end.
func (l slowClients) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			l.noFiles()
			time.Sleep(acceptPause)
			continue
		}
		if errors.Is(err, syscall.ECONNABORTED) {
			continue
		}
		if err != nil {
			return nil, err
		}
		_ = conn.SetReadDeadline(time.Now().Add(idleTimeout)) // fails only if it is closed, which the server sees too
		return slowClient{conn}, nil
	}
}

type slowClient struct{ net.Conn }

func (c slowClient) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

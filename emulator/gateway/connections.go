package gateway

import (
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// connections are a listener's open ones. They tell a connection whose request
// is being answered from one that is only held: the end waits for the former,
// while a client could hold the latter for ever.
type connections struct {
	mu       sync.Mutex
	open     map[net.Conn]bool // true while a request of it is answered
	busy     int               // how many are true
	closing  bool
	answered chan struct{} // closed once closing, and nothing is answered any more

	ended sync.WaitGroup // the open ones
}

func newConnections() *connections {
	return &connections{open: map[net.Conn]bool{}, answered: make(chan struct{})}
}

// follow is the server's ConnState. A connection is idle only after its
// response is written.
func (c *connections) follow(conn net.Conn, state fasthttp.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case fasthttp.StateNew:
		c.open[conn] = false
		c.ended.Add(1)
		if c.closing {
			conn.Close()
		}
	case fasthttp.StateIdle:
		c.rest(conn)
	case fasthttp.StateClosed:
		c.rest(conn)
		delete(c.open, conn)
		c.ended.Done()
	}
}

// rest notes that the connection's request, if it had one, is answered.
func (c *connections) rest(conn net.Conn) {
	if !c.open[conn] {
		return
	}
	c.open[conn] = false
	c.busy--
	if !c.closing {
		return
	}
	conn.Close()
	if c.busy == 0 {
		close(c.answered)
	}
}

// begin notes that a request of the connection is being answered; false when
// it came too late.
func (c *connections) begin(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	c.open[conn] = true
	c.busy++
	return true
}

// isClosing says whether a connection ends with the response under way.
func (c *connections) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// release closes the connections that no request is answered on, and the
// others as soon as theirs is.
func (c *connections) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = true
	for conn, busy := range c.open {
		if !busy {
			conn.Close()
		}
	}
	if c.busy == 0 {
		close(c.answered)
	}
}

// cut closes every connection and says how many requests lose their answer.
func (c *connections) cut() (lost int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.open {
		conn.Close()
	}
	return c.busy
}

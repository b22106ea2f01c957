package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// maxPayload is the service's limit for a request's body: 10 MB.
const maxPayload = 10 << 20

// Listener serves one Gateway at a time over HTTP/1.1. Header names reach the
// gateway and the client as they were spelled, in order.
type Listener struct {
	socket      net.Listener
	mu          sync.Mutex
	current     *serving
	server      *fasthttp.Server
	connections *connections
	stop        context.CancelFunc // cuts the requests in flight
	stopControl context.CancelFunc // ends the control handler's streams, which nobody waits for
	done        chan struct{}      // closed when nothing is accepted any more
	close       sync.Once
	err         error
}

// Listen accepts requests at address ("127.0.0.1:8080"; port 0 takes a free
// one) until Close.
func Listen(address string, g *Gateway) (*Listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	l := newListener(socket, g)
	go l.serve()
	return l, nil
}

func newListener(socket net.Listener, g *Gateway) *Listener {
	ctx, stop := context.WithCancel(context.Background())
	controlled, stopControl := context.WithCancel(ctx)
	l := &Listener{
		socket: socket, connections: newConnections(), stop: stop, stopControl: stopControl, done: make(chan struct{}),
	}
	l.current = &serving{gateway: g}
	l.server = &fasthttp.Server{
		Handler: func(c *fasthttp.RequestCtx) {
			s := l.begin()
			defer s.inFlight.Done()
			if status := refusedSyntax(&c.Request.Header); status != 0 {
				refuseSyntax(c, status)
				return
			}
			r, g := readRequest(c), s.gateway
			if g.controls(r.Path) {
				g.answerControl(controlled, c, r)
				return
			}
			if !l.connections.begin(c.Conn()) {
				c.SetConnectionClose()
				return
			}
			switch {
			case !validQuery(r.RawQuery):
				refuseSyntax(c, fasthttp.StatusBadRequest)
			case g.ownSiteOnly && fromOtherSite(r):
				answer(c, refusedOtherSite())
			default:
				answer(c, g.Handle(ctx, r))
			}
			if l.connections.isClosing() {
				c.SetConnectionClose()
			}
		},
		ErrorHandler: func(c *fasthttp.RequestCtx, err error) {
			if errors.Is(err, fasthttp.ErrBodyTooLarge) {
				s := l.begin()
				defer s.inFlight.Done()
				answer(c, s.gateway.refuse(ctx, readRequest(c), &Failure{Type: RequestTooLarge}))
				return
			}
			refuseSyntax(c, unreadable(err)) // there is no request that the gateway could answer
		},
		ConnState:                     l.connections.follow,
		Logger:                        quiet{},
		MaxRequestBodySize:            maxPayload,
		HeaderReceived:                untilBody,
		ReadBufferSize:                maxHead,
		ReadTimeout:                   headTimeout,
		IdleTimeout:                   idleTimeout,
		DisableHeaderNamesNormalizing: true,
		DisablePreParseMultipartForm:  true,
		NoDefaultServerHeader:         true,
		NoDefaultContentType:          true,
	}
	return l
}

func (l *Listener) serve() {
	defer close(l.done)
	l.err = l.server.Serve(slowClients{l.socket, sync.OnceFunc(l.warnOfFiles)})
}

func (l *Listener) warnOfFiles() {
	s := l.begin()
	defer s.inFlight.Done()
	s.gateway.log.Warn("no file is free for another connection: clients wait; raise the limit with ulimit -n, or close connections")
}

// serving is a gateway with the requests that it has yet to answer.
type serving struct {
	gateway  *Gateway
	inFlight sync.WaitGroup
}

// begin counts a request in.
func (l *Listener) begin() *serving {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current.inFlight.Add(1)
	return l.current
}

// Serve has g take the requests that come from now on. Those in flight end in
// the gateway that they came to; answered waits for that.
func (l *Listener) Serve(g *Gateway) (answered func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.current
	l.current = &serving{gateway: g}
	return before.inFlight.Wait
}

// Addr is the address that the listener accepts requests at.
func (l *Listener) Addr() string { return l.socket.Addr().String() }

// Close refuses new requests, those that have not come whole included, and
// waits for those in flight; when ctx ends before, it cuts them. The server's
// own Shutdown would wait for every client that holds a connection.
func (l *Listener) Close(ctx context.Context) error {
	var err error
	l.close.Do(func() {
		defer l.stop()
		l.stopControl()
		l.socket.Close()
		<-l.done
		l.connections.release()
		select {
		case <-l.connections.answered:
		case <-ctx.Done():
			l.stop()
			if lost := l.connections.cut(); lost > 0 {
				err = fmt.Errorf("requests in flight were cut: %d: %w", lost, ctx.Err())
				return // a backend may take its time to notice
			}
		}
		l.connections.ended.Wait()
		err = l.err
	})
	return err
}

// usualHeaders are more than most requests have.
const usualHeaders = 16

// readRequest copies the request: fasthttp reuses its buffers.
func readRequest(c *fasthttp.RequestCtx) *Request {
	_, target := originForm(c.Request.Header.RequestURI())
	path, query, _ := bytes.Cut(target, []byte("?"))
	r := &Request{
		Method:     string(c.Method()),
		Path:       string(path),
		RawQuery:   string(query),
		Body:       bytes.Clone(c.Request.Body()),
		Host:       string(c.Request.Header.Host()),
		RemoteAddr: c.RemoteIP().String(),
		Protocol:   string(c.Request.Header.Protocol()),
		Header:     make(Header, 0, usualHeaders),
	}
	for name, value := range c.Request.Header.AllInOrder() {
		r.Header.Add(string(name), string(value))
	}
	return r
}

func answer(c *fasthttp.RequestCtx, r *Response) {
	c.Response.Reset() // of an error handler's defaults
	c.Response.Header.DisableNormalizing()
	c.Response.Header.SetNoDefaultContentType(true)
	c.SetStatusCode(r.StatusCode)
	for _, f := range r.Header {
		c.Response.Header.Add(f.Name, f.Value)
	}
	if r.Stream != nil {
		c.Response.ImmediateHeaderFlush = true
		c.Response.SetBodyStream(r.Stream, -1) // each piece as it comes; a stream that breaks ends the connection
		return
	}
	c.SetBody(r.Body)
}

// quiet drops fasthttp's own messages about broken connections.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

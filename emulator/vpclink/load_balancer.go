package vpclink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// loadBalancer is an Application Load Balancer, or a network load balancer,
// which passes requests on as they are.
type loadBalancer struct {
	logicalID string
	network   bool
	listeners []*listener
	transport http.RoundTripper

	source        string        // address that requests come from
	idleTimeout   time.Duration // how long a target may be silent
	forwardedFor  string        // append (default), preserve or remove
	withoutServer bool          // own answers carry no Server header
}

// listener is one port of a load balancer. The last of its rules is the
// default and matches everything.
type listener struct {
	port   int
	secure bool
	rules  []*rule
}

// roundTrip serves a request at the listener of its URL's port. TLS is not
// spoken: an https URL leads to an HTTPS listener all the same.
func (lb *loadBalancer) roundTrip(r *http.Request) (*http.Response, error) {
	port, secure := 80, r.URL.Scheme == "https"
	if secure {
		port = 443
	}
	if text := r.URL.Port(); text != "" {
		port, _ = strconv.Atoi(text)
	}
	for _, l := range lb.listeners {
		if l.port != port {
			continue
		}
		if l.secure != secure && !lb.network {
			return nil, fmt.Errorf("the listener on port %d of load balancer %s speaks another protocol than %s", port, lb.logicalID, r.URL.Scheme)
		}
		return lb.serve(l, r)
	}
	return nil, fmt.Errorf("load balancer %s has no listener on port %d", lb.logicalID, port)
}

func (lb *loadBalancer) serve(l *listener, r *http.Request) (*http.Response, error) {
	for _, rule := range l.rules {
		if rule.matches(r, lb.source) {
			return rule.action.serve(lb, l, r)
		}
	}
	return nil, fmt.Errorf("no rule of the listener on port %d of load balancer %s", l.port, lb.logicalID)
}

// forward sends a request to a target of the group, once a deployment that is
// under way has come to its end.
func (lb *loadBalancer) forward(group *targetGroup, l *listener, r *http.Request) (*http.Response, error) {
	select {
	case <-group.deployed:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if group.balancer != nil {
		return lb.forwardToBalancer(group, r)
	}
	address, ok := group.pick()
	if !ok {
		if lb.network {
			return nil, fmt.Errorf("target group %s has no target", group.name)
		}
		return lb.answer(r, http.StatusServiceUnavailable, nil), nil
	}
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host = "http", address
	if out.Host == "" {
		out.Host = r.URL.Host
	}
	if lb.network {
		return lb.transport.RoundTrip(out)
	}
	lb.addHeaders(out.Header, l)
	return lb.send(r, out)
}

func (lb *loadBalancer) forwardToBalancer(group *targetGroup, r *http.Request) (*http.Response, error) {
	for _, l := range group.balancer.listeners {
		if l.port == group.port {
			return group.balancer.serve(l, r)
		}
	}
	return nil, fmt.Errorf("load balancer %s has no listener on port %d", group.balancer.logicalID, group.port)
}

var errIdle = errors.New("idle timeout")

// send gives 504 when the target is silent for the idle timeout, and 502 when
// its connection fails. An end of the client's own context stays an error.
func (lb *loadBalancer) send(r, out *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(out.Context())
	timer := time.AfterFunc(lb.idleTimeout, func() { cancel(errIdle) })
	response, err := lb.transport.RoundTrip(out.WithContext(ctx))
	timer.Stop()
	switch {
	case err == nil:
		response.Body = &closing{response.Body, func() { cancel(nil) }}
		response.Request = r
		return response, nil
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	}
	idle := context.Cause(ctx) == errIdle
	cancel(nil)
	if idle {
		return lb.answer(r, http.StatusGatewayTimeout, nil), nil
	}
	return lb.answer(r, http.StatusBadGateway, nil), nil
}

// closing frees what belongs to a response when its body is closed.
type closing struct {
	io.ReadCloser
	free func()
}

func (c *closing) Close() error {
	defer c.free()
	return c.ReadCloser.Close()
}

// tenthAddress is the tenth address of a block.
func tenthAddress(block string) (string, bool) {
	prefix, err := netip.ParsePrefix(block)
	if err != nil || !prefix.Addr().Is4() {
		return "", false
	}
	at := prefix.Masked().Addr()
	for range 10 {
		at = at.Next()
	}
	return at.String(), prefix.Contains(at)
}

package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// sample is one request and what is known of it.
type sample struct {
	id       string // x-amzn-RequestId
	function string // that the route invokes, "" for none
	first    bool   // on its connection, or in an environment made for it

	connect, handshake time.Duration // 0 where the connection was kept
	firstByte          time.Duration // of the answer, after the request was written

	log    *accessLine // nil: not found
	report *invocation // of the function; nil: not found
}

// cold says whether the function's environment was made for the request, which the function's own log tells. Where no
// log does, it is what came first.
func (s *sample) cold() bool {
	if s.report != nil {
		return s.report.Init > 0
	}
	return s.first
}

// send sends the request when the rate allows it, and checks the answer.
func (m *deployedMeter) send(ctx context.Context, via *integrationtests.Target, request Request) (*sample, error) {
	select {
	case <-m.ticks.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	base := *m.target.BaseURL
	p, err := request.prepare("http://"+base.Host+base.Path, map[string]string{"run": m.target.Run()})
	if err != nil {
		return nil, err
	}
	m.sent++
	id := fmt.Sprintf("%s%0*x", m.target.Run(), idSize-len(m.target.Run()), m.sent)
	for _, at := range p.ids {
		copy(p.text[at:], id)
	}
	read, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(p.text)))
	if err != nil {
		return nil, err
	}
	var body strings.Builder
	if _, err := io.Copy(&body, read.Body); err != nil {
		return nil, err
	}
	clock := &stopwatch{}
	r, err := http.NewRequestWithContext(clock.watch(ctx), read.Method, base.Scheme+"://"+base.Host+read.RequestURI, strings.NewReader(body.String()))
	if err != nil {
		return nil, err
	}
	r.Header = read.Header
	response, err := via.Do(r, body.String())
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if err := p.check(response.StatusCode, answer); err != nil {
		return nil, err
	}
	return clock.sample(response.Header.Get("x-amzn-RequestId")), nil
}

// stopwatch takes the times of one request. Dialing goes on in goroutines of its own, so it locks.
type stopwatch struct {
	mu                                                sync.Mutex
	dial, dialled, greet, greeted, written, firstByte time.Time
}

func (w *stopwatch) watch(ctx context.Context) context.Context {
	now := func(at *time.Time) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if at.IsZero() { // the first of several addresses that are tried
			*at = time.Now()
		}
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart: func(string, string) { now(&w.dial) },
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				now(&w.dialled)
			}
		},
		TLSHandshakeStart:    func() { now(&w.greet) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { now(&w.greeted) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { now(&w.written) },
		GotFirstResponseByte: func() { now(&w.firstByte) },
	})
}

func (w *stopwatch) sample(id string) *sample {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &sample{
		id: id, connect: w.dialled.Sub(w.dial), handshake: w.greeted.Sub(w.greet), firstByte: w.firstByte.Sub(w.written),
	}
}

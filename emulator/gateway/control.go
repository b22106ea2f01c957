package gateway

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// ControlPath is what the paths begin with that Options.Control answers, in
// place of the API.
const ControlPath = "/_apigw/"

func (g *Gateway) controls(path string) bool {
	return g.control != nil && (strings.HasPrefix(path, ControlPath) || path+"/" == ControlPath)
}

// allowed refuses what a page of another site may have sent. A name that leads
// to this machine by another's DNS doesn't pass (rebinding), nor does a request
// of any other origin, but for a link that someone followed from a page of
// this machine.
func allowed(r *Request) bool {
	if !loopback.IsHost(r.Host) {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" && !strings.EqualFold(origin, "http://"+r.Host) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	case "same-site":
		return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	}
	return false
}

// answerControl answers a request by the control handler. What the handler
// writes goes out as it comes; ctx ends with the listener, so that a stream
// does too.
func (g *Gateway) answerControl(ctx context.Context, c *fasthttp.RequestCtx, r *Request) {
	if !allowed(r) {
		c.Error("refused: the console answers only its own pages, at a loopback address", http.StatusForbidden)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	reader, writer := io.Pipe()
	w := &controlWriter{header: http.Header{}, body: writer, begun: make(chan struct{})}
	go func() {
		defer cancel()
		status := http.StatusOK
		err := g.guarded(func() error { g.control.ServeHTTP(w, r.standard(ctx)); return nil })
		if err != nil {
			status = http.StatusInternalServerError
		}
		w.WriteHeader(status)
		writer.CloseWithError(err)
	}()
	<-w.begun
	answer(c, &Response{StatusCode: w.status, Header: w.fields, Stream: &controlBody{reader, cancel}})
}

// standard is the request as net/http has it.
func (r *Request) standard(ctx context.Context) *http.Request {
	standard := (&http.Request{
		Method: r.Method, URL: &url.URL{Path: r.Path, RawQuery: r.RawQuery}, Host: r.Host, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)), RemoteAddr: r.RemoteAddr,
	}).WithContext(ctx)
	if path, err := url.PathUnescape(r.Path); err == nil {
		standard.URL.Path, standard.URL.RawPath = path, r.Path
	}
	for _, f := range r.Header {
		standard.Header.Add(f.Name, f.Value)
	}
	return standard
}

// controlWriter passes a handler's answer on. Its methods are called by the
// handler's goroutine only.
type controlWriter struct {
	header http.Header
	body   *io.PipeWriter

	begun  chan struct{} // closed when status and fields are set
	status int
	fields Header
}

func (w *controlWriter) Header() http.Header { return w.header }

func (w *controlWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	for name, values := range w.header {
		for _, value := range values {
			w.fields.Add(name, value)
		}
	}
	close(w.begun)
}

func (w *controlWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush sends the header; what is written goes out at once.
func (w *controlWriter) Flush() { w.WriteHeader(http.StatusOK) }

// controlBody is what the handler writes; closed, the handler is to end.
type controlBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b *controlBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

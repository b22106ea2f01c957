package lambdahost

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// Options say what a Host runs.
type Options struct {
	Functions []Function
	URLs      *URLs // listeners of function URLs; nil when there are none
	// OwnSiteOnly refuses requests of pages that are not of this machine at
	// function URLs.
	OwnSiteOnly bool
	BuildDir    string // where programs built from source go, and what runs is recorded; "" without either

	// Env gives variables for every process, asked at its start: endpoints,
	// credentials. It may wait until engines run. nil gives none.
	Env func(ctx context.Context) (map[string]string, error)

	Log    *slog.Logger // nil discards
	Output io.Writer    // what functions print, line by line with a label; nil discards
}

// Host runs functions. Close ends it.
type Host struct {
	options  Options
	launcher *hostprocess.Launcher

	listener  net.Listener // of the Invoke API
	listenErr error
	servers   []*http.Server

	running context.Context // ends when processes are killed
	stop    context.CancelFunc
	builds  sync.WaitGroup

	mu        sync.Mutex
	functions map[string]*environments // by name
	described map[string]*Function     // likewise, as the last Update has them
	urls      map[string]*Function     // by FunctionURL.key; nil for one that is gone
	retired   []*environments          // of functions that are gone or changed
	active    int                      // invocations accepted and not ended
	closed    bool                     // Close was called
	closing   chan struct{}            // closed then
	drained   chan struct{}            // closed when nothing is active after that
}

// New makes a host and opens the port of its Invoke API, which answers from
// Start on.
func New(o Options) *Host {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Output == nil {
		o.Output = io.Discard
	}
	o.Output = hostprocess.Shared(o.Output)
	h := &Host{
		options: o, launcher: hostprocess.NewLauncher(),
		functions: map[string]*environments{}, described: map[string]*Function{}, urls: map[string]*Function{},
		closing: make(chan struct{}), drained: make(chan struct{}),
	}
	h.running, h.stop = context.WithCancel(context.Background())
	for i := range o.Functions {
		f := &h.options.Functions[i]
		h.functions[f.Name], h.described[f.Name] = h.newEnvironments(f), f
	}
	h.listener, h.listenErr = net.Listen("tcp", "127.0.0.1:0")
	return h
}

// Endpoint is the address of the Invoke API, for AWS_ENDPOINT_URL_LAMBDA.
func (h *Host) Endpoint() string {
	if h.listenErr != nil {
		return ""
	}
	return "http://" + h.listener.Addr().String()
}

// Function gives the function with this name or ARN.
func (h *Host) Function(nameOrARN string) (*Function, bool) {
	name, _ := splitName(nameOrARN)
	h.mu.Lock()
	defer h.mu.Unlock()
	f, found := h.described[name]
	return f, found
}

// environments are those of the function of that name; nil when there is none.
func (h *Host) environments(name string) *environments {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.functions[name]
}

// Start serves the Invoke API and the function URLs, and builds the functions
// in the background; an invocation that comes before waits for its own.
func (h *Host) Start(ctx context.Context) error {
	if h.listenErr != nil {
		return fmt.Errorf("listen for the Lambda Invoke API: %w", h.listenErr)
	}
	if h.options.BuildDir != "" {
		if err := h.launcher.Record(h.options.BuildDir); err != nil {
			return fmt.Errorf("record the processes of functions: %w", err)
		}
	}
	h.serve(h.listener, loopback.RefuseBrowsers(h.invokeAPI()))
	if err := h.serveURLs(h.options.Functions); err != nil {
		return err
	}
	for i := range h.options.Functions {
		f := &h.options.Functions[i]
		e := h.functions[f.Name]
		h.builds.Go(func() {
			if err := e.program(h.running); err != nil && h.running.Err() == nil {
				h.options.Log.Error("function can't be built", "function", f.Name, "error", err)
			}
		})
	}
	return ctx.Err()
}

func (h *Host) serve(listener net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler}
	h.servers = append(h.servers, server)
	go server.Serve(listener) // ends with Close
}

// begin counts an invocation in. A closing host accepts only what those in
// flight may still ask for.
func (h *Host) begin() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed && h.active == 0 {
		return false
	}
	h.active++
	return true
}

func (h *Host) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active--
	if h.closed && h.active == 0 {
		close(h.drained)
	}
}

// Close waits until every accepted invocation, asynchronous ones too, has
// ended or ctx has, then ends all processes. It returns when none is left.
func (h *Host) Close(ctx context.Context) error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	close(h.closing)
	if h.active == 0 {
		close(h.drained)
	}
	h.mu.Unlock()

	var err error
	select {
	case <-h.drained:
	case <-ctx.Done():
		h.mu.Lock()
		err = fmt.Errorf("%d invocations were cut off: %w", h.active, ctx.Err())
		h.mu.Unlock()
	}
	h.stop()
	var wg sync.WaitGroup
	for _, e := range slices.AppendSeq(h.retired, maps.Values(h.functions)) {
		wg.Go(e.close)
	}
	wg.Wait()
	<-h.drained // the processes' ends ended what was left
	h.builds.Wait()
	h.launcher.Close()
	h.closeServers(ctx)
	return err
}

// answerGrace is how long clients may take to read the last answers.
const answerGrace = 500 * time.Millisecond

func (h *Host) closeServers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerGrace)
	defer cancel()
	for _, server := range h.servers {
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	}
	if h.listener != nil {
		h.listener.Close() // the server closed it, if there was one
	}
}

package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// steps is a request's way. The first error ends it and goes to
// gateway_response.go.
var steps = []struct {
	name string
	run  func(context.Context, *Exchange) error
}{
	{"match", match},
	{"method request", methodRequest},
	{"integration request", integrationRequest},
	{"integration", integration},
	{"integration response", integrationResponse},
	{"method response", methodResponse},
}

// Options say what a Gateway serves. Only API is needed.
type Options struct {
	API        *API
	NoThrottle bool // leaves throttling and quotas out
	// Credentials are the access key that signed requests are checked against;
	// nil: none is accepted.
	Credentials aws.CredentialsProvider
	Log         *slog.Logger     // events, never a body or a header; nil discards them
	Now         func() time.Time // nil: time.Now
	// Trace gets the trace of each request before the client has its answer; nil:
	// none is written. Several goroutines may call it at a time.
	Trace func(*trace.Trace)
	// OwnSiteOnly refuses requests of web pages that are not of this machine.
	OwnSiteOnly bool
	// Control answers requests below ControlPath that come from this machine's
	// own pages and tools; nil: they are requests like any other.
	Control http.Handler
}

// Gateway serves one API. It is safe for concurrent use.
type Gateway struct {
	api            *API
	routes         *node
	canaryRoutes   *node     // nil: the same
	throttle       *throttle // nil: off
	authorizations authorizations
	credentials    aws.CredentialsProvider
	log            *slog.Logger
	now            func() time.Time
	trace          func(*trace.Trace)
	control        http.Handler // nil: none
	ownSiteOnly    bool
}

// New returns a gateway that is ready for requests.
func New(o Options) *Gateway {
	g := &Gateway{
		api: o.API, routes: newRoutes(o.API.Resources), credentials: o.Credentials, log: o.Log, now: o.Now, trace: o.Trace,
		control: o.Control, ownSiteOnly: o.OwnSiteOnly,
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.now == nil {
		g.now = time.Now
	}
	if canary := o.API.Stage.Canary; canary != nil && canary.Resources != nil {
		g.canaryRoutes = newRoutes(canary.Resources)
	}
	if !o.NoThrottle {
		g.throttle = newThrottle(o.API.Stage.MethodSettings)
	}
	return g
}

// API is what the gateway serves.
func (g *Gateway) API() *API { return g.api }

// Handle answers one request. It never fails: whatever goes wrong is the
// gateway response that the service would give.
func (g *Gateway) Handle(ctx context.Context, r *Request) *Response {
	x := g.newExchange(r, g.api)
	g.answer(ctx, x)
	return x.Response
}

func (g *Gateway) answer(ctx context.Context, x *Exchange) {
	if err := g.guarded(func() error { return run(ctx, x) }); err != nil {
		g.fail(x, failureOf(err))
	}
	g.hand(x)
}

// refuse answers a request that the listener could not read whole.
func (g *Gateway) refuse(ctx context.Context, r *Request, f *Failure) *Response {
	x := g.newExchange(r, g.api)
	_ = match(ctx, x) // the gateway response may tell the method; without one it is refused as well
	g.fail(x, f)
	g.hand(x)
	return x.Response
}

// run takes the exchange through the steps.
func run(ctx context.Context, x *Exchange) error {
	for _, step := range steps {
		begun := x.started()
		err := step.run(ctx, x)
		record(x, trace.Step{Name: step.name, Duration: x.since(begun)})
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// fail answers with the gateway response.
func (g *Gateway) fail(x *Exchange, f *Failure) {
	x.Failure = f
	err := g.guarded(func() error { gatewayResponse(x); return nil })
	if err != nil {
		x.Failure = failureOf(err)
		x.Response = &Response{StatusCode: http.StatusInternalServerError, Header: Header{{"x-amzn-RequestId", x.RequestID}}}
	}
	x.traceGatewayResponse()
}

// guarded makes an error of a panic, which is a fault of ours: the client gets
// a 500 and the log the cause.
func (g *Gateway) guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = internalError(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
			g.log.Error("fault of the gateway", "error", err)
		}
	}()
	return f()
}

func (g *Gateway) newExchange(r *Request, api *API) *Exchange {
	r.Header = r.Header.normalised()
	r.overrideMethod()
	routes, isCanary := g.routes, api.Stage.toCanary()
	if isCanary && g.canaryRoutes != nil {
		routes = g.canaryRoutes
	}
	x := &Exchange{
		Request:           r,
		API:               api,
		Time:              g.now(),
		RequestID:         uuid.New(),
		ExtendedRequestID: newExtendedRequestID(),
		TraceID:           completeTraceID(r.Header.Get("X-Amzn-Trace-Id"), g.now()),
		Overrides:         NewOverrides(),
		IsCanary:          isCanary,
		routes:            routes,
		throttle:          g.throttle,
		credentials:       g.credentials,
		authorizations:    &g.authorizations,
		now:               g.now,
	}
	if g.trace != nil {
		x.beginTrace()
	}
	return x
}

// failureOf finds the gateway response that err stands for. An error that no
// step made a Failure is a fault of ours or of the configuration.
func failureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return internalError(err)
}

// Package emulator runs the REST APIs of a cloud assembly on this machine:
// every stack's resources become a gateway with real backends behind it.
package emulator

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/backend"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
	"github.com/apigw-integrations/apigw-integrations/emulator/openapi"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// Options say what to serve and where. Only App is needed.
type Options struct {
	App string // cloud assembly folder (cdk.out) or one template file

	Parameters map[string]string // values of the template's parameters, by name or "Stack:Name"
	Backends   map[string]string // URLs of HTTP backends, containers and load balancers, by logical ID
	Functions  map[string]string // commands, folders or URLs that run functions, by logical ID or name

	// AllowFunctions runs the template's own code: functions, containers, the CDK
	// app, the engines' packages beside it. It may read files outside of its
	// folder then, too. What Functions and Backends name is run in any case.
	AllowFunctions bool

	Port       int  // of the first API on 127.0.0.1; 0 takes a free one
	NoListener bool // accepts no requests; methods are called by TestInvoke only
	NoThrottle bool // leaves throttling and quotas out
	AllowAWS   bool // lets requests reach real AWS endpoints

	DataDir string // absolute path of the folder that keeps the items of tables between runs; "": nothing is kept

	// OwnEngines leads the services that have an engine here to it, whatever
	// endpoint the environment names for them.
	OwnEngines bool
	// Trace gets the trace of each request, see gateway.Options.
	Trace func(*trace.Trace)
	// Control makes what answers below gateway.ControlPath on the port of the API
	// at place i; nil: nothing does.
	Control func(e *Emulator, i int) http.Handler
	// Reloaded is told of each reload, by one goroutine at a time; nil: nobody is.
	Reloaded func(Reload)
	// FunctionLog gets what functions and containers print; nil discards it.
	FunctionLog io.Writer
	// Log gets the gateway's own events, never a body or a header; nil discards them.
	Log *slog.Logger
}

// Emulator is a loaded assembly and, once started, everything that serves it.
// It is safe for concurrent use.
type Emulator struct {
	options   Options
	urls      *lambdahost.URLs
	functions *lambdahost.Host
	services  *awsservice.Services
	overHTTP  *backend.HTTP
	controls  []http.Handler // as many as there were APIs at one time

	current  atomic.Pointer[served]
	changing sync.Mutex     // of current
	ending   sync.WaitGroup // of what was served before
	reloads  reloads
}

// served is what is served at a time. It never changes: a reload puts another
// one in its place.
type served struct {
	assembly        *cfn.Assembly
	sum             string // of the assembly's files, see watch.Files
	given           *backend.Given
	network         *vpclink.Network
	networkProblems cfn.Problems
	apis            []*gateway.API
	found           cfn.Problems        // by others than the gateway
	problems        cfn.Problems        // all
	gateways        []*gateway.Gateway  // one an API
	listeners       []*gateway.Listener // likewise, unless there is none
}

// Assembly is what was loaded last.
func (e *Emulator) Assembly() *cfn.Assembly { return e.current.Load().assembly }

// APIs are those of the assembly, one for each stage.
func (e *Emulator) APIs() []*gateway.API { return e.current.Load().apis }

// Problems name what the assembly holds and the emulator can't serve.
func (e *Emulator) Problems() cfn.Problems { return e.current.Load().problems }

// Load reads the assembly and binds every method to its backend, but starts
// nothing. What can't be served is in Problems; an error means that nothing can.
func Load(o Options) (*Emulator, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.FunctionLog == nil {
		o.FunctionLog = io.Discard
	}
	e := &Emulator{options: o, urls: lambdahost.NewURLs(), overHTTP: backend.NewHTTP(nil)}
	first, err := e.read()
	if err != nil {
		return nil, err
	}
	work := e.workDir(first.assembly)
	functions, problems := lambdahost.FromAssembly(first.assembly, o.Functions, o.AllowFunctions)
	first.found = append(first.found, problems...)
	e.functions = lambdahost.New(lambdahost.Options{
		Functions:   functions,
		URLs:        e.urls,
		OwnSiteOnly: o.AllowAWS,
		BuildDir:    filepath.Join(work, "host"),
		Env:         func(ctx context.Context) (map[string]string, error) { return e.services.Env(ctx) },
		Log:         o.Log,
		Output:      o.FunctionLog,
	})
	e.services, problems = awsservice.New(awsservice.Options{
		Assembly:       first.assembly,
		LambdaInvoke:   e.invokeFunction,
		LambdaEndpoint: e.functions.Endpoint(),
		OwnEngines:     o.OwnEngines,
		AllowAWS:       o.AllowAWS,
		AllowFunctions: o.AllowFunctions,
		WorkDir:        filepath.Join(work, "engines"),
		DataDir:        o.DataDir,
		Log:            o.Log,
	})
	first.found = append(first.found, problems.With(cfn.NoBackend)...)
	first.network, first.networkProblems = e.newNetwork(first)
	if err := e.build(first, e.backends(first)); err != nil {
		return nil, err
	}
	e.current.Store(first)
	return e, nil
}

func (e *Emulator) newNetwork(s *served) (*vpclink.Network, cfn.Problems) {
	network, problems := vpclink.New(vpclink.Options{
		Assembly:       s.assembly,
		AllowFunctions: e.options.AllowFunctions,
		BuildDir:       filepath.Join(e.workDir(s.assembly), "host"),
		Backends:       s.given.URLs,
		Env:            e.services.Env,
		Log:            e.options.Log,
		Output:         e.options.FunctionLog,
	})
	return network, problems.With(cfn.NoBackend)
}

// read reads the assembly as it is now.
func (e *Emulator) read() (*served, error) {
	assembly, err := cfn.Load(e.options.App, cfn.Options{
		Parameters: e.options.Parameters, FilesElsewhere: e.options.AllowFunctions, Attribute: e.urls.Attribute,
	})
	if err != nil {
		return nil, err
	}
	given, err := backend.NewGiven(assembly, e.options.Backends, e.options.Log)
	if err != nil {
		return nil, err
	}
	_, sum := watch.Files(assembly.Files())
	return &served{assembly: assembly, sum: sum, given: given, found: assembly.Problems}, nil
}

// build makes the APIs of the assembly, without backends to see whether it can;
// an error means that there is none, or that a flag names nothing of it.
func (e *Emulator) build(s *served, backends gateway.Backends) error {
	apis, problems := gateway.Build(s.assembly, backends)
	s.apis = apis
	s.problems = s.assembly.Located(slices.Concat(s.found, s.networkProblems, problems).Unique())
	if len(apis) == 0 {
		return nothingServed(e.options.App, s.problems)
	}
	return s.checkFunctions(e.options.Functions)
}

func nothingServed(app string, problems cfn.Problems) error {
	err := fmt.Errorf("%s: no AWS::ApiGateway::RestApi that can be served", app)
	if len(problems) > 0 {
		err = errors.Join(err, problems)
	}
	return err
}

// workDir is where programs are built and written: .build of the project, or a
// folder of the user's cache for a template that lies in none, or is a stranger's.
func (e *Emulator) workDir(a *cfn.Assembly) string {
	for _, mark := range []string{"cdk.json", "go.mod"} {
		if _, err := os.Stat(filepath.Join(a.Root, mark)); err == nil && e.options.AllowFunctions {
			return filepath.Join(a.Root, ".build")
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(a.Root, ".build")
	}
	return filepath.Join(cache, "apigw", fmt.Sprintf("%x", sha256.Sum256([]byte(a.Root)))[:16])
}

// checkFunctions finds a name in Options.Functions that means no function: no
// logical ID of the template, and no ARN in an integration.
func (s *served) checkFunctions(given map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		err := s.assembly.CheckLogicalID(name)
		for _, api := range s.apis {
			for _, r := range api.Resources {
				for _, m := range r.Methods {
					if strings.Contains(m.Integration.URI, ":function:"+name) {
						err = nil
					}
				}
			}
		}
		if err != nil {
			return fmt.Errorf("--function %s: no function: %w", name, err)
		}
	}
	return nil
}

func (e *Emulator) backends(s *served) gateway.Backends {
	return backend.Set{
		Mock:        backend.NewMock(),
		HTTP:        s.given.For(e.overHTTP, e.overHTTP),
		VPCLink:     s.given.For(backend.NewVPCLink(s.network, e.overHTTP), e.overHTTP),
		Lambda:      backend.NewLambda(e.functions, e.options.Log),
		LambdaProxy: backend.NewLambdaProxy(e.functions, e.options.Log),
		AWSService:  backend.NewAWSService(e.services, e.options.Log),
	}.Table()
}

// Start loads the assembly and serves it until Close. It returns as soon as
// requests are accepted; engines and builds still on their way hold up only
// the requests that need them.
func Start(ctx context.Context, o Options) (*Emulator, error) {
	e, err := Load(o)
	if err != nil {
		return nil, err
	}
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Close(context.Background()))
	}
	return e, nil
}

func (e *Emulator) start(ctx context.Context) error {
	if err := e.services.Start(ctx); err != nil {
		return err
	}
	if err := e.functions.Start(ctx); err != nil {
		return err
	}
	if err := e.current.Load().network.Start(ctx); err != nil {
		return err
	}
	now := *e.current.Load()
	now.gateways = e.gateways(now.apis)
	e.current.Store(&now)
	if e.options.NoListener {
		return nil
	}
	return e.listen(now)
}

func (e *Emulator) gateways(apis []*gateway.API) []*gateway.Gateway {
	var gateways []*gateway.Gateway
	for i, api := range apis {
		options := gateway.Options{
			API:         api,
			NoThrottle:  e.options.NoThrottle,
			OwnSiteOnly: e.options.AllowAWS,
			Credentials: aws.CredentialsProviderFunc(e.services.Credentials),
			Log:         e.options.Log,
			Trace:       e.options.Trace,
		}
		if e.options.Control != nil {
			if i == len(e.controls) {
				e.controls = append(e.controls, e.options.Control(e, i))
			}
			options.Control = e.controls[i]
		}
		gateways = append(gateways, gateway.New(options))
	}
	return gateways
}

func (e *Emulator) listen(now served) error {
	defer func() { e.current.Store(&now) }()
	for i, g := range now.gateways {
		port := e.options.Port
		if port != 0 {
			port += i
		}
		listener, err := gateway.Listen(fmt.Sprintf("127.0.0.1:%d", port), g)
		if err != nil {
			return fmt.Errorf("listen for API %s: %w (another port: --port)", g.API().Name, err)
		}
		now.listeners = append(now.listeners, listener)
	}
	return nil
}

// TestInvoke calls a method of an API in APIs as TestInvokeMethod does, see
// gateway.TestInvocation.
func (e *Emulator) TestInvoke(ctx context.Context, api *gateway.API, t *gateway.TestInvocation) (*gateway.Response, error) {
	now := e.current.Load()
	return now.gateways[slices.Index(now.apis, api)].TestInvoke(ctx, t)
}

// OpenAPI makes an OpenAPI 3.0 document of an API, with its integrations, for a
// server's URL. The faults name what a document has no place for.
func (e *Emulator) OpenAPI(api *gateway.API, server string) (document map[string]any, faults []openapi.Fault) {
	return e.Assembly().OpenAPI(e.Assembly().ByRef(api.ID), server)
}

// CheckHealth asks the services behind VPC links as their load balancers do.
func (e *Emulator) CheckHealth(ctx context.Context) []vpclink.Health {
	return e.current.Load().network.CheckHealth(ctx)
}

// Functions tells what has become of each function.
func (e *Emulator) Functions() []lambdahost.Status { return e.functions.Status() }

// Env are the variables with which an AWS SDK reaches the embedded engines.
func (e *Emulator) Env(ctx context.Context) (map[string]string, error) { return e.services.Env(ctx) }

// Close refuses new requests, waits for those in flight until ctx ends, and
// stops every process that Start began.
func (e *Emulator) Close(ctx context.Context) error {
	var errs []error
	for _, listener := range e.current.Load().listeners {
		errs = append(errs, listener.Close(ctx))
	}
	errs = append(errs, e.services.Drain(ctx), e.functions.Close(ctx), e.current.Load().network.Close(ctx), e.services.Close(ctx))
	e.ending.Wait()
	return errors.Join(errs...)
}

func (e *Emulator) invokeFunction(ctx context.Context, arn string, payload []byte) ([]byte, string, error) {
	result, err := e.functions.Invoke(ctx, arn, payload, lambdahost.InvokeOptions{})
	if err != nil {
		return nil, "", err
	}
	return result.Payload, result.FunctionError, nil
}

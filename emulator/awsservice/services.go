// Package awsservice takes integration requests to AWS services: signed, to the
// endpoint that the environment names, or else to an engine that comes along.
//
// A call's way: call.go makes the HTTP request, endpoint.go chooses where it
// goes, sign.go signs it. The engines are DynamoDB (dynamodb.go) and Step
// Functions (stepfunctions.go) in one Node process (sidecar.go), SNS and SQS in
// this program (sns.go, delivery.go, sqs.go). Engines keep everything in memory,
// except tables if there is a data folder (data_dir.go), and listen on loopback
// only.
package awsservice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Options say what to serve.
type Options struct {
	Assembly *cfn.Assembly

	// LambdaInvoke runs a function and waits for it: SNS delivers by it.
	LambdaInvoke func(ctx context.Context, arn string, payload []byte) (answer []byte, functionError string, err error)
	// LambdaEndpoint is the loopback Lambda API that Task states call.
	LambdaEndpoint string

	Getenv     func(string) string // nil: the process's environment
	OwnEngines bool                // engines go before the endpoints that the environment names
	AllowAWS   bool                // endpoints of AWS itself are allowed, with the user's credentials
	WorkDir    string              // for the engines' programs; "": .build/engines in the project
	DataDir    string              // keeps tables between runs; "": they are in memory
	Log        *slog.Logger        // nil discards

	// AllowFunctions runs packages of engines that lie beside the template, which
	// are its own code; without it only those beside this program.
	AllowFunctions bool
}

// Services are the AWS services of an assembly.
type Services struct {
	options Options
	client  *http.Client
	signer  *v4.Signer // keeps the key that it derives for a day, a Region and a service
	chain   func() (aws.CredentialsProvider, error)

	engines   map[string]engine
	dynamoDB  *dynamoDB
	states    *stepFunctions
	sns       *sns
	sqs       *sqs
	delivery  *delivery
	sidecar   *sidecar
	elsewhere *server         // where SDKs are led that look for any other service
	asked     map[string]bool // services that a method needs, see Check
	data      *dataDir        // nil: nothing is kept
}

// New reads what the engines have to hold. What they can't is in the problems;
// the rest is served.
func New(o Options) (*Services, cfn.Problems) { return newServices(o, &sqs{}) }

// newServices keeps the messages of queues that are known.
func newServices(o Options, known *sqs) (*Services, cfn.Problems) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.WorkDir == "" {
		o.WorkDir = filepath.Join(o.Assembly.Root, ".build", "engines")
	}
	s := &Services{
		options:  o,
		chain:    sync.OnceValues(defaultChain),
		delivery: newDelivery(o),
		signer:   v4.NewSigner(),
		client: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	s.sidecar = newSidecar(o.Log, o.WorkDir, func(ctx context.Context, engine string, port int) error {
		s.client.CloseIdleConnections() // those to a process before
		if engine == "dynamodb" {
			return s.dynamoDB.prepare(ctx, port)
		}
		return nil
	})
	return s, s.embed(known)
}

// embed makes the engines, and takes those that no configured endpoint stands
// in for. An endpoint that can't be used is a problem of its own, and no reason
// for the engine to step in.
func (s *Services) embed(known *sqs) cfn.Problems {
	a := s.options.Assembly
	s.engines, s.asked = map[string]engine{}, map[string]bool{}
	s.sqs = newSQS(a, known)
	settings, lambdaProblems := asynchronousInvocations(a, s.sqs)
	s.delivery.settings.Store(&settings)
	var found [4]cfn.Problems
	s.dynamoDB, found[0] = newDynamoDB(s)
	s.states, found[1] = newStepFunctions(s)
	s.sns, found[2] = newSNS(a, s.sqs, s.delivery)
	found[2] = append(found[2], lambdaProblems...)

	var problems cfn.Problems
	for i, engine := range []engine{s.dynamoDB, s.states, s.sns, s.sqs} {
		endpoint, err := s.configured(lookUp(embedded[i]))
		switch {
		case err != nil:
			if problem := (cfn.Problem{Message: err.Error()}); !slices.Contains(problems, problem) {
				problems = append(problems, problem)
			}
		case endpoint == nil:
			s.engines[embedded[i]] = engine
			problems = append(problems, found[i]...)
		}
	}
	return problems
}

// Start starts the engines and returns at once; requests wait for the one they
// need. Engines run until Close.
func (s *Services) Start(context.Context) error {
	if err := s.openData(); err != nil {
		return err
	}
	var errs [3]error
	s.sns.server, errs[0] = newServer(s.sns)
	s.sqs.server, errs[1] = newServer(s.sqs)
	s.elsewhere, errs[2] = newServer(http.HandlerFunc(refuse))
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("listen for AWS services: %w", err)
	}
	var config sidecarConfig
	if s.runs("dynamodb", len(s.dynamoDB.tables)) {
		config.DynamoDB = &s.dynamoDB.config
	}
	if s.runs("states", len(s.states.config.Machines)) {
		config.States = &s.states.config
	}
	return s.sidecar.configure(config)
}

// openData takes the data folder, if there is to be one.
func (s *Services) openData() (err error) {
	if s.options.DataDir == "" {
		return nil
	}
	if s.engines["dynamodb"] == nil {
		return errors.New("a data folder keeps the tables of the embedded DynamoDB, but AWS_ENDPOINT_URL_DYNAMODB or AWS_ENDPOINT_URL names another: leave out one of them")
	}
	s.data, err = openDataDir(s.options.DataDir)
	return err
}

// runs says whether an engine of the sidecar is started: for resources of the
// template, or for methods that need it.
func (s *Services) runs(name string, resources int) bool {
	engine := s.engines[name]
	return engine != nil && engine.check("") == nil && (resources > 0 || s.asked[name])
}

// Drain delivers what SNS has accepted, while functions still run. What is on
// its way when ctx ends is given up and named in the log.
func (s *Services) Drain(ctx context.Context) error { return s.delivery.drain(ctx) }

// Close drains and ends the engines. It reports only what was lost: nothing
// when ctx had ended and no message or request was on its way.
func (s *Services) Close(ctx context.Context) error {
	errs := []error{s.Drain(ctx)}
	for _, server := range []*server{s.sns.server, s.sqs.server, s.elsewhere} {
		if server != nil {
			errs = append(errs, server.close(ctx))
		}
	}
	errs = append(errs, s.sidecar.close())
	if s.data != nil {
		errs = append(errs, s.data.close())
	}
	s.client.CloseIdleConnections()
	return errors.Join(errs...)
}

package integrationtests

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// What can run behind a base URL.
const (
	Local      = "local" // apigw serve, or a gateway in this process
	LocalStack = "localstack"
	AWS        = "aws"
)

// Targets are all of them.
var Targets = []string{Local, LocalStack, AWS}

// Target is a running API and the services behind it.
type Target struct {
	Name     string // one of Targets, as skip lines name it
	BaseURL  *url.URL
	Outputs  Outputs
	Signed   bool   // the API takes signed requests only
	run      string // a word that every ${unique} of the run begins with
	where    string // account and Region, of a deployed API
	apiKey   string // sent as x-api-key, if any
	config   aws.Config
	client   *http.Client
	dynamodb *dynamodb.Client
	sfn      *sfn.Client
	close    func(context.Context) error
}

// Close ends what StartLocal started.
func (t *Target) Close(ctx context.Context) error { return t.close(ctx) }

// Output finds an output in whichever stack has it.
func (t *Target) Output(name string) (string, error) {
	if value, ok := t.Outputs.Find(name); ok {
		return value, nil
	}
	return "", fmt.Errorf("no stack has an output %s", name)
}

// String says where the API runs: "account 123456789012, region eu-west-1, API https://…".
func (t *Target) String() string {
	if t.where == "" {
		return "API " + t.BaseURL.String()
	}
	return t.where + ", API " + t.BaseURL.String()
}

// Running is a target of which everything is known already; without outputs, only requests can be played.
func Running(name string, base *url.URL, outputs Outputs, cfg aws.Config) *Target {
	t := &Target{Name: name, BaseURL: base, Outputs: outputs, Signed: outputs.signed(), run: newRun(), config: cfg}
	t.close = func(context.Context) error { return nil }
	t.connect(func(string) *string { return nil })
	return t
}

// newRun is a word that no other run has. 50 bits keep runs apart, and few letters fit into every ID.
func newRun() string { return strings.ToLower(rand.Text()[:10]) }

// Via returns the target with its requests sent by transport.
func (t *Target) Via(transport http.RoundTripper) *Target {
	via, client := *t, *t.client
	client.Transport = transport
	via.client = &client
	return &via
}

// Run is the word by which CleanUp knows what the run made: whatever carries it.
func (t *Target) Run() string { return t.run }

// Do sends a request with this body, the API's key and a signature, as the target needs them.
func (t *Target) Do(r *http.Request, body string) (*http.Response, error) {
	if t.apiKey != "" && r.Header.Get("X-Api-Key") == "" {
		r.Header.Set("X-Api-Key", t.apiKey)
	}
	if t.Signed {
		credentials, err := t.config.Credentials.Retrieve(r.Context())
		if err != nil {
			return nil, err
		}
		if err := (signer{credentials, "execute-api", t.config.Region}).sign(r.Context(), r, body, time.Now()); err != nil {
			return nil, err
		}
	}
	return t.client.Do(r)
}

// connect makes the clients; a nil endpoint leaves the choice to the configuration.
func (t *Target) connect(endpoint func(service string) *string) {
	t.client = &http.Client{
		Timeout:       time.Minute, // the first request may wait for a build
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 32},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.dynamodb = dynamodb.NewFromConfig(t.config, func(o *dynamodb.Options) {
		o.BaseEndpoint = cmp.Or(endpoint("DYNAMODB"), o.BaseEndpoint)
	})
	t.sfn = sfn.NewFromConfig(t.config, func(o *sfn.Options) {
		o.BaseEndpoint = cmp.Or(endpoint("SFN"), o.BaseEndpoint)
	})
}

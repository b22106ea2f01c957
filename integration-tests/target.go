package integrationtests

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/apigw-integrations/apigw-integrations/emulator"
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
	Outputs  map[string]map[string]string // as in cdk-outputs.json
	Signed   bool                         // the API takes signed requests only
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
	for _, stack := range t.Outputs {
		if value, ok := stack[name]; ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("no stack has an output %s", name)
}

// Remote is a target that runs already. AWS clients follow the environment, AWS_ENDPOINT_URL included.
func Remote(ctx context.Context, name, baseURL, outputsFile string, signed bool) (*Target, error) {
	if !slices.Contains(Targets, name) {
		return nil, fmt.Errorf("target %q: want %s, %s or %s", name, Local, LocalStack, AWS)
	}
	base, err := url.Parse(strings.TrimSuffix(baseURL, "/"))
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("base URL %q: want http(s)://host/stage", baseURL)
	}
	data, err := os.ReadFile(outputsFile)
	if err != nil {
		return nil, fmt.Errorf("outputs of the stacks: %w; write them with cdk deploy --outputs-file or apigw serve --outputs", err)
	}
	var stacks map[string]map[string]string
	if err := json.Unmarshal(data, &stacks); err != nil {
		return nil, fmt.Errorf("%s: %w", outputsFile, err)
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return Running(name, base, stacks, cfg, signed), nil
}

// Running is a target of which everything is known already; without outputs, only requests can be played.
func Running(name string, base *url.URL, outputs map[string]map[string]string, cfg aws.Config, signed bool) *Target {
	t := &Target{Name: name, BaseURL: base, Outputs: outputs, Signed: signed, config: cfg}
	t.close = func(context.Context) error { return nil }
	t.connect(func(string) *string { return nil })
	return t
}

// Via returns the target with its requests sent by transport.
func (t *Target) Via(transport http.RoundTripper) *Target {
	via, client := *t, *t.client
	client.Transport = transport
	via.client = &client
	return &via
}

// StartLocal serves a cloud assembly by a gateway in this process.
func StartLocal(ctx context.Context, o emulator.Options) (*Target, error) {
	if _, err := os.Stat(o.App); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist: run make synth", o.App)
	}
	gateway, err := emulator.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	t := &Target{Name: Local, Outputs: gateway.Outputs(), close: gateway.Close}
	if err := t.reach(ctx, gateway); err != nil {
		return nil, errors.Join(err, gateway.Close(ctx))
	}
	return t, nil
}

func (t *Target) reach(ctx context.Context, gateway *emulator.Emulator) error {
	base, err := url.Parse(gateway.BaseURL())
	if err != nil {
		return err
	}
	env, err := gateway.Env(ctx)
	if err != nil {
		return err
	}
	t.BaseURL = base
	t.config = aws.Config{
		Region:      env["AWS_REGION"],
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	}
	t.connect(func(service string) *string {
		return aws.String(cmp.Or(env["AWS_ENDPOINT_URL_"+service], env["AWS_ENDPOINT_URL"]))
	})
	return nil
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

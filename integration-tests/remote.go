package integrationtests

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// Remote is a target that runs already: at the base URL, or at the output ApiUrl without one. AWS clients follow the
// environment, AWS_ENDPOINT_URL included. Before anything is played it makes sure that the API is there and, unless
// it is served locally, that its stacks are deployed in full, in the account that the credentials are for.
func Remote(ctx context.Context, name, baseURL, outputsFile string) (*Target, error) {
	if !slices.Contains(Targets, name) {
		return nil, fmt.Errorf("target %q: want %s, %s or %s", name, Local, LocalStack, AWS)
	}
	outputs, err := ReadOutputs(outputsFile)
	if err != nil {
		return nil, err
	}
	base, err := stageURL(baseURL, outputs)
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	t := Running(name, base, outputs, cfg)
	if name != Local {
		if err := t.CheckDeployment(ctx); err != nil {
			return nil, err
		}
	}
	if err := t.CheckReachable(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

func stageURL(baseURL string, outputs Outputs) (*url.URL, error) {
	if baseURL == "" {
		output, ok := outputs.Find("ApiUrl")
		if !ok {
			return nil, fmt.Errorf("no stack has an output ApiUrl, so the API is not deployed, or only a part of its stacks: deploy all of them")
		}
		baseURL = output
	}
	base, err := url.Parse(strings.TrimSuffix(baseURL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("base URL %q: want http(s)://host/stage", baseURL)
	}
	return base, nil
}

// CheckReachable makes sure that something answers; it takes any answer.
func (t *Target) CheckReachable(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.BaseURL.String(), nil)
	if err != nil {
		return err
	}
	response, err := t.client.Do(r)
	if err != nil {
		return fmt.Errorf("the API can't be reached: is it deployed, or served, at this address? %w", err)
	}
	return response.Body.Close()
}

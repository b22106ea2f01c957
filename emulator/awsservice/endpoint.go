package awsservice

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// engine is a service that this program brings along.
type engine interface {
	// url waits until the engine takes requests.
	url(ctx context.Context) (*url.URL, error)
	// check says why the engine can't serve action; "" asks for any.
	check(action string) error
}

// embedded are the services that have an engine, in the order in which embed
// makes them.
var embedded = []string{"dynamodb", "states", "sns", "sqs"}

// configured is the endpoint that the environment names for the service; nil
// when it names none, or none that counts.
func (s *Services) configured(target service) (*url.URL, error) {
	if s.options.OwnEngines && slices.Contains(embedded, target.name) {
		return nil, nil
	}
	variable, value := target.variable(), s.options.Getenv(target.variable())
	if value == "" {
		variable, value = "AWS_ENDPOINT_URL", s.options.Getenv("AWS_ENDPOINT_URL")
	}
	if value == "" {
		return nil, nil
	}
	endpoint, err := url.Parse(value)
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, fmt.Errorf("%s: %q is not an http or https URL", variable, value)
	}
	if isAWS(endpoint.Hostname()) && !s.options.AllowAWS {
		return nil, fmt.Errorf("%s names the real AWS endpoint %s: allow it with --allow-aws", variable, endpoint.Host)
	}
	return endpoint, nil
}

// isAWS recognizes the hosts of AWS service endpoints.
func isAWS(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc([]string{"amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws"}, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}

// endpoint chooses where the service's requests go: the service's variable,
// AWS_ENDPOINT_URL, the embedded engine. There is no other way, so that
// nothing reaches AWS by accident.
func (s *Services) endpoint(ctx context.Context, target service) (*url.URL, error) {
	if endpoint, err := s.configured(target); endpoint != nil || err != nil {
		return endpoint, err
	}
	if engine := s.engines[target.name]; engine != nil {
		return engine.url(ctx)
	}
	return nil, fmt.Errorf("no endpoint for %s: set %s", target.name, target.variable())
}

// Check says why action of the service can't be served; nil when it can.
// Action "" asks for the service as a whole. Not for use after Start.
func (s *Services) Check(name, action string) error {
	target := lookUp(name)
	if endpoint, err := s.configured(target); endpoint != nil || err != nil {
		return err
	}
	engine := s.engines[target.name]
	if engine == nil {
		return fmt.Errorf("no embedded engine for %s: set %s to an endpoint of it", name, target.variable())
	}
	s.asked[target.name] = true
	if err := engine.check(action); err != nil {
		return fmt.Errorf("%w, or set %s to an endpoint that serves it", err, target.variable())
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// localStack is where the stacks are deployed.
type localStack interface {
	// start returns when LocalStack answers.
	start(ctx context.Context, s *session) error
}

// startLocalStack says which LocalStack it takes, and why.
func (s *session) startLocalStack(ctx context.Context) error {
	m := machine{system: runtime.GOOS}
	if s.Endpoint == "" {
		m.docker = dockerDaemon(ctx)
	}
	chosen, why, err := choose(s.options, m)
	if err != nil {
		return usageError{err}
	}
	fmt.Fprintln(s.out, why)
	s.localStack = chosen
	return chosen.start(ctx, s)
}

// machine is what the choice depends on when no LocalStack is named.
type machine struct {
	system string // GOOS
	docker error  // why no Docker daemon answers; nil if one does
}

func choose(o options, m machine) (chosen localStack, why string, err error) {
	switch {
	case o.Endpoint == "" && o.ProductsURL != "":
		return nil, "", errors.New("APIGW_PRODUCTS_URL is for a LocalStack that runs already: name that by AWS_ENDPOINT_URL, or set neither")
	case o.Endpoint != "":
		err := checkEndpoint(o.Endpoint)
		return given{}, fmt.Sprintf("LocalStack at %s, as AWS_ENDPOINT_URL says", o.Endpoint), err
	case m.docker == nil && o.Token != "":
		return docker{}, "LocalStack in Docker: a daemon answers, and LOCALSTACK_AUTH_TOKEN is set", nil
	case m.docker == nil:
		why = "a Docker daemon answers, but LOCALSTACK_AUTH_TOKEN is not set, and LocalStack's image does not start without it"
	default:
		why = fmt.Sprintf("no Docker daemon answers (%v)", m.docker)
	}
	if m.system != "linux" {
		return nil, "", fmt.Errorf("%s, and LocalStack's open core runs the functions on Linux only: start Docker and set LOCALSTACK_AUTH_TOKEN, or name a running LocalStack by AWS_ENDPOINT_URL", why)
	}
	return host{}, "LocalStack's open core as a process of this machine: " + why, nil
}

// dockerDaemon tells why no daemon answers: the client alone is not enough.
func dockerDaemon(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").CombinedOutput()
	if err == nil {
		return nil
	}
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("docker is not installed")
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return errors.New(lines[len(lines)-1])
}

// checkEndpoint refuses what is no emulator's address.
func checkEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("AWS_ENDPOINT_URL is %q: want a URL like http://127.0.0.1:4566", endpoint)
	}
	for _, domain := range []string{"amazonaws.com", "amazonaws.com.cn", "api.aws"} {
		if host := strings.ToLower(u.Hostname()); host == domain || strings.HasSuffix(host, "."+domain) {
			return fmt.Errorf("AWS_ENDPOINT_URL is %q, which is AWS itself: for a real account there is make test-aws", endpoint)
		}
	}
	return nil
}

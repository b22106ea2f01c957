package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// suites are the tests that play against a deployed LocalStack. The first runs in its package's folder, so that go
// shows its summary.
var suites = [][]string{
	{"go", "test", "-C", "integration-tests", "-count=1", "-run", "TestCases"},
	{"go", "test", "-count=1", "-run", "LocalStack", "./toolbox/..."},
}

// play runs all suites, also when one fails.
func (s *session) play(ctx context.Context) error {
	env := append(s.environment(), s.exports()...)
	if s.localStack == (host{}) {
		env = append(env, "APIGW_EXACT_SKIPS=1") // the version is known, so is what it can't do
	}
	var errs []error
	for _, suite := range suites {
		p, err := s.launch(ctx, os.Stdout, env, suite[0], suite[1:]...)
		if err != nil {
			return err
		}
		<-p.ended
		if p.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", strings.Join(suite, " "), p.err))
		}
	}
	return errors.Join(errs...)
}

// stay prints what leads programs to the deployed API, and waits for the end.
func (s *session) stay(ctx context.Context) error {
	for _, variable := range append([]string{
		"AWS_ENDPOINT_URL=" + s.endpoint,
		"AWS_ACCESS_KEY_ID=" + accessKey,
		"AWS_SECRET_ACCESS_KEY=" + secretKey,
		"AWS_REGION=" + region,
	}, s.exports()...) {
		fmt.Fprintln(s.out, "export "+variable)
	}
	fmt.Fprintln(s.out, "Ctrl-C ends it")
	<-ctx.Done()
	return nil
}

// exports lead the integration tests to the deployed API.
func (s *session) exports() []string {
	return []string{
		"APIGW_BASE_URL=" + s.baseURL,
		"APIGW_OUTPUTS=" + s.outputsFile(),
		"APIGW_TARGET=localstack",
	}
}

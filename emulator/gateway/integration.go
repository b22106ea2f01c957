package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// defaultTimeout is the service's when the integration names none.
const defaultTimeout = 29 * time.Second

// integration sends the integration request to its backend. The timeout bounds
// a streamed answer as a whole (unverified).
func integration(ctx context.Context, x *Exchange) error {
	i := x.Method.Integration
	timeout := i.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	x.traceEndpointRequest()
	begun := x.started()
	answer, err := i.Backend.Invoke(ctx, x)
	x.traceEndpointResponse(answer, begun)
	if err != nil {
		defer cancel()
		return integrationError(ctx, err)
	}
	if answer.Stream != nil {
		answer.Stream = newEndpointStream(answer.Stream, cancel, x.API)
	} else {
		cancel()
	}
	x.EndpointResponse = answer
	return nil
}

// integrationError keeps a backend's own Failure; any other error is a timeout
// if the time is over, else an integration failure, which is served as 500
// though its definition reads 504 (rule 31).
func integrationError(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &Failure{
			Type: IntegrationTimeout, Words: "Execution failed due to a timeout error",
			Cause: fmt.Errorf("the integration's timeout is over: %w", err),
		}
	}
	return &Failure{Type: IntegrationFailure, Status: 500, Cause: err}
}

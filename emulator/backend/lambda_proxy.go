package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

var _ gateway.Backend = (*LambdaProxy)(nil)

// LambdaProxy answers AWS_PROXY integrations: the function gets the client's
// request as an event and returns the client's response
// (lambda_answer.go).
type LambdaProxy struct{ functions }

// NewLambdaProxy returns the backend over an invoker; a nil log discards.
func NewLambdaProxy(invoker Invoker, log *slog.Logger) *LambdaProxy {
	return &LambdaProxy{newFunctions(invoker, log)}
}

// Invoke calls the function. What it does wrong is a 502 (rule 23), what the
// configuration has wrong a 500 (rule 31).
func (b *LambdaProxy) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	if method := x.IntegrationRequest.Method; method != http.MethodPost {
		return nil, fmt.Errorf("IntegrationHttpMethod is %s: Lambda functions are invoked by POST", method)
	}
	target, err := parseTarget(x.IntegrationRequest.URI)
	if err != nil {
		return nil, err
	}
	if err := b.authorize(x, target); err != nil {
		return nil, err
	}
	if x.Method.Integration.Stream {
		return b.stream(ctx, x, target)
	}
	result, err := b.invoke(ctx, target, x.IntegrationRequest.Body, lambdahost.InvokeOptions{TraceID: x.TraceID, Qualifier: target.qualifier})
	if err != nil {
		return nil, invokeFailure(err)
	}
	wire := invocation(x, result)
	if result.FunctionError != "" {
		return wire, functionFailed(result)
	}
	answer, err := proxyAnswer(result.Payload, x.API.IsBinary(x.Accept()))
	switch {
	case errors.Is(err, errMalformed):
		return wire, badGateway(err, malformedWords)
	case err != nil:
		return wire, internalError(err)
	}
	answer.Wire = wire
	return answer, nil
}

// functionFailed is the answer for a function that raised an error.
func functionFailed(result *lambdahost.Result) error {
	cause := fmt.Errorf("Lambda execution failed with status 200 due to customer function error: %s. Lambda request id: %s",
		lambdahost.ErrorMessage(result.Payload), result.RequestID)
	return badGateway(cause, cause.Error())
}

// malformedWords are the execution log's for an answer that is none.
const malformedWords = gateway.ConfigurationError + "Malformed Lambda proxy response"

// badGateway blames the function.
func badGateway(cause error, words string) error {
	return &gateway.Failure{Type: gateway.Default5XX, Status: http.StatusBadGateway, Cause: cause, Words: words}
}

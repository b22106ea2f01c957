package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

// Invoker runs Lambda functions; lambdahost.Host is one. If it has a method
// Function as the Host has, functions are looked up and their permissions
// checked, otherwise every function is taken to be there and permitted.
type Invoker interface {
	Invoke(ctx context.Context, nameOrARN string, payload []byte, o lambdahost.InvokeOptions) (*lambdahost.Result, error)
}

var (
	_ Invoker         = (*lambdahost.Host)(nil)
	_ gateway.Backend = (*Lambda)(nil)
)

// Lambda answers AWS integrations of Lambda functions: the integration
// request's body is the event, the function's result the endpoint's body.
type Lambda struct{ functions }

// NewLambda returns the backend over an invoker; a nil log discards.
func NewLambda(invoker Invoker, log *slog.Logger) *Lambda { return &Lambda{newFunctions(invoker, log)} }

// Invoke calls the function. Header mappings land on the call (rule 40), so
// that X-Amz-Invocation-Type makes it asynchronous (rule 38). Without a body
// the event is {} (rule 32).
func (b *Lambda) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	target, err := parseTarget(x.IntegrationRequest.URI)
	if err != nil {
		return nil, err
	}
	if err := b.authorize(x, target); err != nil {
		return nil, err
	}
	event := x.IntegrationRequest.Body
	if len(event) == 0 {
		event = []byte("{}")
	}
	result, err := b.invoke(ctx, target, event, lambdahost.InvokeOptions{
		InvocationType: x.IntegrationRequest.Header.Get("X-Amz-Invocation-Type"),
		TraceID:        x.TraceID,
		Qualifier:      target.qualifier,
	})
	if err != nil {
		return nil, invokeFailure(err)
	}
	answer := invocation(x, result)
	if result.FunctionError != "" {
		answer.Selection = lambdahost.ErrorMessage(result.Payload) // rules 35, 37
	}
	return answer, nil
}

// invocation is the answer of Lambda's Invoke API, its header in the recorded order.
func invocation(x *gateway.Exchange, result *lambdahost.Result) *gateway.EndpointResponse {
	answer := &gateway.EndpointResponse{StatusCode: result.StatusCode, Body: result.Payload, Stream: result.Stream}
	h := &answer.Header
	h.Add("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Add("Content-Type", "application/json")
	if result.Stream == nil {
		h.Add("Content-Length", strconv.Itoa(len(result.Payload)))
	}
	h.Add("Connection", "keep-alive")
	h.Add("x-amzn-RequestId", result.RequestID)
	if result.FunctionError != "" {
		h.Add("X-Amz-Function-Error", result.FunctionError)
	}
	h.Add("x-amzn-Remapped-Content-Length", "0")
	if result.ExecutedVersion != "" {
		h.Add("X-Amz-Executed-Version", result.ExecutedVersion)
	}
	h.Add("X-Amzn-Trace-Id", x.TraceID)
	return answer
}

// invokeFailure is what a refusal of the Invoke API makes of the request. An
// event that is no JSON is the client's fault (reported by users of the
// service); all else, throttling too, is a 500 (documented).
func invokeFailure(err error) error {
	var refusal *lambdahost.Error
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.StatusCode == http.StatusBadRequest:
		return &gateway.Failure{Type: gateway.Default4XX, Status: http.StatusBadRequest, Message: refusal.Message, Cause: err}
	}
	words := fmt.Sprintf("Lambda invocation failed with status: %d", refusal.StatusCode) // as users of the service show them; unverified
	return &gateway.Failure{
		Type: gateway.Default5XX, Status: http.StatusInternalServerError, Cause: fmt.Errorf("%s: %w", words, err), Words: words,
	}
}

func internalError(cause error) error {
	return &gateway.Failure{Type: gateway.Default5XX, Status: http.StatusInternalServerError, Cause: cause}
}

// functions is what both Lambda backends share.
type functions struct {
	invoker Invoker
	log     *slog.Logger
}

func newFunctions(invoker Invoker, log *slog.Logger) functions {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return functions{invoker, log}
}

// lookup gives the function; known is false when the invoker can't tell.
func (b functions) lookup(nameOrARN string) (f *lambdahost.Function, known bool) {
	directory, ok := b.invoker.(interface {
		Function(nameOrARN string) (*lambdahost.Function, bool)
	})
	if !ok {
		return nil, false
	}
	f, _ = directory.Function(nameOrARN)
	return f, true
}

// Check wants a function that runs here. Missing permissions are no obstacle:
// the method is served and fails as on the service; the log says so beforehand.
func (b functions) Check(m *gateway.Method) error {
	if err := checkCredentials(m); err != nil {
		return err
	}
	uri := gateway.FillStageVariables(m.Integration.URI, m.API.Stage.Variables)
	target, err := parseTarget(uri)
	if err != nil {
		return fmt.Errorf("Integration.Uri: %w", err)
	}
	if target.streams != m.Integration.Stream {
		return errors.New("Integration.Uri: with ResponseTransferMode STREAM it ends in " +
			"2021-11-15/functions/FUNCTION-ARN/response-streaming-invocations, without in 2015-03-31/functions/FUNCTION-ARN/invocations")
	}
	if strings.Contains(target.function, "{") {
		return nil // the request says which function it is
	}
	f, known := b.lookup(target.function)
	switch {
	case known && f == nil:
		return notInTemplate(target)
	case f == nil:
		return nil
	case f.Missing != nil:
		return *f.Missing
	}
	methods := []string{m.HTTPMethod}
	if m.HTTPMethod == "ANY" {
		methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	}
	for _, method := range methods {
		if failure := denied(m, m.API, method, f); failure != nil {
			b.log.Warn("requests will fail", "stack", m.StackName, "method", m.LogicalID, "httpMethod", method, "reason", failure.Cause)
		}
	}
	return nil
}

// notInTemplate is the problem of a function that only its ARN tells of.
func notInTemplate(t target) cfn.Problem {
	return cfn.Problem{
		Property: "Integration.Uri", Message: "the function " + t.function + " is not in the template",
		Hint: lambdahost.GiveFunction(t.function), Effect: cfn.NoBackend,
	}
}

// invoke runs the function; one that isn't there fails.
func (b functions) invoke(ctx context.Context, t target, event []byte, o lambdahost.InvokeOptions) (*lambdahost.Result, error) {
	if f, known := b.lookup(t.function); known && f == nil {
		reason := notInTemplate(t).Error()
		b.log.Warn("the function is not there", "reason", reason)
		return lambdahost.NotFound(reason), nil
	}
	return b.invoker.Invoke(ctx, t.function, event, o)
}

// authorize refuses a call that the service would not make.
func (b functions) authorize(x *gateway.Exchange, target target) error {
	f, _ := b.lookup(target.function)
	if f == nil {
		return nil // Invoke says that there is none
	}
	if failure := denied(x.Method, x.API, x.Request.Method, f); failure != nil {
		return failure
	}
	return nil
}

// The execution log's words for calls that the API may not make, as users of
// the service show them.
const (
	notPermittedWords = gateway.ConfigurationError + "Invalid permissions on Lambda function"
	notAssumedWords   = gateway.ConfigurationError + "API Gateway does not have permission to assume the provided role " // then its ARN
)

// denied says why the API may not invoke the function: neither does the
// integration's role allow it, nor, without a role, the function's policy.
func denied(m *gateway.Method, api *gateway.API, httpMethod string, f *lambdahost.Function) *gateway.Failure {
	role := m.Integration.Role
	switch {
	case role != nil && !role.TrustedBy(apiGatewayPrincipal):
		return notAssumed(role)
	case role != nil && !role.Allows("lambda:InvokeFunction", f.ARN):
		return notPermitted("role %s does not allow lambda:InvokeFunction on %s", role.ARN, f.ARN)
	case m.Integration.Credentials != "":
		return nil // a role outside the template can't be judged
	}
	source := sourceARN(m, api, httpMethod)
	if f.Permits(apiGatewayPrincipal, source) {
		return nil
	}
	return notPermitted("no AWS::Lambda::Permission of %s allows %s to invoke it for %s", f.LogicalID, apiGatewayPrincipal, source)
}

func notPermitted(format string, args ...any) *gateway.Failure {
	cause := fmt.Errorf("Invalid permissions on Lambda function: "+format, args...)
	return &gateway.Failure{Type: gateway.APIConfigurationError, Cause: cause, Words: notPermittedWords}
}

// notAssumed is the answer for a role that API Gateway can't take.
func notAssumed(role *gateway.Role) *gateway.Failure {
	return &gateway.Failure{
		Type:  gateway.APIConfigurationError,
		Cause: fmt.Errorf("role %s can't be assumed: it does not trust %s", role.ARN, apiGatewayPrincipal),
		Words: notAssumedWords + role.ARN,
	}
}

// sourceARN is what SourceArn of a permission is compared with. Test invocations
// come from a stage of their own, test-invoke-stage (documented for the CDK's
// allowTestInvoke).
func sourceARN(m *gateway.Method, api *gateway.API, httpMethod string) string {
	if m.Integration.CalledFor != "" {
		return m.Integration.CalledFor
	}
	return api.ExecuteARN(api.Stage.Name + "/" + httpMethod + m.Resource.Path)
}

// target is the function that an integration's URI names.
type target struct {
	function  string // ARN or name, with version or alias
	qualifier string // from the query
	streams   bool   // it is invoked for a response that is streamed
}

var invocationURI = regexp.MustCompile(
	`^arn:[^:]+:apigateway:[^:]*:lambda:path/+(?:2015-03-31/functions/(.+?)/invocations|2021-11-15/functions/(.+?)/response-streaming-invocations)(?:\?(.*))?$`)

func parseTarget(uri string) (target, error) {
	match := invocationURI.FindStringSubmatch(uri)
	if match == nil {
		return target{}, fmt.Errorf("%q is no invocation of a Lambda function: use "+
			"arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION-ARN/invocations", uri)
	}
	query, _ := url.ParseQuery(match[3]) // what can't be read is no qualifier
	return target{function: match[1] + match[2], qualifier: query.Get("Qualifier"), streams: match[2] != ""}, nil
}

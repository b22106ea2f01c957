package compare

import (
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/internal/account"
	"github.com/apigw-integrations/apigw-integrations/toolbox/stage"
)

// testInvokeStage is what the stage is called while TestInvokeMethod runs.
const testInvokeStage = "test-invoke-stage"

// patientAttempts are made of calls that AWS throttles soon.
const patientAttempts = 8

// testInvoke sends requests through TestInvokeMethod. It runs the API as it is defined now, whether deployed to a stage
// or not, and knows nothing of the stage, so the stage's variables go along. See
// https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html.
type testInvoke struct {
	client    *apigateway.Client
	api       string
	resources []*gateway.Resource
	ids       map[string]string // resource's path → ID
	variables map[string]string // of the stage
}

var _ http.RoundTripper = (*testInvoke)(nil)

// newTestInvoke reads the resources and the stage of an API.
func newTestInvoke(ctx context.Context, cfg aws.Config, at *stage.Address) (*testInvoke, error) {
	deployed, err := stage.Read(ctx, cfg, at)
	if err != nil {
		return nil, err
	}
	return &testInvoke{
		client: apigateway.NewFromConfig(cfg), api: at.API,
		resources: deployed.Resources, ids: deployed.IDs, variables: deployed.Stage.Variables,
	}, nil
}

// noMethodError says that the deployed API lacks a method.
type noMethodError struct{ method string }

func (e *noMethodError) Error() string { return "the deployed API has no method for " + e.method }

// RoundTrip calls TestInvokeMethod and tells the request's context more than the answer holds. The request ID, which the answer lacks
// as a header, is the log's.
func (t *testInvoke) RoundTrip(r *http.Request) (*http.Response, error) {
	path, _, _ := strings.Cut(r.URL.RequestURI(), "?")
	method := gateway.MethodOf(t.resources, r.Method, path)
	if method == nil {
		return nil, &noMethodError{r.Method + " " + path}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	input := &apigateway.TestInvokeMethodInput{
		RestApiId: &t.api, ResourceId: aws.String(t.ids[method.Resource.Path]), HttpMethod: &r.Method,
		PathWithQueryString: aws.String(r.URL.RequestURI()), Body: aws.String(string(body)), StageVariables: t.variables,
	}
	input.Headers, input.MultiValueHeaders = headerMaps(r.Header)
	out, err := t.client.TestInvokeMethod(r.Context(), input, func(o *apigateway.Options) { o.RetryMaxAttempts = patientAttempts })
	if err != nil {
		return nil, account.Explain(err)
	}
	log := parseExecutionLog(aws.ToString(out.Log))
	tell(r.Context(), told{log, slices.Collect(maps.Keys(out.MultiValueHeaders))})
	header := http.Header{"X-Amzn-Requestid": {log.requestID()}}
	for name, values := range out.MultiValueHeaders {
		for _, value := range values {
			header.Add(name, value)
		}
	}
	return &http.Response{
		StatusCode: int(out.Status), Header: header, Request: r, Body: io.NopCloser(strings.NewReader(aws.ToString(out.Body))),
	}, nil
}

// headerMaps puts the header where the call wants it: in the second map if a name comes twice.
func headerMaps(header http.Header) (single map[string]string, multi map[string][]string) {
	single = map[string]string{}
	for name, values := range header {
		if len(values) > 1 {
			return nil, header
		}
		single[name] = values[0]
	}
	return single, nil
}

// unchecked are the gateway responses of what TestInvokeMethod leaves out: routing, authorizers, API keys, throttling.
var unchecked = []gateway.ResponseType{
	gateway.AccessDenied, gateway.AuthorizerConfigurationError, gateway.AuthorizerFailure, gateway.ExpiredToken,
	gateway.InvalidAPIKey, gateway.InvalidSignature, gateway.MissingAuthenticationToken, gateway.QuotaExceeded,
	gateway.RequestTooLarge, gateway.Throttled, gateway.Unauthorized, gateway.WAFFiltered,
}

// unable says what of a request TestInvokeMethod can't do; "" if it can do all.
func unable(local *answered) string {
	request, _ := trace.Last[trace.Request](local.trace)
	contentType := request.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	failure := local.failure()
	switch {
	case local.trace.Resource == "":
		return "no method takes the request; TestInvokeMethod calls a method"
	case contentType != "" && (err != nil || mediaType != "application/json"):
		return "TestInvokeMethod takes every body as application/json"
	case !utf8.Valid(request.Body) || !utf8.Valid(local.Answer.Body):
		return "TestInvokeMethod takes and gives text only"
	case failure != nil && slices.Contains(unchecked, gateway.ResponseType(failure.Type)):
		return fmt.Sprintf("the local gateway answers %s, which TestInvokeMethod does not check", failure.Type)
	}
	return ""
}

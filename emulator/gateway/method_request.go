package gateway

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// admission is the way of a method request: who calls, how often, and with what.
// Test invocations leave out what is about the caller.
var admission = []struct {
	check       func(context.Context, *Exchange) error
	callersOnly bool
}{
	{checkServable, false},
	{authorize, true},
	{checkUsagePlan, true},
	{checkThrottle, true},
	{decompress, false}, // after the authorization, because a signature is of what was sent
	{receive, false},
	{validateParameters, false},
	{validateBody, false},
}

// methodRequest admits the request.
func methodRequest(ctx context.Context, x *Exchange) error {
	for _, a := range admission {
		if a.callersOnly && x.test != nil {
			continue
		}
		if err := a.check(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// receive begins the execution: from here on the execution log tells of it.
func receive(_ context.Context, x *Exchange) error {
	if x.trace != nil {
		x.traceMethodRequest()
	}
	return nil
}

// checkServable refuses a method that this gateway can't serve.
func checkServable(_ context.Context, x *Exchange) error {
	if x.Method.Unservable != nil {
		return &Failure{Type: Default5XX, Cause: &unservableError{x.Method.Unservable}}
	}
	return nil
}

// authorize checks who calls. What asks for an authorization that is not
// checked here is refused: to serve it open would hide a mistake until the
// deployment.
func authorize(ctx context.Context, x *Exchange) error {
	kind := x.Method.AuthorizationType
	if kind == "" || kind == "NONE" {
		return nil
	}
	if len(x.methodARN()) > maxMethodARN {
		return &Failure{Type: Default4XX, Status: http.StatusRequestURITooLong, Message: "Request URI too long"}
	}
	switch kind {
	case "AWS_IAM":
		return checkSignature(ctx, x)
	case "CUSTOM":
		return askAuthorizer(ctx, x)
	}
	return &Failure{Type: AccessDenied, Cause: fmt.Errorf("authorization %s is not supported: always refused", kind)}
}

// IsRefused says whether every request is, for want of a check of its caller.
func (m *Method) IsRefused() bool {
	switch m.AuthorizationType {
	case "", "NONE", "AWS_IAM", "CUSTOM":
		return false
	}
	return true
}

// maxMethodARN is the service's limit for the ARN of a method with
// authorization, which has the values of path parameters.
const maxMethodARN = 1600

// validateParameters wants all required parameters.
func validateParameters(_ context.Context, x *Exchange) error {
	if !x.Method.ValidateParams {
		return nil
	}
	if missing := missingParameters(x); len(missing) > 0 {
		message := "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"
		return &Failure{Type: BadRequestParameters, Message: message, Words: message}
	}
	return nil
}

// missingParameters lists required parameters that are absent or blank:
// headers, then path, then query, each sorted (rule 93).
func missingParameters(x *Exchange) []string {
	var missing []string
	for _, key := range sortedKeys(x.Method.RequestParameters) {
		if !x.Method.RequestParameters[key] {
			continue
		}
		location, name, _ := strings.Cut(strings.TrimPrefix(key, "method.request."), ".")
		var value string
		switch location {
		case "header":
			value = x.Request.Header.Get(name)
		case "path":
			value, _ = x.PathParameter(name)
		case "querystring":
			value, _ = lastValue(x.Query(), name)
		}
		if strings.TrimSpace(value) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// validateBody checks the body against the model of its content type. A
// request without Content-Type counts as JSON, one without body as {} (rule 94);
// a type without model is not checked.
func validateBody(_ context.Context, x *Exchange) error {
	if !x.Method.ValidateBody {
		return nil
	}
	model := x.Method.RequestModels[x.contentType()]
	if model == nil {
		model = x.Method.RequestModels[defaultTemplate]
	}
	if model == nil {
		return nil
	}
	body := x.Request.Body
	if len(body) == 0 {
		body = []byte("{}")
	}
	if err := model.Validate(body); err != nil {
		text := validationText(err)
		return &Failure{
			Type: BadRequestBody, Cause: err, ValidationError: insideQuotes(text),
			Words: "Request body does not match model schema for content type " + x.contentType() + ": " + text,
		}
	}
	return nil
}

// contentType is the media type of the request's body, JSON when it says none
// (rule 34).
func (x *Exchange) contentType() string {
	if t := mediaType(x.Request.Header.Get("Content-Type")); t != "" {
		return t
	}
	return "application/json"
}

// Accept is the first media type that the client accepts (rule 28).
func (x *Exchange) Accept() string {
	first, _, _ := strings.Cut(x.Request.Header.Get("Accept"), ",")
	return mediaType(first)
}

// mediaType is a Content-Type without its parameters.
func mediaType(value string) string {
	t, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

// IsBinary says whether a media type is among the API's binary ones. Of
// wildcards only the right one counts (rule 29).
func (a *API) IsBinary(mediaType string) bool {
	return mediaType != "" && slices.ContainsFunc(a.BinaryMediaTypes, func(entry string) bool {
		if entry == "*/*" {
			return true
		}
		if prefix, ok := strings.CutSuffix(entry, "/*"); ok && prefix != "*" {
			return strings.HasPrefix(mediaType, prefix+"/")
		}
		return entry == mediaType && !strings.HasPrefix(entry, "*/")
	})
}

package gateway

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// gatewayResponseType is what the service serves of a type that the API does
// not define itself (rule 99).
type gatewayResponseType struct {
	status    int    // 0: none of its own
	message   string // $context.error.message
	errorType string // x-amzn-ErrorType
	body      string // default template as it is served
}

// The default template reads the same for all types, but the bytes served
// differ: recorded is the blank of the internal server error (rule 98) and the
// capital of access denied (rule 109), the rest is unverified.
const (
	definedBody = `{"message":$context.error.messageString}`
	spacedBody  = `{"message": $context.error.messageString}`
	deniedBody  = `{"Message":$context.error.messageString}`
)

var gatewayResponseTypes = map[ResponseType]gatewayResponseType{
	AccessDenied:                 {403, "User is not authorized to access this resource", "AccessDeniedException", deniedBody},
	APIConfigurationError:        {500, "Internal server error", "InternalServerErrorException", spacedBody},
	AuthorizerConfigurationError: {500, "", "AuthorizerConfigurationException", definedBody},
	AuthorizerFailure:            {500, "", "AuthorizerFailureException", definedBody},
	BadRequestBody:               {400, "Invalid request body", "BadRequestException", spacedBody},
	BadRequestParameters:         {400, "Invalid request parameters", "BadRequestException", spacedBody},
	Default4XX:                   {0, "Bad request", "BadRequestException", spacedBody},
	Default5XX:                   {0, "Internal server error", "InternalServerErrorException", spacedBody},
	ExpiredToken:                 {403, "The security token included in the request is expired", "ExpiredTokenException", definedBody},
	IntegrationFailure:           {504, "Internal server error", "InternalServerErrorException", spacedBody},
	IntegrationTimeout:           {504, "Endpoint request timed out", "InternalServerErrorException", spacedBody},
	InvalidAPIKey:                {403, "Forbidden", "ForbiddenException", definedBody},
	InvalidSignature:             {403, "The request signature we calculated does not match the signature you provided", "InvalidSignatureException", definedBody},
	MissingAuthenticationToken:   {403, "Missing Authentication Token", "MissingAuthenticationTokenException", definedBody},
	QuotaExceeded:                {429, "Limit Exceeded", "LimitExceededException", definedBody},
	RequestTooLarge:              {413, "Request Too Long", "RequestTooLargeException", definedBody},
	ResourceNotFound:             {404, "Not Found", "NotFoundException", definedBody},
	Throttled:                    {429, "Too Many Requests", "TooManyRequestsException", definedBody},
	Unauthorized:                 {401, "Unauthorized", "UnauthorizedException", definedBody},
	UnsupportedMediaType:         {415, "Unsupported Media Type", "BadRequestException", spacedBody},
	WAFFiltered:                  {403, "Forbidden", "ForbiddenException", definedBody},
}

// GatewayResponseDefinition is AWS::ApiGateway::GatewayResponse.
type GatewayResponseDefinition struct {
	StatusCode         string            // "": the type's own
	ResponseParameters map[string]string // "gatewayresponse.header.X" → source
	ResponseTemplates  map[string]string // by content type; no VTL, only substitution
	Default            bool              // the API does not define this type itself
}

// GatewayResponse returns the definition that holds for a type: the API's own,
// else DEFAULT_4XX or DEFAULT_5XX, else the built-in one. Members that a
// definition lacks are the built-in ones (rules 100, 101).
func (a *API) GatewayResponse(t ResponseType) GatewayResponseDefinition {
	builtIn := gatewayResponseTypes[t]
	definition := GatewayResponseDefinition{Default: a.GatewayResponses[t] == nil}
	if source := a.definitionFor(t); source != nil {
		definition.StatusCode = source.StatusCode
		definition.ResponseParameters = source.ResponseParameters
		definition.ResponseTemplates = source.ResponseTemplates
	}
	if definition.StatusCode == "" && builtIn.status != 0 {
		definition.StatusCode = strconv.Itoa(builtIn.status)
	}
	if len(definition.ResponseTemplates) == 0 {
		definition.ResponseTemplates = map[string]string{"application/json": definedBody}
	}
	return definition
}

// definitionFor is what the API itself says of a type; nil for nothing.
func (a *API) definitionFor(t ResponseType) *GatewayResponseDefinition {
	if own := a.GatewayResponses[t]; own != nil {
		return own
	}
	switch status := gatewayResponseTypes[t].status; {
	case status >= 500:
		return a.GatewayResponses[Default5XX]
	case status >= 400:
		return a.GatewayResponses[Default4XX]
	}
	return nil
}

// gatewayResponse is the one way out for every failure.
func gatewayResponse(x *Exchange) {
	f, source := x.Failure, x.API.definitionFor(x.Failure.Type)
	if source == nil || f.Type == RequestTooLarge { // the service doesn't let an API change this one
		source = &GatewayResponseDefinition{}
	}
	if unservable, ok := errors.AsType[*unservableError](f); ok {
		x.Response = unservable.response()
		return
	}
	templates := source.ResponseTemplates
	if len(templates) == 0 {
		templates = map[string]string{"application/json": gatewayResponseTypes[f.Type].body}
	}
	contentType := acceptedTemplate(x, templates)
	errorType := cmp.Or(f.ErrorType, gatewayResponseTypes[f.Type].errorType)
	header := Header{
		{"Content-Type", contentType},
		{"x-amzn-RequestId", x.RequestID},
		{"x-amzn-ErrorType", errorType},
		{"x-amz-apigw-id", x.ExtendedRequestID},
	}
	if x.test != nil {
		header = Header{{"x-amzn-ErrorType", errorType}} // rule 103
	}
	for _, target := range sortedKeys(source.ResponseParameters) {
		name, isHeader := strings.CutPrefix(target, "gatewayresponse.header.")
		value, found, err := requestSource(x, source.ResponseParameters[target])
		if isHeader && found && err == nil && (Header{{name, value.text()}}).checked() == nil {
			header.Set(name, value.text())
		}
	}
	x.Response = &Response{
		StatusCode: f.status(source),
		Header:     header,
		Body:       []byte(substitute(x, templates[contentType])),
	}
}

// status is the definition's status; without one it is what the failure asks
// for: an integration failure is defined as 504 but served as 500 (rule 31).
func (f *Failure) status(definition *GatewayResponseDefinition) int {
	if status, err := strconv.Atoi(definition.StatusCode); err == nil {
		return status
	}
	for _, status := range []int{f.Status, gatewayResponseTypes[f.Type].status} {
		if status != 0 {
			return status
		}
	}
	if f.Type == Default4XX {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

func (f *Failure) message() string {
	if f.Message != "" {
		return f.Message
	}
	return gatewayResponseTypes[f.Type].message
}

// messageString is $context.error.messageString: null without a message.
func (f *Failure) messageString() string {
	if message := f.message(); message != "" {
		return compactJSON(message)
	}
	return "null"
}

// acceptedTemplate chooses a template's content type by the client's Accept,
// then JSON, then the first.
func acceptedTemplate[T any](x *Exchange, templates map[string]T) string {
	for _, contentType := range []string{x.Accept(), "application/json"} {
		if _, found := templates[contentType]; found {
			return contentType
		}
	}
	return sortedKeys(templates)[0]
}

// reference is a variable in a gateway response's template.
var reference = regexp.MustCompile(`\$\{?((?:context|stageVariables|method\.request)(?:\.[A-Za-z0-9_-]+)+)\}?`)

// substitute fills in the variables of a gateway response's template. There is
// no VTL in it: an unknown variable is empty, everything else is text.
func substitute(x *Exchange, template string) string {
	return reference.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.TrimPrefix(match, "$")
		braced := strings.HasPrefix(name, "{")
		name = strings.Trim(name, "{}")
		value, _, err := requestSource(x, name)
		text := value.text()
		if err != nil {
			text = ""
		}
		if !braced && strings.HasSuffix(match, "}") { // the brace is the template's
			text += "}"
		}
		return text
	})
}

// unservableError is why this gateway, not the service, can't answer for a method.
type unservableError struct{ cause error }

func (e *unservableError) Error() string { return e.cause.Error() }

// response is like nothing that the service answers, so that nobody takes a
// lack of this gateway for a behaviour of the service.
func (e *unservableError) response() *Response {
	return &Response{
		StatusCode: http.StatusNotImplemented,
		Header:     Header{{"Content-Type", "application/json"}, {"X-Apigw-Unservable", "true"}},
		Body:       []byte(`{"apigw":"this local gateway can't serve the method","why":` + compactJSON(e.Error()) + `}`),
	}
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

package gateway

import "fmt"

// ResponseType is the type of a gateway response, as AWS::ApiGateway::GatewayResponse names it.
type ResponseType string

// The 21 types of gateway responses.
const (
	AccessDenied                 ResponseType = "ACCESS_DENIED"
	APIConfigurationError        ResponseType = "API_CONFIGURATION_ERROR"
	AuthorizerConfigurationError ResponseType = "AUTHORIZER_CONFIGURATION_ERROR"
	AuthorizerFailure            ResponseType = "AUTHORIZER_FAILURE"
	BadRequestBody               ResponseType = "BAD_REQUEST_BODY"
	BadRequestParameters         ResponseType = "BAD_REQUEST_PARAMETERS"
	Default4XX                   ResponseType = "DEFAULT_4XX"
	Default5XX                   ResponseType = "DEFAULT_5XX"
	ExpiredToken                 ResponseType = "EXPIRED_TOKEN"
	IntegrationFailure           ResponseType = "INTEGRATION_FAILURE"
	IntegrationTimeout           ResponseType = "INTEGRATION_TIMEOUT"
	InvalidAPIKey                ResponseType = "INVALID_API_KEY"
	InvalidSignature             ResponseType = "INVALID_SIGNATURE"
	MissingAuthenticationToken   ResponseType = "MISSING_AUTHENTICATION_TOKEN"
	QuotaExceeded                ResponseType = "QUOTA_EXCEEDED"
	RequestTooLarge              ResponseType = "REQUEST_TOO_LARGE"
	ResourceNotFound             ResponseType = "RESOURCE_NOT_FOUND"
	Throttled                    ResponseType = "THROTTLED"
	Unauthorized                 ResponseType = "UNAUTHORIZED"
	UnsupportedMediaType         ResponseType = "UNSUPPORTED_MEDIA_TYPE"
	WAFFiltered                  ResponseType = "WAF_FILTERED"
)

// Failure ends an exchange with a gateway response. Any step and any backend
// may return one; gateway_response.go makes the answer of it.
type Failure struct {
	Type      ResponseType
	Status    int    // what is served unless the API's definition sets another; 0: the type's own
	Message   string // $context.error.message; "": the type's own
	ErrorType string // x-amzn-ErrorType; "": the type's own
	Cause     error  // goes to the log, never to the client
	Words     string // what the service's execution log says; "": made of the cause where it says anything

	ValidationError string // $context.error.validationErrorString
}

// Error is the text for the log.
func (f *Failure) Error() string {
	if f.Cause == nil {
		return fmt.Sprintf("%s: %s", f.Type, f.Message)
	}
	return fmt.Sprintf("%s: %v", f.Type, f.Cause)
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// internalError is the answer for whatever the client can't be told: exactly
// `{"message": "Internal server error"}` with status 500 (rule 98).
func internalError(cause error) *Failure {
	return &Failure{Type: Default5XX, Status: 500, Cause: cause}
}

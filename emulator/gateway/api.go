package gateway

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// API is a REST API with one deployed stage, built from the template's
// resources by build.go.
type API struct {
	ID        string
	Name      string
	Partition string // "aws" when empty
	AccountID string
	Region    string
	Edge      bool // endpoint type EDGE
	Private   bool // endpoint type PRIVATE
	LogicalID string
	StackName string

	Stage     *Stage
	Resources []*Resource

	GatewayResponses map[ResponseType]*GatewayResponseDefinition
	BinaryMediaTypes []string
	// MinimumCompressionSize is the size in bytes from which payloads are
	// compressed; nil: answers are not.
	MinimumCompressionSize *int
	DeploymentID           string
	APIKeys                []*APIKey
	KeysOfAuthorizer       bool // ApiKeySourceType AUTHORIZER: callers' keys come from authorizers, not from X-API-Key
}

// ExecuteARN is the ARN of something that may be called or calls: of a method,
// "prod/GET/orders/7", or an authorizer, "authorizers/a1b2c3".
func (a *API) ExecuteARN(what string) string {
	return fmt.Sprintf("arn:%s:execute-api:%s:%s:%s/%s", cmp.Or(a.Partition, "aws"), a.Region, a.AccountID, a.ID, what)
}

// Stage is AWS::ApiGateway::Stage: what the deployment is served under.
type Stage struct {
	Name      string
	Variables map[string]string
	// MethodSettings are the throttling of each method that they cover, by
	// "METHOD/path", "*/*" for all ("/" of "~1" undone).
	MethodSettings map[string]ThrottleSettings
	Canary         *Canary // nil: none
}

// Resource is AWS::ApiGateway::Resource with its whole path, "/orders/{id}".
type Resource struct {
	ID      string
	Path    string
	Methods map[string]*Method // by HTTP method, "ANY" too
}

// Method is AWS::ApiGateway::Method.
type Method struct {
	API       *API
	Resource  *Resource
	StackName string
	LogicalID string

	HTTPMethod        string
	AuthorizationType string      // NONE or "", AWS_IAM, CUSTOM, COGNITO_USER_POOLS
	Authorizer        *Authorizer // of CUSTOM
	APIKeyRequired    bool
	RequestParameters map[string]bool   // "method.request.path.id" → required
	RequestModels     map[string]*Model // by content type, "$default" too
	ValidateBody      bool
	ValidateParams    bool
	Responses         map[string]*MethodResponse // by status code
	Integration       *Integration
	Unservable        error // why the method can't be served; answered with an error that says so
	NoBackend         error // why its backend is known not to be there; the backend answers as a failing one
}

// MethodResponse is what a method declares of one status code.
type MethodResponse struct {
	StatusCode         string
	ResponseParameters map[string]bool
	ResponseModels     map[string]string
}

// Integration is the Integration property of a method.
type Integration struct {
	Kind                Kind
	Type                string // MOCK, HTTP, HTTP_PROXY, AWS, AWS_PROXY
	HTTPMethod          string
	URI                 string // "{…}" placeholders and "${stageVariables.…}" not filled
	ConnectionType      string // INTERNET or VPC_LINK
	ConnectionID        string
	Target              string // IntegrationTarget: ARN of the load balancer (VPC link V2)
	Credentials         string // role ARN, or "arn:aws:iam::*:user/*"
	RequestParameters   map[string]string
	RequestTemplates    map[string]*MappingTemplate // by content type
	PassthroughBehavior string                      // WHEN_NO_MATCH (default), WHEN_NO_TEMPLATES, NEVER
	ContentHandling     string                      // "", CONVERT_TO_TEXT, CONVERT_TO_BINARY
	Stream              bool                        // ResponseTransferMode STREAM
	Timeout             time.Duration
	SkipVerification    bool                   // TlsConfig.InsecureSkipVerification
	Responses           []*IntegrationResponse // in the template's order
	Backend             Backend                // of Kind; nil when the method is unservable

	// Role is Credentials resolved within the assembly; nil when none is
	// named or it is not part of it.
	Role *Role
	// CalledFor is the ARN in whose name the endpoint is called; "": the method's.
	CalledFor string
	// Metadata of the method's resource (source of each mapping template).
	Metadata map[string]any
}

// IsProxy says whether the endpoint's answer goes to the client as it is.
func (i *Integration) IsProxy() bool { return i.Type == "HTTP_PROXY" || i.Type == "AWS_PROXY" }

// String is the type in AWS's words, with what the type alone leaves open.
func (i *Integration) String() string {
	switch {
	case i == nil:
		return "none"
	case i.Kind == KindVPCLink:
		return i.Type + " (VPC link)"
	case i.Kind == KindLambda:
		return i.Type + " (Lambda)"
	case i.Kind == KindAWSService:
		if parts := strings.SplitN(i.URI, ":", 5); len(parts) == 5 {
			return i.Type + " (" + parts[4] + ")"
		}
	}
	return i.Type
}

// IntegrationResponse is one entry of IntegrationResponses.
type IntegrationResponse struct {
	StatusCode         string
	SelectionPattern   *SelectionPattern // nil for the default
	ResponseParameters map[string]string
	ResponseTemplates  map[string]*MappingTemplate
	ContentHandling    string
}

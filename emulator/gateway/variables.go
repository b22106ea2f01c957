package gateway

import (
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// ContextVariables is $context without the overrides (rule 87). Members that
// are not known stay zero and are absent from $context, except those of
// Identity, which are null then (rule 15).
type ContextVariables struct {
	AccountID         string
	APIID             string
	DeploymentID      string
	DomainName        string
	DomainPrefix      string
	ExtendedRequestID string
	HTTPMethod        string
	Path              string // with the stage
	Protocol          string
	RequestID         string
	RequestTime       time.Time // requestTime and requestTimeEpoch
	ResourceID        string
	ResourcePath      string
	Stage             string
	Identity          Identity

	// More are members that only some requests have: "error", "authorizer",
	// "isCanaryRequest", "xrayTraceId". A member with an existing name
	// replaces it. Values are nil, bool, string, int, int64, float64, []any
	// and map[string]any.
	More map[string]any
}

// Identity is $context.identity (rule 15).
type Identity struct {
	AccessKey, AccountID, APIKey, APIKeyID, Caller           string
	CognitoAuthenticationProvider, CognitoAuthenticationType string
	CognitoIdentityID, CognitoIdentityPoolID, PrincipalOrgID string
	SourceIP, User, UserAgent, UserARN                       string
}

// requestTimeFormat is the Common Log Format of $context.requestTime.
const requestTimeFormat = "02/Jan/2006:15:04:05 -0700"

// Lookup returns the text of the parameter-mapping source context.path, for
// example "identity.sourceIp"; false when there is none (rule 61).
func (c *ContextVariables) Lookup(path string) (string, bool) {
	var v vtl.Value = c.value()
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(*vtl.Map)
		if !ok {
			return "", false
		}
		v = m.Get(name)
	}
	s, ok := v.(string)
	return s, ok
}

func (c *ContextVariables) value() *vtl.Map { return &vtl.Map{} }

// Overrides is what templates wrote to $context.requestOverride and
// $context.responseOverride. The request template's are readable in the
// response template and take effect on the response too (rules 44, 45), so one
// Overrides goes with the whole exchange.
type Overrides struct {
	request, response *vtl.Map
}

// NewOverrides returns overrides with nothing in them.
func NewOverrides() *Overrides { return &Overrides{&vtl.Map{}, &vtl.Map{}} }

// RequestHeader is requestOverride.header; a list value gives one field an element.
func (o *Overrides) RequestHeader() []Field { return nil }

// RequestQuerystring is requestOverride.querystring.
func (o *Overrides) RequestQuerystring() []Field { return nil }

// RequestPath is requestOverride.path.
func (o *Overrides) RequestPath() []Field { return nil }

// ResponseHeader is responseOverride.header.
func (o *Overrides) ResponseHeader() []Field { return nil }

// ResponseStatus is responseOverride.status; false when no template set it or
// it is no status from 100 to 599 (rule 106).
func (o *Overrides) ResponseStatus() (int, bool) { return 0, false }

package gateway

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// defaultAuthorizerTTL is how long results are kept when the template doesn't say.
const defaultAuthorizerTTL = 300 * time.Second

// identitySources are where an authorizer may take a caller's identity from; a
// path parameter is none.
var identitySources = regexp.MustCompile(`^(method\.request\.(header|querystring)|stageVariables|context)\..+$`)

// authorizers are the RestApi's by ID.
func (b *builder) authorizers(api *API) map[string]*authorizerBuilder {
	found := map[string]*authorizerBuilder{}
	for _, r := range b.of("Authorizer") {
		a := &authorizerBuilder{builder: b, r: r}
		a.read(api)
		found[r.Ref()] = a
		b.problems = append(b.problems, a.faults...)
	}
	return found
}

// authorizerBuilder reads one AWS::ApiGateway::Authorizer. Its faults make the
// methods that ask it unservable.
type authorizerBuilder struct {
	*builder
	r          *cfn.Resource
	authorizer *Authorizer // nil: of a kind that is not supported
	faults     cfn.Problems
}

func (b *authorizerBuilder) fault(property, message, hint string) {
	b.faults = append(b.faults, b.r.Problem(property, message, hint))
}

func (b *authorizerBuilder) read(api *API) {
	r := b.r
	a := &Authorizer{ID: r.Ref(), Type: r.String("Type"), TTL: defaultAuthorizerTTL}
	switch a.Type {
	case "TOKEN", "REQUEST":
	case "COGNITO_USER_POOLS":
		return // each method that asks it is reported
	default:
		b.fault("Type", fmt.Sprintf("there is no type of authorizers %q", a.Type), "use TOKEN or REQUEST")
	}
	if r.Has("AuthorizerResultTtlInSeconds") {
		a.TTL = time.Duration(r.Int("AuthorizerResultTtlInSeconds")) * time.Second
	}
	b.readIdentity(a)
	credentials := FillStageVariables(r.String("AuthorizerCredentials"), api.Stage.Variables)
	a.call = &Method{
		API: api, Resource: &Resource{}, StackName: r.Stack.Name, LogicalID: r.LogicalID, HTTPMethod: "POST",
		Integration: &Integration{
			Type: "AWS", Kind: KindLambda, HTTPMethod: "POST", URI: r.String("AuthorizerUri"),
			Credentials: credentials, Role: RoleFromAssembly(b.assembly, credentials),
			CalledFor: api.ExecuteARN("authorizers/" + a.ID), Backend: b.backends[KindLambda],
		},
	}
	b.faults = append(b.faults, r.Problems...)
	if len(b.faults) == 0 && b.backends != nil {
		if a.call.Integration.Backend == nil {
			b.fault("AuthorizerUri", "there is no backend for functions", "")
		} else if err := a.call.Integration.Backend.Check(a.call); err != nil {
			b.refused(problemOf(r, err))
		}
	}
	b.authorizer = a
}

// refused takes the backend's verdict on the function. One that isn't there
// fails when it is asked.
func (b *authorizerBuilder) refused(p cfn.Problem) {
	if p.LogicalID == b.r.LogicalID {
		p.Property = "AuthorizerUri"
	}
	if p.Effect == cfn.NoBackend {
		b.problems = append(b.problems, p)
		return
	}
	b.faults = append(b.faults, p)
}

// readIdentity reads where the caller's identity is.
func (b *authorizerBuilder) readIdentity(a *Authorizer) {
	for source := range strings.SplitSeq(b.r.String("IdentitySource"), ",") {
		if source = strings.TrimSpace(source); source == "" {
			continue
		}
		if !identitySources.MatchString(source) || a.Type == "TOKEN" && !strings.HasPrefix(source, "method.request.header.") {
			b.fault("IdentitySource", fmt.Sprintf("%q is no identity source of an authorizer of type %s", source, a.Type), "")
		}
		a.IdentitySources = append(a.IdentitySources, source)
	}
	switch {
	case a.Type == "TOKEN" && len(a.IdentitySources) != 1:
		b.fault("IdentitySource", "an authorizer of type TOKEN has one identity source", "name the header with the token: method.request.header.Authorization")
	case a.Type == "REQUEST" && a.TTL > 0 && len(a.IdentitySources) == 0:
		b.fault("IdentitySource", "results can't be kept without an identity source", "name one, or set AuthorizerResultTtlInSeconds to 0")
	}
	if expression := b.r.String("IdentityValidationExpression"); expression != "" && a.Type == "TOKEN" {
		pattern, err := CompileSelectionPattern(expression)
		if err != nil {
			b.fault("IdentityValidationExpression", err.Error(), "")
		}
		a.IdentityValidation = pattern
	}
}

// authorizer finds what the method asks for authorization.
func (b *methodBuilder) authorizer(m *Method, authorizers map[string]*authorizerBuilder) {
	if m.AuthorizationType != "CUSTOM" {
		return
	}
	a := authorizers[b.r.String("AuthorizerId")]
	switch {
	case a == nil:
		b.fault("AuthorizerId", "it is no authorizer of this API", "refer to an AWS::ApiGateway::Authorizer")
	case a.authorizer == nil:
		b.fault("AuthorizerId", "the authorizer is of type "+a.r.String("Type"), "use AuthorizationType COGNITO_USER_POOLS")
	default:
		m.Authorizer = a.authorizer
		b.inherited = append(b.inherited, a.faults...)
	}
}

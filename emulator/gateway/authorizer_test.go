package gateway

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// authorizerFunction is a function that remembers its events.
type authorizerFunction struct {
	returns, raises string
	err             error
	events          []string
	uri             string
}

func (f *authorizerFunction) Check(*Method) error { return nil }

func (f *authorizerFunction) Invoke(_ context.Context, x *Exchange) (*EndpointResponse, error) {
	f.events = append(f.events, string(x.IntegrationRequest.Body))
	f.uri = x.IntegrationRequest.URI
	answer := &EndpointResponse{StatusCode: 200, Body: []byte(f.returns)}
	if f.raises != "" {
		answer.Header, answer.Selection = Header{{"X-Amz-Function-Error", "Unhandled"}}, f.raises
	}
	return answer, f.err
}

const authorizedTemplate = `
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: who
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${AWS::Region}:1:function:${!stageVariables.table}/invocations
`

// authorized serves /orders/{id} for those whom the authorizer with these
// properties admits.
func authorized(t *testing.T, f *authorizerFunction, properties string) *Gateway {
	t.Helper()
	template := method("      AuthorizationType: CUSTOM\n      AuthorizerId: !Ref Authorizer\n"+
		"      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, ResponseTemplates: {application/json: "+
		"'$context.authorizer.principalId $context.authorizer.plan $context.authorizer.level $context.authorizer.beta'}}]}") + authorizedTemplate
	for line := range strings.SplitSeq(properties, "\n") {
		template += "      " + line + "\n"
	}
	apis, problems := buildTemplate(t, template, Backends{KindMock: answering(200, ""), KindLambda: f})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	apis[0].ID, apis[0].AccountID, apis[0].Region = "api1", "123456789012", "us-east-1"
	now := time.Unix(1700000000, 0)
	return New(Options{API: apis[0], Now: func() time.Time { now = now.Add(time.Second); return now }})
}

const (
	tokenAuthorizer   = "Type: TOKEN\nIdentitySource: method.request.header.Authorization\nAuthorizerResultTtlInSeconds: 0"
	requestAuthorizer = "Type: REQUEST\nIdentitySource: 'method.request.header.X-Tenant, method.request.querystring.user, stageVariables.table, context.httpMethod'"
)

func policy(effect, resource string) string {
	return `{"principalId":"ada","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"` + effect +
		`","Resource":"` + resource + `"}]},"context":{"plan":"gold","level":7.50,"beta":true}}`
}

func TestAuthorizerDecides(t *testing.T) {
	const this = "arn:aws:execute-api:us-east-1:123456789012:api1/prod/GET/orders/7"
	tests := []struct {
		name     string
		function authorizerFunction
		status   int
		body     string
	}{
		{"allowed", authorizerFunction{returns: policy("Allow", this)}, 200, "ada gold 7.50 true"},
		{"allowed by wildcards", authorizerFunction{returns: policy("Allow", "arn:aws:execute-api:*:*:api1/*/GET/orders/?")}, 200, "ada gold 7.50 true"},
		{"another method allowed", authorizerFunction{returns: policy("Allow", this+"0")}, 403, `{"Message":"User is not authorized to access this resource"}`},
		{"denied", authorizerFunction{returns: policy("Deny", "*")}, 403,
			`{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`},
		{"denied beside allowed", authorizerFunction{returns: `{"policyDocument":{"Statement":[
			{"Action":"*","Effect":"Allow","Resource":"*"},{"NotAction":["sqs:*"],"Effect":"Deny","NotResource":["arn:*:api2/*"]}]}}`}, 403,
			`{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`},
		{"no principal, one statement", authorizerFunction{returns: `{"policyDocument":{"Statement":{"Action":["execute-api:*"],"Effect":"Allow","Resource":["*"]}}}`}, 200, "   "},
		{"another action allowed", authorizerFunction{returns: `{"policyDocument":{"Statement":[{"Action":"lambda:Invoke","Effect":"Allow","Resource":"*"}]}}`}, 403,
			`{"Message":"User is not authorized to access this resource"}`},
		{"raises Unauthorized", authorizerFunction{raises: "Unauthorized"}, 401, `{"message":"Unauthorized"}`},
		{"raises something else", authorizerFunction{raises: "Unauthorized: no"}, 500, `{"message":null}`},
		{"can't be called", authorizerFunction{err: errors.New("no permission")}, 500, `{"message":null}`},
		{"no policy", authorizerFunction{returns: `{"principalId":"ada"}`}, 500, `{"message":null}`},
		{"null", authorizerFunction{returns: `null`}, 500, `{"message":null}`},
		{"no JSON", authorizerFunction{returns: `allow`}, 500, `{"message":null}`},
		{"odd effect", authorizerFunction{returns: policy("allow", "*")}, 500, `{"message":null}`},
		{"no resource", authorizerFunction{returns: `{"policyDocument":{"Statement":[{"Action":"*","Effect":"Allow"}]}}`}, 500, `{"message":null}`},
		{"object in the context", authorizerFunction{returns: strings.Replace(policy("Allow", "*"), `"gold"`, `{"a":1}`, 1)}, 500, `{"message":null}`},
		{"condition", authorizerFunction{returns: strings.Replace(policy("Allow", "*"), `"Effect"`, `"Condition":{"StringLike":{"aws:UserAgent":"curl/*"}},"Effect"`, 1)}, 403, ""},
		{"condition that is not known", authorizerFunction{returns: strings.Replace(policy("Allow", "*"), `"Effect"`, `"Condition":{"Bool":{"aws:PrincipalIsAWSService":true}},"Effect"`, 1)}, 501, ""},
		{"condition that is none", authorizerFunction{returns: strings.Replace(policy("Allow", "*"), `"Effect"`, `"Condition":"none","Effect"`, 1)}, 500, `{"message":null}`},
		{"condition of another method", authorizerFunction{returns: strings.Replace(policy("Allow", "arn:other"), `"Effect"`, `"Condition":{"Bool":{"aws:PrincipalIsAWSService":true}},"Effect"`, 1)}, 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := authorized(t, &test.function, tokenAuthorizer).Handle(context.Background(), &Request{
				Method: "GET", Path: "/prod/orders/7", Header: Header{{"authorization", "token"}},
			})
			if got.StatusCode != test.status || test.body != "" && string(got.Body) != test.body {
				t.Errorf("got %d %s", got.StatusCode, got.Body)
			}
			if want := "function:orders/invocations"; !strings.HasSuffix(test.function.uri, want) {
				t.Errorf("called %s", test.function.uri)
			}
		})
	}
}

func TestAuthorizerWantsAnIdentity(t *testing.T) {
	tests := []struct {
		name, properties string
		request          Request
		asked            bool
	}{
		{"token", tokenAuthorizer, Request{Header: Header{{"Authorization", "t"}}}, true},
		{"no token", tokenAuthorizer, Request{Header: Header{{"X-Other", "t"}}}, false},
		{"empty token", tokenAuthorizer, Request{Header: Header{{"Authorization", ""}}}, false},
		{"token that matches", tokenAuthorizer + "\nIdentityValidationExpression: 'Bearer [a-z]+'", Request{Header: Header{{"Authorization", "Bearer abc"}}}, true},
		{"token that matches in part", tokenAuthorizer + "\nIdentityValidationExpression: 'Bearer [a-z]+'", Request{Header: Header{{"Authorization", "Bearer abc1"}}}, false},
		{"all sources", requestAuthorizer, Request{RawQuery: "user=ada", Header: Header{{"x-tenant", "t"}}}, true},
		{"one source is missing", requestAuthorizer, Request{Header: Header{{"x-tenant", "t"}}}, false},
		{"no sources", "Type: REQUEST\nAuthorizerResultTtlInSeconds: 0", Request{}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &authorizerFunction{returns: policy("Allow", "*")}
			test.request.Method, test.request.Path = "GET", "/prod/orders/7"
			got := authorized(t, f, test.properties).Handle(context.Background(), &test.request)
			if want := map[bool]int{true: 200, false: 401}[test.asked]; got.StatusCode != want || (len(f.events) > 0) != test.asked {
				t.Errorf("got %d %s, asked %d times", got.StatusCode, got.Body, len(f.events))
			}
		})
	}
}

// TestAuthorizerKeepsResults asks twice; the requests come a second apart.
func TestAuthorizerKeepsResults(t *testing.T) {
	const kept = "Type: REQUEST\nIdentitySource: method.request.header.X-Tenant\nAuthorizerResultTtlInSeconds: "
	tests := []struct {
		name, properties string
		second           Request
		asked            int
		status           int // of the second request
	}{
		{"same identity", kept + "10", Request{Path: "/prod/orders/7", Header: Header{{"X-Tenant", "a"}}}, 1, 200},
		{"kept policy is held against the other method", kept + "10", Request{Path: "/prod/orders/8", Header: Header{{"X-Tenant", "a"}}}, 1, 403},
		{"other identity", kept + "10", Request{Path: "/prod/orders/7", Header: Header{{"X-Tenant", "b"}}}, 2, 200},
		{"time is over", kept + "1", Request{Path: "/prod/orders/7", Header: Header{{"X-Tenant", "a"}}}, 2, 200},
		{"nothing is kept", kept + "0", Request{Path: "/prod/orders/7", Header: Header{{"X-Tenant", "a"}}}, 2, 200},
		{"300 seconds by default", strings.TrimSuffix(kept, "AuthorizerResultTtlInSeconds: "), Request{Path: "/prod/orders/7", Header: Header{{"X-Tenant", "a"}}}, 1, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &authorizerFunction{returns: policy("Allow", "*/orders/7")}
			g := authorized(t, f, strings.TrimSpace(test.properties))
			g.Handle(context.Background(), &Request{Method: "GET", Path: "/prod/orders/7", Header: Header{{"X-Tenant", "a"}}})
			test.second.Method = "GET"
			got := g.Handle(context.Background(), &test.second)
			if len(f.events) != test.asked || got.StatusCode != test.status {
				t.Errorf("asked %d times, then %d %s", len(f.events), got.StatusCode, got.Body)
			}
		})
	}
}

func TestAuthorizerEvents(t *testing.T) {
	tests := []struct {
		name, properties string
		request          Request
		want             []string // parts of the event
	}{
		{"TOKEN", tokenAuthorizer, Request{Header: Header{{"Authorization", "Bearer <t>"}}}, []string{
			`{"authorizationToken":"Bearer <t>","methodArn":"arn:aws:execute-api:us-east-1:123456789012:api1/prod/GET/orders/7","type":"TOKEN"}`,
		}},
		{"REQUEST", "Type: REQUEST\nAuthorizerResultTtlInSeconds: 0", Request{RawQuery: "a=1&a=2", Header: Header{{"X-Tenant", "t"}}}, []string{
			`{"type":"REQUEST","methodArn":"arn:aws:execute-api:us-east-1:123456789012:api1/prod/GET/orders/7","resource":"/orders/{id}","path":"/orders/7","httpMethod":"GET"`,
			`"X-Tenant":"t"`, `"queryStringParameters":{"a":"2"}`, `"multiValueQueryStringParameters":{"a":["1","2"]}`, `"pathParameters":{"id":"7"}`,
			`"stageVariables":{"table":"orders"}`, `"requestContext":{`, `"stage":"prod"`,
		}},
		{"what is absent is an empty object", "Type: REQUEST\nAuthorizerResultTtlInSeconds: 0", Request{}, []string{`"queryStringParameters":{}`, `"multiValueQueryStringParameters":{}`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &authorizerFunction{returns: policy("Allow", "*")}
			test.request.Method, test.request.Path = "GET", "/prod/orders/7"
			authorized(t, f, test.properties).Handle(context.Background(), &test.request)
			for _, part := range test.want {
				if len(f.events) != 1 || !strings.Contains(f.events[0], part) {
					t.Errorf("events %s\nwant %s", f.events, part)
				}
			}
		})
	}
}

func TestProxyEventHasTheAuthorizersContext(t *testing.T) {
	a, err := readAuthorization([]byte(policy("Allow", "*")))
	if err != nil {
		t.Fatal(err)
	}
	a.Latency = 12 * time.Millisecond
	x := newTestExchange(&Request{}, nil)
	x.Authorization = a
	event, err := x.ProxyEvent()
	if want := `"authorizer":{"beta":"true","integrationLatency":12,"level":"7.50","plan":"gold","principalId":"ada"}`; err != nil || !strings.Contains(string(event), want) {
		t.Errorf("%v %s\nwant %s", err, event, want)
	}
}

func TestAPIKeyFromTheAuthorizer(t *testing.T) {
	for _, test := range []struct {
		key, sent string
		status    int
	}{{"right", "", 200}, {"wrong", "right", 403}} {
		f := &authorizerFunction{returns: strings.Replace(policy("Allow", "*"), "{", `{"usageIdentifierKey":"`+test.key+`",`, 1)}
		g := authorized(t, f, tokenAuthorizer)
		g.api.KeysOfAuthorizer, g.api.APIKeys = true, []*APIKey{{Value: "right", Enabled: true}}
		for _, r := range g.api.Resources {
			for _, m := range r.Methods {
				m.APIKeyRequired = true
			}
		}
		got := g.Handle(context.Background(), &Request{
			Method: "GET", Path: "/prod/orders/7", Header: Header{{"Authorization", "t"}, {"x-api-key", test.sent}},
		})
		if got.StatusCode != test.status {
			t.Errorf("%s: got %d %s", test.key, got.StatusCode, got.Body)
		}
	}
}

func TestGatewayResponseShowsTheAuthorizersContext(t *testing.T) {
	f := &authorizerFunction{returns: policy("Deny", "*")}
	g := authorized(t, f, tokenAuthorizer)
	g.api.GatewayResponses = map[ResponseType]*GatewayResponseDefinition{AccessDenied: {
		ResponseParameters: map[string]string{"gatewayresponse.header.X-Plan": "context.authorizer.plan"},
		ResponseTemplates:  map[string]string{"application/json": "$context.authorizer.principalId $context.authorizer.level"},
	}}
	got := g.Handle(context.Background(), &Request{Method: "GET", Path: "/prod/orders/7", Header: Header{{"Authorization", "t"}}})
	if got.StatusCode != 403 || string(got.Body) != "ada 7.50" || got.Header.Get("X-Plan") != "gold" {
		t.Errorf("got %d %s %v", got.StatusCode, got.Body, got.Header)
	}
}

func TestMethodARNIsBounded(t *testing.T) {
	f := &authorizerFunction{returns: policy("Allow", "*")}
	got := authorized(t, f, tokenAuthorizer).Handle(context.Background(), &Request{
		Method: "GET", Path: "/prod/orders/" + strings.Repeat("7", 1600), Header: Header{{"Authorization", "t"}},
	})
	if got.StatusCode != 414 || len(f.events) > 0 {
		t.Errorf("got %d %s", got.StatusCode, got.Body)
	}
}

// absentFunction is a backend whose function is not there, in the way of its name.
type absentFunction struct{ how string }

func (absentFunction) Invoke(context.Context, *Exchange) (*EndpointResponse, error) { return nil, nil }

func (f absentFunction) Check(*Method) error {
	switch f.how {
	case "no function":
		return errors.New("Integration.Uri: no such function")
	case "function that is elsewhere":
		return cfn.Problem{Property: "Integration.Uri", Message: "it is elsewhere", Effect: cfn.NoBackend}
	}
	return nil
}

func TestBuildReportsAuthorizers(t *testing.T) {
	tests := []struct {
		name, properties, problem string
		unservable                bool
	}{
		{"no token source", "Type: TOKEN", "Stack/Authorizer/IdentitySource: an authorizer of type TOKEN has one identity source", true},
		{"token in the query", "Type: TOKEN\nIdentitySource: method.request.querystring.t", `"method.request.querystring.t" is no identity source`, true},
		{"path parameter", "Type: REQUEST\nIdentitySource: method.request.path.id", `"method.request.path.id" is no identity source`, true},
		{"kept without a source", "Type: REQUEST", "results can't be kept without an identity source", true},
		{"expression", tokenAuthorizer + "\nIdentityValidationExpression: '('", "Stack/Authorizer/IdentityValidationExpression:", true},
		{"type", "Type: JWT", `there is no type of authorizers "JWT"`, true},
		{"no function", tokenAuthorizer, "Stack/Authorizer/AuthorizerUri: no such function", true},
		{"function that is elsewhere", tokenAuthorizer + "", "Stack/Authorizer/AuthorizerUri: it is elsewhere", false},
		{"Cognito", "Type: COGNITO_USER_POOLS", "Stack/Get/AuthorizerId: the authorizer is of type COGNITO_USER_POOLS", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			template := method("      AuthorizationType: CUSTOM\n      AuthorizerId: !Ref Authorizer\n      Integration: {Type: MOCK}") + authorizedTemplate +
				"      " + strings.ReplaceAll(test.properties, "\n", "\n      ") + "\n"
			apis, problems := buildTemplate(t, template, Backends{KindMock: answering(200, ""), KindLambda: absentFunction{test.name}})
			if !strings.Contains(problems.Error(), test.problem) {
				t.Errorf("problems:\n%s\nwant %s", problems.Error(), test.problem)
			}
			if len(problems) != 1 {
				t.Errorf("%d problems:\n%s", len(problems), problems.Error())
			}
			m := slices.Collect(maps.Values(apis[0].Resources[2].Methods))[0]
			if (m.Unservable != nil) != test.unservable {
				t.Errorf("unservable: %v", m.Unservable)
			}
		})
	}
}

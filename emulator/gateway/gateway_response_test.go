package gateway

import (
	"context"
	"testing"
)

func TestGatewayResponseDefinitions(t *testing.T) {
	api := &API{GatewayResponses: map[ResponseType]*GatewayResponseDefinition{
		Default5XX:                 {StatusCode: "599", ResponseParameters: map[string]string{"gatewayresponse.header.a": "'b'"}},
		AuthorizerFailure:          {ResponseTemplates: map[string]string{"application/json": "own"}},
		MissingAuthenticationToken: {StatusCode: "404"},
	}}
	tests := []struct {
		kind       ResponseType
		status     string
		template   string
		parameters int
		builtIn    bool
	}{
		{AccessDenied, "403", definedBody, 0, true},
		{IntegrationFailure, "599", definedBody, 1, true},
		{AuthorizerFailure, "500", "own", 0, false},
		{MissingAuthenticationToken, "404", definedBody, 0, false},
		{Default4XX, "", definedBody, 0, true},
	}
	for _, test := range tests {
		t.Run(string(test.kind), func(t *testing.T) {
			d := api.GatewayResponse(test.kind)
			if d.StatusCode != test.status || d.ResponseTemplates["application/json"] != test.template ||
				len(d.ResponseParameters) != test.parameters || d.Default != test.builtIn {
				t.Errorf("got %+v", d)
			}
		})
	}
	if len(gatewayResponseTypes) != 21 {
		t.Errorf("%d types, want 21", len(gatewayResponseTypes))
	}
}

func TestGatewayResponse(t *testing.T) {
	definition := &GatewayResponseDefinition{
		StatusCode: "404",
		ResponseParameters: map[string]string{
			"gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
			"gatewayresponse.header.X-Accept":                    "method.request.header.Accept",
			"gatewayresponse.header.X-Absent":                    "method.request.header.Nope",
		},
		ResponseTemplates: map[string]string{
			"application/json": `{"m":$context.error.messageString,"t":"$context.error.responseType","s":"$context.stage","v":"${stageVariables.v}","n":"$context.nope","vtl":"#set($x)"}`,
			"application/xml":  `<m>$context.error.message</m>`,
		},
	}
	tests := []struct {
		name, accept string
		failure      *Failure
		definitions  map[ResponseType]*GatewayResponseDefinition
		status       int
		body         string
		errorType    string
	}{
		{"internal error has 36 bytes", "", internalError(nil), nil, 500, `{"message": "Internal server error"}`, "InternalServerErrorException"},
		{"missing token", "", &Failure{Type: MissingAuthenticationToken}, nil, 403, `{"message":"Missing Authentication Token"}`, "MissingAuthenticationTokenException"},
		{"access denied is capitalised", "", &Failure{Type: AccessDenied}, nil, 403, `{"Message":"User is not authorized to access this resource"}`, "AccessDeniedException"},
		{"timeout", "", &Failure{Type: IntegrationTimeout}, nil, 504, `{"message": "Endpoint request timed out"}`, "InternalServerErrorException"},
		{"message with quotes and <", "", &Failure{Type: BadRequestParameters, Message: `a "b" <c>`}, nil, 400, `{"message": "a \"b\" <c>"}`, "BadRequestException"},
		{"own definition", "", &Failure{Type: MissingAuthenticationToken},
			map[ResponseType]*GatewayResponseDefinition{MissingAuthenticationToken: definition}, 404,
			`{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN","s":"test","v":"variable","n":"","vtl":"#set($x)"}`, "MissingAuthenticationTokenException"},
		{"template by Accept", "application/xml", &Failure{Type: Throttled},
			map[ResponseType]*GatewayResponseDefinition{Default4XX: definition}, 404, `<m>Too Many Requests</m>`, "TooManyRequestsException"},
		{"an integration failure without status", "", &Failure{Type: IntegrationFailure, Status: 500},
			map[ResponseType]*GatewayResponseDefinition{IntegrationFailure: {}}, 500, `{"message": "Internal server error"}`, "InternalServerErrorException"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{Header: Header{{"Accept", test.accept}}}, func(m *Method) {
				m.API.GatewayResponses, m.API.Stage.Variables = test.definitions, map[string]string{"v": "variable"}
			})
			x.Failure = test.failure
			gatewayResponse(x)
			h := x.Response.Header
			if x.Response.StatusCode != test.status || string(x.Response.Body) != test.body || h.Get("x-amzn-ErrorType") != test.errorType {
				t.Errorf("got %d %s %s", x.Response.StatusCode, x.Response.Body, h.Get("x-amzn-ErrorType"))
			}
			if h.Has("X-Amzn-Trace-Id") || h.Get("x-amzn-RequestId") == "" {
				t.Errorf("header %v", h)
			}
			if test.definitions[MissingAuthenticationToken] != nil && (h.Get("Access-Control-Allow-Origin") != "*" || h.Has("X-Absent")) {
				t.Errorf("parameters are not in %v", h)
			}
		})
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"})
	api.Resources[0].Methods["GET"].Integration.Backend = backendFunc(func(context.Context, *Exchange) (*EndpointResponse, error) {
		panic("secret")
	})
	got := New(Options{API: api}).Handle(context.Background(), &Request{Method: "GET", Path: "/test/a"})
	if got.StatusCode != 500 || string(got.Body) != `{"message": "Internal server error"}` {
		t.Errorf("got %d %s", got.StatusCode, got.Body)
	}
}

func TestTooLargeStaysAsItIs(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"})
	api.GatewayResponses = map[ResponseType]*GatewayResponseDefinition{
		RequestTooLarge: {StatusCode: "499", ResponseParameters: map[string]string{"gatewayresponse.header.X-Own": "'1'"}}, Default4XX: {StatusCode: "498"},
	}
	g := New(Options{API: api})
	got := g.refuse(context.Background(), &Request{Method: "GET", Path: "/test/a"}, &Failure{Type: RequestTooLarge})
	if got.StatusCode != 413 || got.Header.Has("X-Own") || string(got.Body) != `{"message":"Request Too Long"}` {
		t.Errorf("got %d %v %s", got.StatusCode, got.Header, got.Body)
	}
}

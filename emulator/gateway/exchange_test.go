package gateway

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"
)

// newTestAPI makes an API of methods at paths, each a MOCK that answers 200.
func newTestAPI(routes ...[2]string) *API {
	api := &API{ID: "api1", AccountID: "000000000000", Stage: &Stage{Name: "test"}, DeploymentID: "dep1"}
	byPath := map[string]*Resource{}
	for _, route := range routes {
		method, path := route[0], route[1]
		r := byPath[path]
		if r == nil {
			r = &Resource{ID: "r" + path, Path: path, Methods: map[string]*Method{}}
			byPath[path], api.Resources = r, append(api.Resources, r)
		}
		r.Methods[method] = &Method{
			API: api, Resource: r, HTTPMethod: method, AuthorizationType: "NONE", Responses: everyResponse,
			Integration: &Integration{Type: "MOCK", Kind: KindMock, Backend: answering(200, ""), Responses: []*IntegrationResponse{{StatusCode: "200"}}},
		}
	}
	return api
}

// everyResponse declares every status.
var everyResponse = map[string]*MethodResponse{}

func init() {
	for status := 100; status < 600; status++ {
		everyResponse[strconv.Itoa(status)] = &MethodResponse{StatusCode: strconv.Itoa(status)}
	}
}

// backendFunc is a backend that is one function.
type backendFunc func(context.Context, *Exchange) (*EndpointResponse, error)

func (backendFunc) Check(*Method) error { return nil }

func (f backendFunc) Invoke(ctx context.Context, x *Exchange) (*EndpointResponse, error) {
	return f(ctx, x)
}

func answering(status int, body string, header ...Field) backendFunc {
	return func(context.Context, *Exchange) (*EndpointResponse, error) {
		return &EndpointResponse{StatusCode: status, Header: header, Body: []byte(body)}, nil
	}
}

// newTestExchange begins an exchange with the only method of a new API.
func newTestExchange(r *Request, configure func(*Method)) *Exchange {
	api := newTestAPI([2]string{"ANY", "/{id}"})
	m := api.Resources[0].Methods["ANY"]
	if configure != nil {
		configure(m)
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	if r.Path == "" {
		r.Path = "/test/42"
	}
	x := New(Options{API: api, Now: func() time.Time { return time.Unix(1700000000, 0) }}).newExchange(r, api)
	x.Method, x.PathParameters, x.ResourcePath = m, []Field{{"id", "42"}}, "/42"
	return x
}

// wantFailure checks type and message of a step's error; "" for none.
func wantFailure(t *testing.T, err error, kind ResponseType, message string) {
	t.Helper()
	f, isFailure := errors.AsType[*Failure](err)
	switch {
	case kind == "" && err == nil:
	case kind == "" || !isFailure:
		t.Errorf("error %v, want %q", err, kind)
	case f.Type != kind || message != "" && f.message() != message:
		t.Errorf("failure %s %q, want %s %q", f.Type, f.message(), kind, message)
	}
}

func TestParseQuery(t *testing.T) {
	tests := map[string][]Field{
		"":                    nil,
		"a=1&a=2&b":           {{"a", "1"}, {"a", "2"}, {"b", ""}},
		"q=a%2Bb+c":           {{"q", "a+b c"}},
		"bad=%zz&&x=1":        {{"bad", "%zz"}, {"x", "1"}},
		"k%5B%5D=v;w&;x=%3B":  {{"k[]", "v"}, {"w", ""}, {"x", ";"}},
		"category=a&category": {{"category", "a"}, {"category", ""}},
	}
	for raw, want := range tests {
		t.Run(raw, func(t *testing.T) {
			if got := ParseQuery(raw); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestHeaderNormalised(t *testing.T) {
	got := Header{{"aUThorization", "x"}, {"user-Agent", "y"}, {"tEsT-HEADeR", "z"}}.normalised()
	want := Header{{"Authorization", "x"}, {"User-Agent", "y"}, {"tEsT-HEADeR", "z"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCompleteTraceID(t *testing.T) {
	now := time.Unix(0x65000000, 0)
	tests := []struct{ name, client, want string }{
		{"full is kept", "Root=1-a-b;Parent=c;Sampled=1", `^Root=1-a-b;Parent=c;Sampled=1$`},
		{"none", "", `^Root=1-65000000-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`},
		{"root only", "Root=1-a-b", `^Root=1-a-b;Parent=[0-9a-f]{16};Sampled=0$`},
		{"root and parent", "Root=1-a-b;Parent=c", `^Root=1-a-b;Parent=c;Sampled=1$`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := completeTraceID(test.client, now); !matches(test.want, got) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// mustTemplate parses a mapping template.
func mustTemplate(t *testing.T, text string) *MappingTemplate {
	t.Helper()
	parsed, err := ParseMappingTemplate("t.vtl", text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

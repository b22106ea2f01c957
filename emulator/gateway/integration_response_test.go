package gateway

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func mustPattern(t *testing.T, source string) *SelectionPattern {
	t.Helper()
	p, err := CompileSelectionPattern(source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSelectResponse(t *testing.T) {
	tests := []struct {
		name      string
		patterns  []string // "" for the default; the status is 200 + place
		selection string
		want      string // "" for none
	}{
		{"no pattern", []string{""}, "404", "200"},
		{"whole match", []string{"", "40"}, "404", "200"},
		{"match", []string{"", `4\d{2}`}, "404", "201"},
		{"first that fits", []string{".*four hundred.*", ".+"}, "four hundred", "200"},
		{"no error, no pattern", []string{".+", ""}, "", "201"},
		{"none fits", []string{"200"}, "404", ""},
		{"dot ends at a line break", []string{`\[BadRequest\].*`, ""}, "[BadRequest] a\nb", "201"},
		{"line breaks spelled out", []string{`\[BadRequest\](\n|.)*`, ""}, "[BadRequest] a\nb", "200"},
		{"look-ahead", []string{`(?!4).*`, ""}, "500", "200"},
		{"alternatives are anchored whole", []string{`4|40`, ""}, "40", "200"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{}, func(m *Method) {
				m.Integration.Responses = nil
				for i, source := range test.patterns {
					r := &IntegrationResponse{StatusCode: []string{"200", "201", "202"}[i]}
					if source != "" {
						r.SelectionPattern = mustPattern(t, source)
					}
					m.Integration.Responses = append(m.Integration.Responses, r)
				}
			})
			x.EndpointResponse = &EndpointResponse{Selection: test.selection}
			got, err := selectResponse(x)
			if test.want == "" {
				wantFailure(t, err, APIConfigurationError, "Internal server error")
				return
			}
			if err != nil || got.StatusCode != test.want {
				t.Errorf("got %v %v, want %s", got, err, test.want)
			}
		})
	}
}

// TestUndeclaredStatus: the response is chosen, but the method has none for its
// status.
func TestUndeclaredStatus(t *testing.T) {
	x := newTestExchange(&Request{}, func(m *Method) {
		m.Responses = map[string]*MethodResponse{"200": {StatusCode: "200"}}
		m.Integration.Responses = []*IntegrationResponse{{StatusCode: "204"}}
	})
	x.EndpointResponse = &EndpointResponse{StatusCode: 200}
	wantFailure(t, integrationResponse(context.Background(), x), APIConfigurationError, "")
	if x.Response != nil {
		t.Errorf("it has a response: %v", x.Response)
	}
}

func TestSelectionPatternGivesUp(t *testing.T) {
	p := mustPattern(t, `(a+)+b`)
	if _, err := p.Matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"); err == nil {
		t.Error("a match that never ends was not given up")
	}
}

func TestIntegrationResponseHeaders(t *testing.T) {
	tests := []struct {
		name, kind string
		mappings   map[string]string
		want       Header
	}{
		{"nothing passes unmapped", "HTTP", nil, Header{{"Content-Type", "application/json"}}},
		{"mapped", "HTTP", map[string]string{"method.response.header.X-B": "integration.response.header.X-A"},
			Header{{"Content-Type", "application/json"}, {"X-B", "2"}}},
		{"all lines", "HTTP", map[string]string{"method.response.header.X-B": "integration.response.multivalueheader.X-A"},
			Header{{"Content-Type", "application/json"}, {"X-B", "1,2"}}},
		{"sources are case-sensitive", "HTTP", map[string]string{"method.response.header.X-B": "integration.response.header.x-a"},
			Header{{"Content-Type", "application/json"}}},
		{"own content type", "HTTP", map[string]string{"method.response.header.Content-Type": "'text/html'"},
			Header{{"Content-Type", "text/html"}}},
		{"remapped and dropped", "HTTP", map[string]string{
			"method.response.header.Date": "'d'", "method.response.header.Transfer-Encoding": "'x'", "method.response.header.Via": "'v'",
		}, Header{{"Content-Type", "application/json"}, {"x-amzn-Remapped-Date", "d"}, {"Via", "v"}}},
		{"a proxy passes the endpoint's", "HTTP_PROXY", map[string]string{"method.response.header.X-B": "'ignored'"},
			Header{{"X-A", "1"}, {"X-A", "2"}, {"Content-Type", "text/plain"}, {"x-amzn-Remapped-Server", "s"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{}, func(m *Method) {
				m.Integration.Type = test.kind
				m.Integration.Responses = []*IntegrationResponse{{StatusCode: "201", ResponseParameters: test.mappings}}
			})
			x.EndpointResponse = &EndpointResponse{
				StatusCode: 418, Header: Header{{"X-A", "1"}, {"X-A", "2"}, {"Content-Type", "text/plain"}, {"Server", "s"}}, Body: []byte("body"),
			}
			if err := integrationResponse(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x.Response.Header, test.want) {
				t.Errorf("got %v, want %v", x.Response.Header, test.want)
			}
			wantStatus := 201
			if test.kind == "HTTP_PROXY" {
				wantStatus = 418
			}
			if x.Response.StatusCode != wantStatus || string(x.Response.Body) != "body" {
				t.Errorf("got %d %q", x.Response.StatusCode, x.Response.Body)
			}
		})
	}
}

func TestConvertResponse(t *testing.T) {
	tests := []struct {
		name, handling  string
		binary, accepts bool
		body, want      string
		refused         bool
	}{
		{"binary to a text client", "", true, false, "\x8b\x1f", "ix8=", false},
		{"text to a binary client", "", false, true, "ix8=", "\x8b\x1f", false},
		{"broken text to a binary client", "", false, true, "!", "", true},
		{"equal kinds", "", true, true, "\x8b\x1f", "\x8b\x1f", false},
		{"to text whatever is accepted", convertToText, true, true, "\x8b\x1f", "ix8=", false},
		{"to binary", convertToBinary, false, false, "ix8=", "\x8b\x1f", false},
		{"binary stays binary", convertToBinary, true, false, "\x8b\x1f", "\x8b\x1f", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := payload{[]byte(test.body), test.binary}.convertResponse(test.handling, test.accepts)
			if (err != nil) != test.refused || string(got.data) != test.want {
				t.Errorf("got %q %v, want %q", got.data, err, test.want)
			}
		})
	}
}

func TestResponseTemplateChoice(t *testing.T) {
	jsonAndXML := map[string]*MappingTemplate{"application/json": {}, "application/xml": {}}
	tests := []struct {
		name, accept, endpoint string
		templates              map[string]*MappingTemplate
		want                   string
	}{
		{"by Accept", "application/xml, */*", "application/json", jsonAndXML, "application/xml"},
		{"by the endpoint's type", "*/*", "application/xml", jsonAndXML, "application/xml"},
		{"JSON otherwise", "", "text/html", jsonAndXML, "application/json"},
		{"the first otherwise", "", "", map[string]*MappingTemplate{"text/b": {}, "text/a": {}}, "text/a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{Header: Header{{"Accept", test.accept}}}, nil)
			if got, _ := responseTemplate(x, test.templates, test.endpoint); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestMethodResponseHeaders(t *testing.T) {
	for kind, traced := range map[string]bool{"MOCK": false, "HTTP_PROXY": false, "HTTP": true, "AWS": true, "AWS_PROXY": true} {
		t.Run(kind, func(t *testing.T) {
			x := newTestExchange(&Request{}, func(m *Method) { m.Integration.Type = kind })
			x.Response = &Response{}
			if err := methodResponse(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			h := x.Response.Header
			if h.Has("X-Amzn-Trace-Id") != traced || h.Get("x-amzn-RequestId") != x.RequestID || h.Get("x-amz-apigw-id") != x.ExtendedRequestID {
				t.Errorf("got %v, traced %v", h, traced)
			}
		})
	}
}

func TestIntegrationErrors(t *testing.T) {
	tests := []struct {
		name    string
		backend backendFunc
		want    ResponseType
		status  int
	}{
		{"timeout", func(ctx context.Context, _ *Exchange) (*EndpointResponse, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, IntegrationTimeout, 504},
		{"failure is served as 500", func(context.Context, *Exchange) (*EndpointResponse, error) {
			return nil, errors.New("broken")
		}, IntegrationFailure, 500},
		{"a backend's own failure", func(context.Context, *Exchange) (*EndpointResponse, error) {
			return nil, &Failure{Type: Default5XX, Status: 502}
		}, Default5XX, 502},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := newTestExchange(&Request{}, func(m *Method) { m.Integration.Backend = test.backend })
				err := integration(t.Context(), x)
				wantFailure(t, err, test.want, "")
				x.Failure = failureOf(err)
				gatewayResponse(x)
				if x.Response.StatusCode != test.status {
					t.Errorf("status %d, want %d", x.Response.StatusCode, test.status)
				}
			})
		})
	}
}

package gateway

import (
	"context"
	"net/url"
	"strings"
	"testing"
)

// splitting is a value that would end a header and begin another answer.
const splitting = "a\r\nSet-Cookie: stolen=1\r\n\r\nHTTP/1.1 200 OK"

func TestHeaderInjection(t *testing.T) {
	template := func(text string) map[string]*MappingTemplate {
		parsed, err := ParseMappingTemplate(t.Name(), text)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]*MappingTemplate{"application/json": parsed}
	}
	body := func(i *Integration) {
		i.Backend = answering(200, `{"x":"`+strings.NewReplacer("\r", `\r`, "\n", `\n`).Replace(splitting)+`"}`)
	}
	for _, test := range []struct {
		name   string
		attack func(*Integration)
		want   string // status; never more than one answer
	}{
		{"request header from a query", func(i *Integration) {
			i.Type, i.RequestParameters = "HTTP", map[string]string{"integration.request.header.X": "method.request.querystring.q"}
		}, "500"},
		{"request header of a proxy", func(i *Integration) {
			i.Type, i.RequestParameters = "HTTP_PROXY", map[string]string{"integration.request.header.X": "method.request.querystring.q"}
		}, "500"},
		{"requestOverride.header", func(i *Integration) {
			i.Type, i.RequestTemplates = "AWS", template(`#set($context.requestOverride.header.X = $input.params('q'))`)
		}, "500"},
		{"name in requestOverride.header", func(i *Integration) {
			i.Type, i.RequestTemplates = "AWS", template(`#set($n = $input.params('q'))#set($context.requestOverride.header[$n] = "a")`)
		}, "500"},
		{"NUL in a request header", func(i *Integration) {
			i.Type, i.RequestParameters = "HTTP", map[string]string{"integration.request.header.X": "method.request.querystring.nul"}
		}, "500"},
		{"responseOverride.header of a mock", func(i *Integration) {
			i.Responses[0].ResponseTemplates = template(`#set($context.responseOverride.header.Location = $input.params('q'))`)
		}, "500"},
		{"name in responseOverride.header", func(i *Integration) {
			i.Responses[0].ResponseTemplates = template(`#set($n = $input.params('q'))#set($context.responseOverride.header[$n] = "a")`)
		}, "500"},
		{"response header from the endpoint's body", func(i *Integration) {
			body(i)
			i.Type, i.Responses[0].ResponseParameters = "HTTP", map[string]string{"method.response.header.Location": "integration.response.body.x"}
		}, "500"},
		{"header of a function's answer", func(i *Integration) {
			i.Type, i.Backend = "AWS_PROXY", answering(200, "", Field{"Location", splitting})
		}, "500"},
		{"name in a function's answer", func(i *Integration) {
			i.Type, i.Backend = "AWS_PROXY", answering(200, "", Field{splitting, "a"})
		}, "500"},
		{"gateway response", func(i *Integration) {
			i.Backend = backendFunc(func(context.Context, *Exchange) (*EndpointResponse, error) {
				return nil, &Failure{Type: ResourceNotFound}
			})
		}, "404"},
	} {
		t.Run(test.name, func(t *testing.T) {
			api := newTestAPI([2]string{"GET", "/a"})
			api.GatewayResponses = map[ResponseType]*GatewayResponseDefinition{ResourceNotFound: {ResponseParameters: map[string]string{
				"gatewayresponse.header.X": "method.request.querystring.q",
			}}}
			test.attack(api.Resources[0].Methods["GET"].Integration)
			l, err := Listen("127.0.0.1:0", New(Options{API: api}))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close(context.Background()) })
			query := url.Values{"q": {splitting}, "nul": {"a\x00b"}}.Encode()
			got := exchangeRaw(t, l, "GET /test/a?"+query+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			if !strings.HasPrefix(got, "HTTP/1.1 "+test.want+" ") || strings.Count(got, "HTTP/1.1 ") != 1 || strings.Contains(got, "Set-Cookie") {
				t.Errorf("got %s, want one %s", got, test.want)
			}
		})
	}
}

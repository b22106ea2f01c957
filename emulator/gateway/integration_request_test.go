package gateway

import (
	"context"
	"slices"
	"strings"
	"testing"
)

func TestRequestSource(t *testing.T) {
	request := &Request{
		Path: "/test/a%2Fb", RawQuery: "q=1&q=2+3&solo=v",
		Header: Header{{"X-One", "1"}, {"X-Many", "a"}, {"X-Many", "b"}},
		Body:   []byte(`plain`),
	}
	tests := []struct {
		source, want string
		absent       bool
	}{
		{source: "'static'", want: "static"},
		{source: "''", want: ""},
		{source: "method.request.path.id", want: "42"},
		{source: "method.request.path.nope", absent: true},
		{source: "method.request.querystring.q", want: "2 3"},
		{source: "method.request.multivaluequerystring.q", want: "1,2 3"},
		{source: "method.request.header.X-Many", want: "b"},
		{source: "method.request.header.x-many", absent: true},
		{source: "method.request.multivalueheader.X-Many", want: "a,b"},
		{source: "method.request.multivalueheader.X-None", absent: true},
		{source: "method.request.body", want: "plain"},
		{source: "stageVariables.v", want: "variable"},
		{source: "stageVariables.nope", absent: true},
	}
	for _, test := range tests {
		t.Run(test.source, func(t *testing.T) {
			x := newTestExchange(request, func(m *Method) { m.API.Stage.Variables = map[string]string{"v": "variable"} })
			value, found, err := requestSource(x, test.source)
			if err != nil || found == test.absent || found && value.text() != test.want {
				t.Errorf("got %q %v %v, want %q", value.text(), found, err, test.want)
			}
		})
	}
	t.Run("unknown", func(t *testing.T) {
		if _, _, err := requestSource(newTestExchange(request, nil), "method.request.cookie.a"); err == nil {
			t.Error("no error for an unknown source")
		}
	})
}

func TestBodySource(t *testing.T) {
	tests := []struct {
		name, body, want string
		malformed        bool
	}{
		{name: "empty is an object", body: "", want: "{}"},
		{name: "JSON as it is", body: ` {"a": 1}`, want: ` {"a": 1}`},
		{name: "text", body: "some text", want: "some text"},
		{name: "looks like JSON", body: "\n{wrong", malformed: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			value, _, err := bodySource([]byte(test.body), "")
			if (err != nil) != test.malformed || err == nil && value.text() != test.want {
				t.Errorf("got %q %v, want %q", value.text(), err, test.want)
			}
		})
	}
}

func TestIntegrationURI(t *testing.T) {
	tests := []struct {
		name, kind, uri string
		mappings        map[string]string
		query           string
		want            string
	}{
		{"stage variables", "HTTP", "https://${stageVariables.host}/${stageVariables.none}?k=${stageVariables.v}", nil, "", "https://example.com/?k=a b"},
		{"placeholders anywhere", "HTTP", "http://h/{p}/x?id={p}", map[string]string{"integration.request.path.p": "method.request.path.id"}, "", "http://h/42/x?id=42"},
		{"placeholder without mapping stays", "HTTP", "http://h/{p}", nil, "", "http://h/{p}"},
		{"HTTP drops the client's query", "HTTP", "http://h/?a=1", map[string]string{"integration.request.querystring.b": "'x y'"}, "c=3", "http://h/?a=1&b=x+y"},
		{"HTTP_PROXY adds it", "HTTP_PROXY", "http://h/?a=1", map[string]string{"integration.request.querystring.b": "'2'"}, "a=%2B&c", "http://h/?a=1&b=2&a=%2B&c"},
		{"several values", "HTTP", "http://h/", map[string]string{"integration.request.querystring.b": "method.request.multivaluequerystring.q"}, "q=1&q=2", "http://h/?b=1&b=2"},
		{"path values can't add a query", "HTTP", "http://h/{p}", map[string]string{"integration.request.path.p": "'a b?c#d/é%2B'"}, "", "http://h/a%20b%3Fc%23d/%C3%A9%2B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{RawQuery: test.query}, func(m *Method) {
				m.API.Stage.Variables = map[string]string{"host": "example.com", "v": "a b"}
				m.Integration = &Integration{Type: test.kind, URI: test.uri, HTTPMethod: "GET", RequestParameters: test.mappings}
			})
			if err := integrationRequest(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			if x.IntegrationRequest.URI != test.want {
				t.Errorf("got %s, want %s", x.IntegrationRequest.URI, test.want)
			}
		})
	}
}

func TestIntegrationHeader(t *testing.T) {
	client := Header{
		{"Host", "api"}, {"Accept", "text/plain"}, {"X-Own", "1"}, {"Connection", "close"}, {"Via", "v"},
		{"Content-Length", "2"}, {"Content-Type", "text/csv; header=present"}, {"User-Agent", "client"},
	}
	tests := []struct {
		name, kind, body string
		mappings         map[string]string
		want             string
	}{
		{"HTTP sends its own", "HTTP", "ab", nil,
			"Accept=application/json User-Agent=AmazonAPIGateway_api1 Content-Type=text/csv; header=present X-Amzn-Apigateway-Api-Id=api1"},
		{"HTTP without body has no type", "HTTP", "", nil,
			"Accept=application/json User-Agent=AmazonAPIGateway_api1 X-Amzn-Apigateway-Api-Id=api1"},
		{"mapped ones go over them", "HTTP", "", map[string]string{"integration.request.header.accept": "'x/y'"},
			"accept=x/y User-Agent=AmazonAPIGateway_api1 X-Amzn-Apigateway-Api-Id=api1"},
		{"HTTP_PROXY forwards", "HTTP_PROXY", "ab", map[string]string{"integration.request.header.Upgrade": "'h2'"},
			"Accept=text/plain X-Own=1 Content-Type=text/csv; header=present User-Agent=client X-Amzn-Apigateway-Api-Id=api1 Upgrade=h2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&Request{Header: client, Body: []byte(test.body)}, func(m *Method) {
				m.Integration = &Integration{Type: test.kind, URI: "http://h", RequestParameters: test.mappings}
			})
			if err := integrationRequest(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, f := range x.IntegrationRequest.Header {
				if f.Name != "X-Amzn-Trace-Id" {
					lines = append(lines, f.Name+"="+f.Value)
				}
			}
			if got := strings.Join(lines, " "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if x.IntegrationRequest.Header.Get("X-Amzn-Trace-Id") != x.TraceID {
				t.Error("the trace ID is not sent")
			}
		})
	}
}

func TestForbiddenMappings(t *testing.T) {
	tests := []struct {
		kind, header string
		refused      bool
	}{
		{"HTTP", "Content-Length", true}, {"HTTP_PROXY", "transfer-encoding", true}, {"HTTP", "Authorization", false},
		{"AWS", "Authorization", true}, {"AWS_PROXY", "TE", true}, {"AWS", "Accept", false}, {"MOCK", "Content-Length", false},
	}
	for _, test := range tests {
		t.Run(test.kind+" "+test.header, func(t *testing.T) {
			err := (&Integration{
				Type: test.kind, RequestParameters: map[string]string{"integration.request.header." + test.header: "'0'"},
			}).CheckMappedHeaders()
			if (err != nil) != test.refused {
				t.Errorf("got %v, refused %v", err, test.refused)
			}
		})
	}
}

func TestPassthrough(t *testing.T) {
	xml := map[string]*MappingTemplate{"application/xml": {}}
	withDefault := map[string]*MappingTemplate{"$default": {}, "application/json": {}}
	tests := []struct {
		name, behavior, contentType string
		templates                   map[string]*MappingTemplate
		template, refused           bool
	}{
		{"never without template", "NEVER", "application/json", nil, false, true},
		{"never with another", "NEVER", "application/json", xml, false, true},
		{"never with a match", "NEVER", "application/xml", xml, true, false},
		{"when no templates, none", "WHEN_NO_TEMPLATES", "application/json", nil, false, false},
		{"when no templates, another", "WHEN_NO_TEMPLATES", "application/json", xml, false, true},
		{"when no match", "WHEN_NO_MATCH", "application/json", xml, false, false},
		{"unset is when no match", "", "application/json", xml, false, false},
		{"default template", "NEVER", "text/plain", withDefault, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := requestTemplate(&Integration{PassthroughBehavior: test.behavior, RequestTemplates: test.templates}, test.contentType)
			want := ResponseType("")
			if test.refused {
				want = UnsupportedMediaType
			}
			wantFailure(t, err, want, "")
			if (got != nil) != test.template {
				t.Errorf("template %v, want %v", got != nil, test.template)
			}
		})
	}
}

func TestReplaced(t *testing.T) {
	fields := []Field{{"a", "1"}, {"B", "2"}, {"c", "3"}}
	got := replaced(fields, []Field{{"b", "x"}, {"b", "y"}}, true)
	want := []Field{{"a", "1"}, {"c", "3"}, {"b", "x"}, {"b", "y"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestConvertRequest(t *testing.T) {
	tests := []struct {
		name, handling, body string
		binary               bool
		want                 string
		refused              bool
	}{
		{"text stays", "", "hé", false, "hé", false},
		{"broken text", "", "a\x8b\x1f", false, "a\ufffd\x1f", false},
		{"binary stays", "", "\x8b\x1f", true, "\x8b\x1f", false},
		{"binary to text", convertToText, "\x8b\x1f", true, "ix8=", false},
		{"text to text", convertToText, "t", false, "t", false},
		{"text to binary", convertToBinary, "ix8=", false, "\x8b\x1f", false},
		{"text that is not base64", convertToBinary, "!", false, "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := newPayload([]byte(test.body), test.binary).convertRequest(test.handling)
			if (err != nil) != test.refused || string(got.data) != test.want {
				t.Errorf("got %q %v, want %q", got.data, err, test.want)
			}
		})
	}
}

func TestReplaceInvalid(t *testing.T) {
	tests := map[string]string{
		"\xff\xfe":           "\ufffd\ufffd",
		"\xe2\x82":           "\ufffd",
		"\xe2\x82a":          "\ufffda",
		"\xf0\x9f\x98":       "\ufffd",
		"\xe0\x80":           "\ufffd\ufffd",
		"\xed\xa0\x80":       "\ufffd\ufffd\ufffd",
		"\xc0\xaf":           "\ufffd\ufffd",
		"ok é \u20ac":        "ok é \u20ac",
		"\xf4\x90\x80\x80":   "\ufffd\ufffd\ufffd\ufffd",
		"\u0000\x80\u00e9\b": "\u0000\ufffd\u00e9\b",
	}
	for in, want := range tests {
		if got := replaceInvalid([]byte(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestIsBinary(t *testing.T) {
	api := &API{BinaryMediaTypes: []string{"image/png", "application/*", "*/test"}}
	tests := map[string]bool{
		"image/png": true, "image/jpg": false, "application/whatever": true, "application/*": true, "application": false,
		"*/test": false, "random/test": false, "*/*": false, "": false,
	}
	for mediaType, want := range tests {
		if got := api.IsBinary(mediaType); got != want {
			t.Errorf("%s: got %v, want %v", mediaType, got, want)
		}
	}
}

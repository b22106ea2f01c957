package gateway

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

func parsed(t testing.TB, text string) map[string]*MappingTemplate {
	template, err := ParseMappingTemplate("mappings/t.vtl", text)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*MappingTemplate{"application/json": template}
}

func pattern(t testing.TB, source string) *SelectionPattern {
	p, err := CompileSelectionPattern(source)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var traceCases = []struct {
	name      string
	configure func(testing.TB, *Method)
	request   Request
	want      string // the entries; notes begin with "- ", details with "-- "
}{
	{"both templates, mappings and patterns", func(t testing.TB, m *Method) {
		m.Integration = &Integration{
			Type: "HTTP", HTTPMethod: "PUT", URI: "http://h/{id}",
			Backend: backendFunc(func(context.Context, *Exchange) (*EndpointResponse, error) {
				return &EndpointResponse{StatusCode: 404, Header: Header{{"X-A", "1"}}, Body: []byte("gone"), Selection: "404"}, nil
			}),
			RequestParameters: map[string]string{
				"integration.request.path.id": "method.request.path.id", "integration.request.header.X-B": "method.request.header.Missing",
			},
			RequestTemplates: parsed(t, `#set($who = $input.path("$.who"))$context.requestOverride.header.put("X-O", "o"){"who": "$who$nobody"}`),
			Responses: []*IntegrationResponse{
				{StatusCode: "400", SelectionPattern: pattern(t, "400")},
				{
					StatusCode: "404", SelectionPattern: pattern(t, `4\d4`), ResponseTemplates: parsed(t, `$input.body`),
					ResponseParameters: map[string]string{"method.response.header.Date": "integration.response.header.X-A"},
				},
			},
		}
	}, Request{Method: "PUT", Path: "/test/7", RawQuery: "a=1&a=2", Header: Header{{"X-Who", "ada"}}, Body: []byte(`{"who":"ada"}`)}, `
Execution log for request ID
-- match took 0s
Starting execution for request: ID
HTTP Method: PUT, Resource Path: /7
Method request path: {id=7}
Method request query string: {a=1,2}
Method request headers: {X-Who=ada}
Method request body before transformations: {"who":"ada"}
-- method request took 0s
- integration.request.header.X-B is not set: there is no method.request.header.Missing
-- integration.request.path.id = "7" from method.request.path.id
- request template mappings/t.vtl for application/json, 0s
-- 1:13 $input.path("$.who") = "ada"
-- 1:6 #set $who = "ada"
-- 1:34 $context.requestOverride.header.put("X-O", "o") = null
-- 1:90 $who = "ada"
-- 1:94 $nobody = null
-- requestOverride.header.X-O = "o"
-- integration request took 0s
Endpoint request URI: http://h/7
Endpoint request headers: {Accept=application/json, User-Agent=AmazonAPIGateway_api1, Content-Type=application/json, X-Amzn-Apigateway-Api-Id=api1, X-Amzn-Trace-Id=TRACE, X-O=o}
Endpoint request body after transformations: {"who": "ada"}
Sending request to http://h/7
Received response. Status: 404, Integration latency: 0 ms
Endpoint response headers: {X-A=1}
Endpoint response body before transformations: gone
-- integration took 0s
- selection pattern 400 of integration response 400 does not match "404"
- selection pattern 4\d4 of integration response 404 matches "404"
-- method.response.header.Date = "1" from integration.response.header.X-A
- response template mappings/t.vtl for application/json, 0s
-- 1:1 $input.body = "gone"
- response header Date becomes x-amzn-Remapped-Date
-- integration response took 0s
Method response body after transformations: gone
Method response headers: {X-Amzn-Trace-Id=TRACE, Content-Type=application/json, x-amzn-Remapped-Date=1}
Successfully completed execution
Method completed with status: 404
-- method response took 0s
`},
	{"a template that fails", func(t testing.TB, m *Method) {
		m.Integration.RequestTemplates = parsed(t, "#set($x = 1)\n#foreach($i in [1..2000])#foreach($j in [1..1000])#foreach($k in [1..1000])#end#end#end")
	}, Request{Method: "GET", Path: "/test/7"}, `
Execution log for request ID
-- match took 0s
Starting execution for request: ID
HTTP Method: GET, Resource Path: /7
Method request path: {id=7}
Method request query string: {}
Method request headers: {}
Method request body before transformations: 
-- method request took 0s
- request template mappings/t.vtl for application/json, 0s
- mappings/t.vtl:2:26: the loops went round more than 1000000 times
-- integration request took 0s
Execution failed due to configuration error: Unable to transform request
- DEFAULT_5XX: mappings/t.vtl:2:26: the loops went round more than 1000000 times
Method completed with status: 500
`},
	{"an output that is no JSON", func(t testing.TB, m *Method) {
		m.Integration = &Integration{
			Type: "HTTP", HTTPMethod: "POST", URI: "http://h/", Backend: answering(200, ""), Responses: []*IntegrationResponse{{StatusCode: "200"}},
			RequestTemplates: parsed(t, "{\n  \"é\": \"it\\'s\"}"),
		}
	}, Request{Method: "POST", Path: "/test/7"}, `
Execution log for request ID
-- match took 0s
Starting execution for request: ID
HTTP Method: POST, Resource Path: /7
Method request path: {id=7}
Method request query string: {}
Method request headers: {}
Method request body before transformations: 
-- method request took 0s
- request template mappings/t.vtl for application/json, 0s
- the output is no JSON, at 2:12: invalid character '\'' in string escape code
-- integration request took 0s
Endpoint request URI: http://h/
Endpoint request headers: {Accept=application/json, User-Agent=AmazonAPIGateway_api1, Content-Type=application/json, X-Amzn-Apigateway-Api-Id=api1, X-Amzn-Trace-Id=TRACE}
Endpoint request body after transformations: {
  "é": "it\'s"}
Sending request to http://h/
Received response. Status: 200, Integration latency: 0 ms
Endpoint response headers: {}
Endpoint response body before transformations: 
-- integration took 0s
- integration response 200, which has no selection pattern, for an answer without an error
- response body passes as it is: the integration response has no template
-- integration response took 0s
Method response body after transformations: 
Method response headers: {X-Amzn-Trace-Id=TRACE, Content-Type=application/json}
Successfully completed execution
Method completed with status: 200
-- method response took 0s
`},
	{"secrets are masked wherever they come again", func(t testing.TB, m *Method) {
		m.Integration = &Integration{
			Type: "HTTP_PROXY", HTTPMethod: "GET", URI: "http://h/", Backend: answering(200, "your token is abcdefghijklmnop", Field{"Set-Cookie", "short"}),
			RequestParameters: map[string]string{"integration.request.header.Cookie": "method.request.querystring.c"},
		}
	}, Request{
		Method: "GET", Path: "/test/7", RawQuery: "c=s3cr3t",
		Header: Header{{"authorization", "Bearer abcdefghijklmnop"}, {"x-API-key", "0123456789abcdefghijklmnop"}, {"Via", "1.1 x"}},
	}, `
Execution log for request ID
-- match took 0s
Starting execution for request: ID
HTTP Method: GET, Resource Path: /7
Method request path: {id=7}
Method request query string: {c=s3cr3t}
Method request headers: {Authorization=***********************, x-API-key=********************klmnop, Via=1.1 x}
Method request body before transformations: 
-- method request took 0s
-- integration.request.header.Cookie = "******" from method.request.querystring.c
- request header Via is dropped
-- integration request took 0s
Endpoint request URI: http://h/?c=s3cr3t
Endpoint request headers: {Authorization=***********************, x-API-key=********************klmnop, X-Amzn-Apigateway-Api-Id=api1, X-Amzn-Trace-Id=TRACE, Cookie=******}
Endpoint request body after transformations: 
Sending request to http://h/?c=s3cr3t
Received response. Status: 200, Integration latency: 0 ms
Endpoint response headers: {Set-Cookie=*****}
Endpoint response body before transformations: your token is ****************
-- integration took 0s
-- integration response took 0s
Method response body after transformations: your token is ****************
Method response headers: {Set-Cookie=*****}
Successfully completed execution
Method completed with status: 200
-- method response took 0s
`},
	{"what no method takes", func(testing.TB, *Method) {}, Request{Method: "GET", Path: "/test/7/8"}, `
Execution log for request ID
-- match took 0s
- MISSING_AUTHENTICATION_TOKEN: no method takes GET /7/8
Method completed with status: 403
`},
	{"a key that is refused", func(_ testing.TB, m *Method) { m.APIKeyRequired = true }, Request{
		Method: "GET", Path: "/test/7", Header: Header{{"x-api-key", "wrong"}},
	}, `
Execution log for request ID
-- match took 0s
Verifying Usage Plan for request: ID. API Key: ***** API Stage: api1/test
API Key ***** not authorized because method 'ANY /{id}' requires API Key and API Key is not associated with a Usage Plan for API Stage api1/test
-- method request took 0s
- gateway response INVALID_API_KEY
Method completed with status: 403
`},
	{"an endpoint of AWS that fails", func(_ testing.TB, m *Method) {
		m.Integration = &Integration{
			Type: "AWS", HTTPMethod: "POST", URI: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
			Backend: backendFunc(func(context.Context, *Exchange) (*EndpointResponse, error) { return nil, errors.New("refused") }),
		}
	}, Request{Method: "POST", Path: "/test/7", Body: []byte("{}")}, `
Execution log for request ID
-- match took 0s
Starting execution for request: ID
HTTP Method: POST, Resource Path: /7
Method request path: {id=7}
Method request query string: {}
Method request headers: {}
Method request body before transformations: {}
-- method request took 0s
- request body passes as it is: no request template for application/json
-- integration request took 0s
Endpoint request URI: https://dynamodb.us-east-1.amazonaws.com/?Action=PutItem
Endpoint request headers: {Authorization=************************, X-Amz-Date=20231114T221320Z, x-amzn-apigateway-api-id=api1, Accept=application/json, User-Agent=AmazonAPIGateway_api1, X-Amz-Security-Token=************************, Content-Type=application/json, X-Amzn-Trace-Id=TRACE}
Endpoint request body after transformations: {}
Sending request to https://dynamodb.us-east-1.amazonaws.com/?Action=PutItem
-- integration took 0s
Execution failed due to a network error communicating with endpoint
- INTEGRATION_FAILURE: refused
Method completed with status: 500
`},
}

func TestTrace(t *testing.T) {
	marks := map[trace.EntryKind]string{trace.Note: "- ", trace.Detail: "-- "}
	for _, test := range traceCases {
		t.Run(test.name, func(t *testing.T) {
			api := newTestAPI([2]string{"ANY", "/{id}"})
			test.configure(t, api.Resources[0].Methods["ANY"])
			var got *trace.Trace
			g := New(Options{
				API: api, Trace: func(t *trace.Trace) { got = t }, Now: func() time.Time { return time.Unix(1700000000, 0) },
			})
			response := g.Handle(t.Context(), &test.request)
			var b strings.Builder
			b.WriteByte('\n')
			for _, e := range got.Entries(trace.Words, trace.Payload, trace.Note, trace.Detail) {
				b.WriteString(marks[e.Kind] + e.Text + "\n")
			}
			traceID := response.Header.Get("X-Amzn-Trace-Id")
			if request, ok := trace.Last[trace.EndpointRequest](got); ok {
				traceID = request.Header.Get("X-Amzn-Trace-Id")
			}
			text := strings.ReplaceAll(b.String(), got.ID, "ID")
			if traceID != "" {
				text = strings.ReplaceAll(text, traceID, "TRACE")
			}
			if diff := cmp.Diff(test.want, text); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestTraceReadsWhatTheTemplateRead: a template is explained after the
// response template has changed what the request template saw.
func TestTraceReadsWhatTheTemplateRead(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"})
	i := api.Resources[0].Methods["GET"].Integration
	i.RequestTemplates = parsed(t, `$context.responseOverride.header.X{"statusCode": 200}`)
	i.Responses[0].ResponseTemplates = parsed(t, `#set($context.responseOverride.header.X = "late")`)
	var got *trace.Trace
	New(Options{API: api, Trace: func(t *trace.Trace) { got = t }}).Handle(t.Context(), &Request{Method: "GET", Path: "/test/a"})
	for _, e := range got.Events() {
		if template, ok := e.(trace.Template); ok && template.Side == "request" {
			if reads := template.Explain(); len(reads) != 1 || !reads[0].Null {
				t.Errorf("the request template read %v", reads)
			}
			return
		}
	}
	t.Error("no request template in the trace")
}

func BenchmarkTrace(b *testing.B) {
	for _, test := range []struct {
		name  string
		trace func(*trace.Trace)
	}{{"off", nil}, {"on", new(trace.Store).Add}} {
		b.Run(test.name, func(b *testing.B) {
			api := newTestAPI([2]string{"GET", "/orders/{id}"})
			i := api.Resources[0].Methods["GET"].Integration
			i.RequestTemplates = parsed(b, `{"statusCode": 200}`)
			i.Responses[0].ResponseTemplates = parsed(b, `{"id": "$input.params('id')"}`)
			g := New(Options{API: api, Trace: test.trace})
			request := Request{Method: "GET", Path: "/test/orders/7", Header: Header{{"Accept", "application/json"}, {"User-Agent", "bench"}}}
			b.ReportAllocs()
			for b.Loop() {
				r := request
				g.Handle(context.Background(), &r)
			}
		})
	}
}

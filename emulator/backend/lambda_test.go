package backend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/backend"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

const (
	functionARN = "arn:aws:lambda:us-east-1:000000000000:function:orders"
	invokeURI   = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + functionARN + "/invocations"
)

// fakeFunctions is an Invoker that answers all calls alike and remembers the last.
type fakeFunctions struct {
	result  lambdahost.Result
	err     error
	name    string
	event   []byte
	options lambdahost.InvokeOptions
}

func (f *fakeFunctions) Invoke(_ context.Context, name string, event []byte, o lambdahost.InvokeOptions) (*lambdahost.Result, error) {
	f.name, f.event, f.options = name, event, o
	return &f.result, f.err
}

// knownFunctions also tells which functions there are, as the host does: one.
type knownFunctions struct {
	fakeFunctions
	function *lambdahost.Function
}

func (f *knownFunctions) Function(name string) (*lambdahost.Function, bool) {
	if name != f.function.ARN {
		return nil, false
	}
	return f.function, true
}

// lambdaExchange is a request that has come as far as its integration.
func lambdaExchange(kind, uri string) *gateway.Exchange {
	api := &gateway.API{
		ID: "api", AccountID: "000000000000", Region: "us-east-1", DeploymentID: "deployment",
		Stage: &gateway.Stage{Name: "prod"}, BinaryMediaTypes: []string{"image/png", "application/zip"},
	}
	m := &gateway.Method{
		API: api, Resource: &gateway.Resource{ID: "resource", Path: "/orders/{id}"}, HTTPMethod: "ANY",
		Integration: &gateway.Integration{Type: kind, HTTPMethod: "POST", URI: uri},
	}
	return &gateway.Exchange{
		API: api, Method: m, Time: time.Date(2026, 11, 24, 5, 40, 0, 123e6, time.UTC),
		Request:   &gateway.Request{Method: "GET", Path: "//prod/orders/7", Host: "127.0.0.1:8080", RemoteAddr: "127.0.0.9", Protocol: "HTTP/1.1"},
		RequestID: "request", ExtendedRequestID: "extended", TraceID: "Root=1-0-0", ResourcePath: "/orders/7",
		PathParameters:     []gateway.Field{{Name: "id", Value: "7"}},
		IntegrationRequest: &gateway.IntegrationRequest{Method: "POST", URI: uri},
	}
}

var proxyEventCases = []struct {
	name   string
	change func(*gateway.Exchange)
	want   map[string]string // path in the event → JSON
}{
	{"what is absent is null (rule 11)", func(x *gateway.Exchange) { x.PathParameters = nil }, map[string]string{
		"body": `null`, "queryStringParameters": `null`, "multiValueQueryStringParameters": `null`,
		"pathParameters": `null`, "stageVariables": `null`, "isBase64Encoded": `false`,
	}},
	{"the resource and its path (rules 5, 10)", func(*gateway.Exchange) {}, map[string]string{
		"resource": `"/orders/{id}"`, "path": `"/orders/7"`, "httpMethod": `"GET"`, "pathParameters": `{"id":"7"}`,
		"requestContext.path": `"/prod/orders/7"`, "requestContext.resourcePath": `"/orders/{id}"`,
	}},
	{"the context (rules 14, 16)", func(*gateway.Exchange) {}, map[string]string{
		"requestContext.accountId": `"000000000000"`, "requestContext.apiId": `"api"`, "requestContext.deploymentId": `"deployment"`,
		"requestContext.domainName": `"127.0.0.1:8080"`, "requestContext.domainPrefix": `"api"`,
		"requestContext.extendedRequestId": `"extended"`, "requestContext.protocol": `"HTTP/1.1"`, "requestContext.requestId": `"request"`,
		"requestContext.requestTime": `"24/Nov/2026:05:40:00 +0000"`, "requestContext.requestTimeEpoch": `1795498800123`,
		"requestContext.resourceId": `"resource"`, "requestContext.stage": `"prod"`,
	}},
	{"the identity (rule 15)", func(x *gateway.Exchange) { x.Request.Header.Add("user-agent", "test") }, map[string]string{
		"requestContext.identity": `{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,` +
			`"cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,` +
			`"sourceIp":"127.0.0.9","user":null,"userAgent":"test","userArn":null}`,
	}},
	{"the last value counts, the multi map has all (rule 12)", func(x *gateway.Exchange) { x.Request.RawQuery = "a=1&b=%2B+&a=2" }, map[string]string{
		"queryStringParameters": `{"a":"2","b":"+ "}`, "multiValueQueryStringParameters": `{"a":["1","2"],"b":["+ "]}`,
	}},
	{"headers (rules 13, 17, 18)", func(x *gateway.Exchange) {
		for _, f := range []gateway.Field{
			{Name: "tEsT", Value: "1"}, {Name: "test", Value: "2"}, {Name: "aUThorization", Value: "secret"}, {Name: "user-Agent", Value: "curl"},
			{Name: "Host", Value: "x"}, {Name: "Connection", Value: "close"}, {Name: "Content-MD5", Value: "x"}, {Name: "TE", Value: "x"},
			{Name: "Via", Value: "proxy"}, {Name: "X-Forwarded-For", Value: "10.0.0.1"},
		} {
			x.Request.Header.Add(f.Name, f.Value)
		}
	}, map[string]string{
		"headers": `{"Authorization":"secret","Host":"127.0.0.1:8080","User-Agent":"curl","Via":"proxy","X-Amzn-Trace-Id":"Root=1-0-0",` +
			`"X-Forwarded-For":"10.0.0.1, 127.0.0.9","X-Forwarded-Port":"8080","X-Forwarded-Proto":"http","tEsT":"2"}`,
		"multiValueHeaders.tEsT": `["1","2"]`,
	}},
	{"text body as sent (rule 20)", func(x *gateway.Exchange) { x.Request.Body = []byte(`{"a":"<ü>"}`) }, map[string]string{
		"body": `"{\"a\":\"<ü>\"}"`, "isBase64Encoded": `false`,
	}},
	{"binary body (rule 71)", func(x *gateway.Exchange) {
		x.Request.Header.Add("Content-Type", "image/png")
		x.Request.Body = []byte{0xff, 0x00}
	}, map[string]string{"body": `"/wA="`, "isBase64Encoded": `true`}},
	{"stage variables", func(x *gateway.Exchange) { x.API.Stage.Variables = map[string]string{"v": "1"} }, map[string]string{
		"stageVariables": `{"v":"1"}`,
	}},
	{"an API key", func(x *gateway.Exchange) { x.APIKey = &gateway.APIKey{ID: "id", Value: "key"} }, map[string]string{
		"requestContext.identity.apiKey": `"key"`, "requestContext.identity.apiKeyId": `"id"`,
	}},
}

func TestProxyEvent(t *testing.T) {
	for _, c := range proxyEventCases {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeFunctions{result: lambdahost.Result{Payload: []byte(`{}`)}}
			x := lambdaExchange("AWS_PROXY", invokeURI)
			c.change(x)
			event, err := x.ProxyEvent()
			if err != nil {
				t.Fatal(err)
			}
			x.IntegrationRequest.Body = event
			if _, err := backend.NewLambdaProxy(f, nil).Invoke(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if f.name != functionARN || f.options.TraceID != x.TraceID {
				t.Errorf("called %q %+v", f.name, f.options)
			}
			for path, want := range c.want {
				raw := json.RawMessage(f.event)
				for key := range strings.SplitSeq(path, ".") {
					var object map[string]json.RawMessage
					if err := json.Unmarshal(raw, &object); err != nil {
						t.Fatal(err)
					}
					raw = object[key]
				}
				if string(raw) != want {
					t.Errorf("%s = %s\nwant %s", path, raw, want)
				}
			}
		})
	}
}

func TestProxyAnswer(t *testing.T) {
	const jsonType = "Content-Type: application/json"
	for _, c := range []struct {
		name, result, accept string
		status               int
		header, body         string
	}{
		{"empty object (rule 21)", `{}`, "", 200, jsonType, ""},
		{"numeric string (rule 22)", `{"statusCode":"201"}`, "", 201, jsonType, ""},
		{"undeclared status (rule 27)", `{"statusCode":300,"body":"x"}`, "", 300, jsonType, "x"},
		{"null headers, null body (rule 24)", `{"headers":null,"multiValueHeaders":null,"body":null}`, "", 200, jsonType, ""},
		{"booleans and numbers (rule 24)", `{"headers":{"b": true,"n":1.50}}`, "", 200, "b: true\nn: 1.50\n" + jsonType, ""},
		{"merged headers (rule 25)", `{"headers":{"x-a":"3","Z":"4"},"multiValueHeaders":{"X-A":["1",2]}}`, "", 200,
			"X-A: 1\nX-A: 2\nX-A: 3\nZ: 4\n" + jsonType, ""},
		{"own content type (rule 26)", `{"headers":{"content-TYPE":"text/html"}}`, "", 200, "content-TYPE: text/html", ""},
		{"base64 for a client that accepts it (rule 28)", `{"body":"aGk=","isBase64Encoded":true}`, "image/png,*/*", 200, jsonType, "hi"},
		{"base64 for another client (rule 28)", `{"body":"aGk=","isBase64Encoded":true}`, "*/*,image/png", 200, jsonType, "aGk="},
		{"text for a client that accepts binary", `{"body":"aGk="}`, "image/png", 200, jsonType, "aGk="},
		{"broken base64 (rule 30)", `{"body":"?","isBase64Encoded":true}`, "image/png", 500, "", ""},
		{"unknown member (rule 23)", `{"statusCode":200,"cookies":[]}`, "", 502, "", ""},
		{"text (rule 23)", `"x"`, "", 502, "", ""},
		{"null", `null`, "", 502, "", ""},
		{"list", `[]`, "", 502, "", ""},
		{"no JSON", `oops`, "", 502, "", ""},
		{"nothing", ``, "", 502, "", ""},
		{"no list (rule 23)", `{"multiValueHeaders":{"a":"1"}}`, "", 502, "", ""},
		{"no status (rule 23)", `{"statusCode":"ok"}`, "", 502, "", ""},
		{"status of the zero value", `{"statusCode":0,"headers":null}`, "", 502, "", ""},
		{"object as body", `{"body":{"a":1}}`, "", 502, "", ""},
		{"object as header", `{"headers":{"a":{}}}`, "", 502, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeFunctions{result: lambdahost.Result{Payload: []byte(c.result)}}
			x := lambdaExchange("AWS_PROXY", invokeURI)
			x.Request.Header.Add("Accept", c.accept)
			answer, err := backend.NewLambdaProxy(f, nil).Invoke(t.Context(), x)
			if err != nil {
				if failure, ok := errors.AsType[*gateway.Failure](err); !ok || failure.Status != c.status {
					t.Fatalf("error %v, want status %d", err, c.status)
				}
				return
			}
			var lines []string
			for _, f := range answer.Header {
				lines = append(lines, f.Name+": "+f.Value)
			}
			if answer.StatusCode != c.status || strings.Join(lines, "\n") != c.header || string(answer.Body) != c.body {
				t.Errorf("%d %q %q", answer.StatusCode, lines, answer.Body)
			}
		})
	}
}

func TestProxyFailures(t *testing.T) {
	failed := lambdahost.Result{Payload: []byte(`{"errorMessage":"boom"}`), FunctionError: "Unhandled", RequestID: "r"}
	for _, c := range []struct {
		name   string
		f      fakeFunctions
		method string
		status int // of a Failure; 0: another error, a 500 by the gateway (rule 31)
		cause  string
	}{
		{"function error (rule 23)", fakeFunctions{result: failed}, "POST", 502, "customer function error: boom. Lambda request id: r"},
		{"throttled", fakeFunctions{err: &lambdahost.Error{StatusCode: 429, Type: "TooManyRequestsException"}}, "POST", 500, "invocation failed with status: 429"},
		{"not started", fakeFunctions{err: errors.New("build function f: broken")}, "POST", 0, "build function f: broken"},
		{"integration method (rule 31)", fakeFunctions{}, "GET", 0, "IntegrationHttpMethod is GET"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := lambdaExchange("AWS_PROXY", invokeURI)
			x.IntegrationRequest.Method = c.method
			_, err := backend.NewLambdaProxy(&c.f, nil).Invoke(t.Context(), x)
			failure, _ := errors.AsType[*gateway.Failure](err)
			if err == nil || !strings.Contains(err.Error(), c.cause) || (failure == nil) != (c.status == 0) {
				t.Fatalf("error %v", err)
			}
			if failure != nil && failure.Status != c.status {
				t.Errorf("status %d", failure.Status)
			}
		})
	}
}

func TestLambda(t *testing.T) {
	for _, c := range []struct {
		name      string
		f         fakeFunctions
		body      string
		header    gateway.Header
		event     string
		options   lambdahost.InvokeOptions
		status    int
		selection string
		answer    string
	}{
		{"the body is the event (rules 32, 33)", fakeFunctions{result: lambdahost.Result{StatusCode: 200, Payload: []byte(`"ok"`)}}, `"text"`, nil,
			`"text"`, lambdahost.InvokeOptions{}, 200, "", `"ok"`},
		{"no body is an empty event (rule 32)", fakeFunctions{result: lambdahost.Result{StatusCode: 200, Payload: []byte(`{}`)}}, "", nil,
			`{}`, lambdahost.InvokeOptions{}, 200, "", `{}`},
		{"errorMessage selects, the error is the body (rules 35, 37)", fakeFunctions{result: lambdahost.Result{
			StatusCode: 200, FunctionError: "Unhandled", Payload: []byte(`{"errorMessage":"[Conflict] order 1 exists","errorType":"E"}`),
		}}, `{}`, nil, `{}`, lambdahost.InvokeOptions{}, 200, "[Conflict] order 1 exists", `{"errorMessage":"[Conflict] order 1 exists","errorType":"E"}`},
		{"a result that looks like an error is none", fakeFunctions{result: lambdahost.Result{StatusCode: 200, Payload: []byte(`{"errorMessage":"x"}`)}}, `{}`, nil,
			`{}`, lambdahost.InvokeOptions{}, 200, "", `{"errorMessage":"x"}`},
		{"asynchronous (rule 38)", fakeFunctions{result: lambdahost.Result{StatusCode: 202}}, `{}`, gateway.Header{{Name: "x-amz-invocation-type", Value: "Event"}},
			`{}`, lambdahost.InvokeOptions{InvocationType: "Event"}, 202, "", ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := lambdaExchange("AWS", invokeURI)
			x.IntegrationRequest.Body, x.IntegrationRequest.Header = []byte(c.body), c.header
			answer, err := backend.NewLambda(&c.f, nil).Invoke(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			c.options.TraceID = x.TraceID
			if string(c.f.event) != c.event || !reflect.DeepEqual(c.f.options, c.options) {
				t.Errorf("event %s, options %+v", c.f.event, c.f.options)
			}
			if answer.StatusCode != c.status || answer.Selection != c.selection || string(answer.Body) != c.answer {
				t.Errorf("%d %q %s", answer.StatusCode, answer.Selection, answer.Body)
			}
		})
	}
	t.Run("an event that is no JSON is the client's fault", func(t *testing.T) {
		f := &fakeFunctions{err: &lambdahost.Error{StatusCode: 400, Message: "Could not parse request body into json: x"}}
		_, err := backend.NewLambda(f, nil).Invoke(t.Context(), lambdaExchange("AWS", invokeURI))
		failure, ok := errors.AsType[*gateway.Failure](err)
		if !ok || failure.Status != 400 || failure.Message != "Could not parse request body into json: x" {
			t.Errorf("error %v", err)
		}
	})
}

func TestLambdaTarget(t *testing.T) {
	for _, c := range []struct{ name, uri, function, qualifier string }{
		{"ARN", invokeURI, functionARN, ""},
		{"alias", strings.Replace(invokeURI, ":orders/", ":orders:live/", 1), functionARN + ":live", ""},
		{"two slashes", strings.Replace(invokeURI, "path/", "path//", 1), functionARN, ""},
		{"qualifier", invokeURI + "?Qualifier=7", functionARN, "7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeFunctions{result: lambdahost.Result{StatusCode: 200}}
			if _, err := backend.NewLambda(f, nil).Invoke(t.Context(), lambdaExchange("AWS", c.uri)); err != nil {
				t.Fatal(err)
			}
			if f.name != c.function || f.options.Qualifier != c.qualifier {
				t.Errorf("called %s, qualifier %q", f.name, f.options.Qualifier)
			}
		})
	}
}

func TestWhoMayInvoke(t *testing.T) {
	const source = "arn:aws:execute-api:us-east-1:000000000000:api/prod/GET/orders/*"
	permission := lambdahost.Permission{Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com", SourceARN: source}
	role := func(trusted, action string) *gateway.Role {
		return &gateway.Role{
			ARN: "arn:role", Trusted: []string{trusted},
			Statements: []gateway.Statement{{Actions: []string{action}, Resources: []string{functionARN}}},
		}
	}
	for _, c := range []struct {
		name        string
		permissions []lambdahost.Permission
		role        *gateway.Role
		credentials string
		method      string
		want        string // the cause; "" when the function is called
	}{
		{"permission", []lambdahost.Permission{permission}, nil, "", "GET", ""},
		{"permission of another method", []lambdahost.Permission{permission}, nil, "", "POST",
			"Invalid permissions on Lambda function: no AWS::Lambda::Permission of Orders"},
		{"no permission", nil, nil, "", "GET", "Invalid permissions on Lambda function"},
		{"role", nil, role("apigateway.amazonaws.com", "lambda:InvokeFunction"), "arn:role", "GET", ""},
		{"role without the action", []lambdahost.Permission{permission}, role("apigateway.amazonaws.com", "lambda:GetFunction"), "arn:role", "GET",
			"role arn:role does not allow lambda:InvokeFunction"},
		{"role that is not trusted", nil, role("lambda.amazonaws.com", "lambda:InvokeFunction"), "arn:role", "GET", "can't be assumed"},
		{"role outside the template", nil, nil, "arn:elsewhere", "GET", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &knownFunctions{function: &lambdahost.Function{ARN: functionARN, LogicalID: "Orders", Permissions: c.permissions}}
			f.result = lambdahost.Result{StatusCode: 200, Payload: []byte(`{}`)}
			x := lambdaExchange("AWS_PROXY", invokeURI)
			x.Request.Method, x.Method.HTTPMethod = c.method, c.method
			x.Method.Integration.Role, x.Method.Integration.Credentials = c.role, c.credentials
			var log bytes.Buffer
			b := backend.NewLambdaProxy(f, slog.New(slog.NewTextHandler(&log, nil)))
			if err := b.Check(x.Method); err != nil {
				t.Fatal(err)
			}
			if warned := strings.Contains(log.String(), "requests will fail"); warned != (c.want != "") {
				t.Errorf("log %q", log.String())
			}
			_, err := b.Invoke(t.Context(), x)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v", err)
			}
			if failure, ok := errors.AsType[*gateway.Failure](err); err != nil && (!ok || failure.Type != gateway.APIConfigurationError || f.event != nil) {
				t.Errorf("failure %+v, event %s", failure, f.event)
			}
		})
	}
}

// TestTestInvocationNeedsItsStage: a permission for the deployed stage is none
// for a test invocation.
func TestTestInvocationNeedsItsStage(t *testing.T) {
	for stage, want := range map[string]bool{"prod": false, "*": true, "test-invoke-stage": true} {
		f := &knownFunctions{function: &lambdahost.Function{ARN: functionARN, Permissions: []lambdahost.Permission{{
			Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
			SourceARN: "arn:aws:execute-api:us-east-1:000000000000:api/" + stage + "/GET/orders/*",
		}}}}
		f.result = lambdahost.Result{StatusCode: 200, Payload: []byte(`{}`)}
		x := lambdaExchange("AWS_PROXY", invokeURI)
		api, tested := *x.API, *x.API.Stage
		tested.Name = "test-invoke-stage"
		api.Stage, x.API, x.Request.Method = &tested, &api, "GET"
		if _, err := backend.NewLambdaProxy(f, nil).Invoke(t.Context(), x); (err == nil) != want {
			t.Errorf("permission for stage %s: error %v", stage, err)
		}
	}
}

func TestLambdaCheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*gateway.Method)
		want   string
	}{
		{"stage variable in the name (rule 39)", func(m *gateway.Method) {
			m.Integration.URI = strings.Replace(invokeURI, "orders", "${stageVariables.name}", 1)
			m.API.Stage.Variables = map[string]string{"name": "orders"}
		}, ""},
		{"unknown function", func(m *gateway.Method) { m.Integration.URI = strings.Replace(invokeURI, "orders", "others", 1) },
			"Integration.Uri: the function arn:aws:lambda:us-east-1:000000000000:function:others is not in the template; give it: --function others="},
		{"the caller's credentials", func(m *gateway.Method) { m.Integration.Credentials = "arn:aws:iam::*:user/*" }, "Integration.Credentials: "},
		{"no invocation", func(m *gateway.Method) {
			m.Integration.URI = "arn:aws:apigateway:us-east-1:lambda:action/ListFunctions"
		},
			"Integration.Uri: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := lambdaExchange("AWS", invokeURI).Method
			c.change(m)
			err := backend.NewLambda(&knownFunctions{function: &lambdahost.Function{ARN: functionARN}}, nil).Check(m)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("error %v", err)
			}
		})
	}
}

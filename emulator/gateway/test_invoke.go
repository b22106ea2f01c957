package gateway

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
)

// TestInvocation is a call of a method without a client, as TestInvokeMethod
// makes it: authorizers, API keys and throttling are left out, and the answer
// has no headers of the transport. See
// https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
type TestInvocation struct {
	Resource       string // its path, "/pets/{petId}"
	Method         string
	Path           string // below the stage, with the query; it need not fit the resource (rule 102). "": the resource's own path
	Header         Header
	Body           []byte
	StageVariables map[string]string
}

// What test invocations have in place of a stage and a client, as functions
// that log their events show it (unverified).
const (
	testStage  = "test-invoke-stage"
	testClient = "test-invoke-source-ip"
	testHost   = "testPrefix.testDomainName"
	testKey    = "test-invoke-api-key"
)

// TestInvoke calls a method. An error means that there is no such method.
func (g *Gateway) TestInvoke(ctx context.Context, t *TestInvocation) (*Response, error) {
	resource := g.api.resource(t.Resource)
	if resource == nil {
		return nil, fmt.Errorf("the API has no resource %s", t.Resource)
	}
	if (&node{resource: resource}).method(t.Method) == nil {
		return nil, fmt.Errorf("the resource %s has no method %s", t.Resource, t.Method)
	}
	path, query, _ := strings.Cut(cmp.Or(t.Path, t.Resource), "?")
	api, stage := *g.api, *g.api.Stage
	stage.Name, stage.Variables, stage.Canary = testStage, t.StageVariables, nil
	api.Stage = &stage
	x := g.newExchange(&Request{
		Method: cmp.Or(t.Method, http.MethodGet), Path: path, RawQuery: query, Header: t.Header, Body: t.Body,
		Host: testHost, RemoteAddr: testClient, Protocol: "HTTP/1.1",
	}, &api)
	x.test = t
	x.APIKey = &APIKey{ID: testKey + "-id", Value: testKey}
	g.answer(ctx, x)
	return x.Response, nil
}

// matchTest takes the method that the test names. The path gives parameters if
// it fits (rule 102).
func matchTest(x *Exchange) error {
	resource := x.API.resource(x.test.Resource)
	x.Method = (&node{resource: resource}).method(x.Request.Method)
	x.ResourcePath = x.Request.Path
	_, x.PathParameters = newRoutes([]*Resource{resource}).find(x.Request.Method, "/"+strings.TrimLeft(x.ResourcePath, "/"))
	return nil
}

// resource finds a resource by its path; nil for none.
func (a *API) resource(path string) *Resource {
	for _, r := range a.Resources {
		if r.Path == path {
			return r
		}
	}
	return nil
}

package gateway

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestAuthorization(t *testing.T) {
	tests := []struct {
		kind string
		want ResponseType
	}{
		{"NONE", ""}, {"", ""},
		{"AWS_IAM", MissingAuthenticationToken}, {"COGNITO_USER_POOLS", AccessDenied},
	}
	for _, test := range tests {
		t.Run(test.kind, func(t *testing.T) {
			x := newTestExchange(&Request{}, func(m *Method) { m.AuthorizationType = test.kind })
			wantFailure(t, methodRequest(context.Background(), x), test.want, "")
		})
	}
}

func TestUnservableSaysWhy(t *testing.T) {
	x := newTestExchange(&Request{}, func(m *Method) { m.Unservable = errors.New("no backend for <x>") })
	x.Failure = failureOf(methodRequest(context.Background(), x))
	gatewayResponse(x)
	if x.Response.StatusCode != 501 || !x.Response.Header.Has("X-Apigw-Unservable") {
		t.Errorf("got %d %v", x.Response.StatusCode, x.Response.Header)
	}
	if got := string(x.Response.Body); !matches("no backend for <x>", got) {
		t.Errorf("body %s does not say why", got)
	}
}

func TestMissingParameters(t *testing.T) {
	required := map[string]bool{
		"method.request.querystring.q": true, "method.request.header.x-b": true, "method.request.header.x-a": true,
		"method.request.path.id": true, "method.request.path.nope": true, "method.request.header.optional": false,
	}
	tests := []struct {
		name    string
		request Request
		want    string
	}{
		{"all", Request{}, "Missing required request parameters: [x-a, x-b, nope, q]"},
		{"blank counts as missing", Request{RawQuery: "q=+", Header: Header{{"x-a", "1"}, {"x-b", " "}}},
			"Missing required request parameters: [x-b, nope, q]"},
		{"names of headers without case", Request{RawQuery: "q=1", Header: Header{{"X-A", "1"}, {"X-B", "1"}}},
			"Missing required request parameters: [nope]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := newTestExchange(&test.request, func(m *Method) { m.RequestParameters, m.ValidateParams = required, true })
			wantFailure(t, methodRequest(context.Background(), x), BadRequestParameters, test.want)
		})
	}
	t.Run("not enforced without a validator", func(t *testing.T) {
		x := newTestExchange(&Request{}, func(m *Method) { m.RequestParameters = required })
		wantFailure(t, methodRequest(context.Background(), x), "", "")
	})
}

func TestBodyValidation(t *testing.T) {
	models, err := NewModels("api1", map[string]any{
		"Order": map[string]any{
			"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": []any{"id"},
			"properties": map[string]any{
				"id":   map[string]any{"type": "string", "pattern": "^(?!x)[a-z]+$"},
				"day":  map[string]any{"type": "string", "format": "date-time"},
				"item": map[string]any{"$ref": "https://apigateway.amazonaws.com/restapis/api1/models/Item"},
			},
		},
		"Item": map[string]any{
			"type": "object", "required": []any{"sku"},
			"properties": map[string]any{
				"sku": map[string]any{"type": "string"}, "parent": map[string]any{"$ref": "https://apigateway.amazonaws.com/restapis/api1/models/Order"},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	order, err := models.Model("Order")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, contentType, body string
		valid                   bool
	}{
		{"valid", "application/json", `{"id":"a"}`, true},
		{"parameters of the type do not count", "application/json; charset=utf-8", `{}`, false},
		{"no body is {}", "", "", false},
		{"no type is JSON", "", `{"id":"a"}`, true},
		{"not JSON", "application/json", `{`, false},
		{"type without model", "text/plain", `hello`, true},
		{"format is not enforced", "application/json", `{"id":"a","day":"never"}`, true},
		{"pattern with a look-ahead", "application/json", `{"id":"xa"}`, false},
		{"referred model", "application/json", `{"id":"a","item":{}}`, false},
		{"circular models", "application/json", `{"id":"a","item":{"sku":"s","parent":{"id":1}}}`, false},
		{"big number stays exact", "application/json", `{"id":"a","n":123456789012345678901234567890}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &Request{Body: []byte(test.body)}
			if test.contentType != "" {
				r.Header.Add("Content-Type", test.contentType)
			}
			x := newTestExchange(r, func(m *Method) {
				m.ValidateBody, m.RequestModels = true, map[string]*Model{"application/json": order}
			})
			want := BadRequestBody
			if test.valid {
				want = ""
			}
			wantFailure(t, methodRequest(context.Background(), x), want, "")
		})
	}
}

func TestModelsLoadNothing(t *testing.T) {
	models, err := NewModels("api1", map[string]any{"M": map[string]any{"$ref": "file:///etc/hostname"}})
	if err == nil {
		_, err = models.Model("M")
	}
	if err == nil {
		t.Error("a schema could refer to a file")
	}
}

func TestModelRefusesNumbersBeyondBounds(t *testing.T) {
	models, err := NewModels("api1", map[string]any{"Order": map[string]any{
		"type": "object",
		"properties": map[string]any{
			"unitPrice": map[string]any{"type": "number", "minimum": 0},
			"count":     map[string]any{"type": "integer"},
			"parts":     map[string]any{"type": "array", "uniqueItems": true},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	order, err := models.Model("Order")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		body  string
		valid bool
	}{
		{`{"unitPrice":1e5000000}`, false},
		{`{"unitPrice":1e-9999999}`, false},
		{`{"unitPrice":1E999999999}`, false},
		{`{"unitPrice":1e99999999999999999999}`, false},
		{`{"unitPrice":0.` + strings.Repeat("0", 2_000_000) + `1}`, false},
		{`{"count":1e5000000}`, false},
		{`{"parts":[1e5000000,{"a":[1e5000000]}]}`, false},
		{`{"unitPrice":1e308,"count":1E+2,"parts":[1e-308,-2.5]}`, true},
	} {
		t.Run(test.body[:min(len(test.body), 40)], func(t *testing.T) {
			x := newTestExchange(&Request{Body: []byte(test.body)}, func(m *Method) {
				m.ValidateBody, m.RequestModels = true, map[string]*Model{"application/json": order}
			})
			want := BadRequestBody
			if test.valid {
				want = ""
			}
			wantFailure(t, methodRequest(context.Background(), x), want, "")
		})
	}
}

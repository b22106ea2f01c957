package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func TestExamples(t *testing.T) {
	methods := func(path string, examples map[string]map[string]any) *gateway.Resource {
		resource := &gateway.Resource{Path: path, Methods: map[string]*gateway.Method{}}
		for verb, example := range examples {
			method := &gateway.Method{HTTPMethod: verb, Resource: resource, Integration: &gateway.Integration{}}
			if example != nil {
				method.Integration.Metadata = map[string]any{"apigw:example": example}
			}
			resource.Methods[verb] = method
		}
		return resource
	}
	api := &gateway.API{Resources: []*gateway.Resource{
		methods("/plain", map[string]map[string]any{"GET": nil, "OPTIONS": nil, "POST": nil, "DELETE": nil}),
		methods("/plain/{id}", map[string]map[string]any{"GET": nil}),
		methods("/any/{proxy+}", map[string]map[string]any{"ANY": {"path": "/any/1"}}),
		methods("/orders", map[string]map[string]any{"POST": {
			"path": "/orders?x=1", "headers": map[string]any{"X-B": "2", "Content-Type": "application/json"}, "body": "{}"}}),
		methods("/orders/{id}", map[string]map[string]any{"GET": {
			"path": "/orders/{id}", "take": "id", "first": map[string]any{"path": "/orders", "body": "{}"}}}),
		{Path: "/none", Methods: map[string]*gateway.Method{"PUT": {HTTPMethod: "PUT"}}},
	}}
	var got strings.Builder
	for _, c := range Examples(api) {
		fmt.Fprintf(&got, "%s:", c.Name)
		for _, step := range c.Steps {
			fmt.Fprintf(&got, " %d %s %s %v %q %v", step.Number, step.Verb, step.Argument, step.Header, step.Body, step.Captures)
		}
		fmt.Fprintln(&got)
	}
	want := `GET /plain: 1 request GET /plain [] "" []
OPTIONS /plain: 1 request OPTIONS /plain [] "" []
ANY /any/{proxy+}: 1 request GET /any/1 [] "" []
POST /orders: 1 request POST /orders?x=1 [{Content-Type application/json} {X-B 2}] "{}" []
GET /orders/{id}: 1 request POST /orders [] "{}" [{id body /id}] 2 request GET /orders/${id} [] "" []
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

package example

import (
	"encoding/json"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func TestBodyOfModel(t *testing.T) {
	for _, c := range []struct{ name, schema, want string }{
		{"members of each type", `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer","minimum":3},
			"c":{"type":"array","items":{"type":"number"}},"d":{"type":"boolean"},"e":{"enum":["x","y"]},"f":{"default":"z"},
			"g":{"type":"string","format":"date-time"},"h":{"type":"object"}}}`,
			`{"a":"text","b":3,"c":[1],"d":true,"e":"x","f":"z","g":"2026-11-24T05:40:00Z","h":{}}`},
		{"a choice", `{"oneOf":[{"type":"string"},{"type":"number"}]}`, `"text"`},
		{"a reference", `{"definitions":{"d":{"type":"boolean"}},"type":"array","items":{"$ref":"#/definitions/d"}}`, `[true]`},
		{"itself", `{"type":"object","properties":{"id":{"type":"integer"},"next":{"$ref":"#"}}}`,
			`{"id":1,"next":{"id":1,"next":{"id":1,"next":{"id":1,"next":{}}}}}`},
		{"anything", `{}`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var schema any
			if err := json.Unmarshal([]byte(c.schema), &schema); err != nil {
				t.Fatal(err)
			}
			models, err := gateway.NewModels("api", map[string]any{"M": schema})
			if err != nil {
				t.Fatal(err)
			}
			model, err := models.Model("M")
			if err != nil {
				t.Fatal(err)
			}
			m := &gateway.Method{
				HTTPMethod: "POST", Resource: &gateway.Resource{Path: "/a"}, RequestModels: map[string]*gateway.Model{"application/json": model},
			}
			r := Of(m)
			if r.Body != c.want || r.Headers["Content-Type"] != "application/json" {
				t.Errorf("got %s %v\nwant %s", r.Body, r.Headers, c.want)
			}
			if err := model.Validate([]byte(r.Body)); err != nil {
				t.Error(err)
			}
		})
	}
}

package gateway

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestBodyBombs are bodies and schemas that recurse, explode or never end. Each
// is refused, or is fine, soon.
func TestBodyBombs(t *testing.T) {
	const itself = "https://apigateway.amazonaws.com/restapis/a/models/M"
	nest := strings.Repeat
	for _, test := range []struct{ name, schema, body, want string }{
		{"deep body", `{}`, nest("[", 1_000_000), "exceeded max depth"},
		{"schema of itself", `{"$ref": "#"}`, `{}`, "reference cycle"},
		{"schema of itself by the model's URL", `{"allOf": [{"$ref": "` + itself + `"}]}`, `{}`, "reference cycle"},
		{"tree", `{"properties": {"a": {"$ref": "` + itself + `"}}}`, nest(`{"a":`, 5000) + "1" + nest("}", 5000), ""},
		{"schemas that multiply", `{"properties": {"a": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}}}`, nest(`{"a":`, 15) + "1" + nest("}", 15), ""},
		{"schemas that multiply without end", `{"properties": {"a": {"oneOf": [{"$ref": "#"}, {"$ref": "#"}]}}}`, nest(`{"a":`, 100) + "1" + nest("}", 100), "more than 1000000 times"},
		{"items that multiply without end", `{"items": {"allOf": [{"$ref": "#"}, {"not": {"$ref": "#"}}]}}`, nest("[", 100) + nest("]", 100), "more than 1000000 times"},
		{"definitions that multiply", doubling(40), "{}", "more than 1000000 times"},
		{"list of itself", `{"items": {"$ref": "#"}}`, "[" + nest("[1],", 100_000) + "1]", ""},
		{"huge exponent", `{"minimum": 1}`, "1e999999999", "out of bounds"},
		{"exponent that no integer holds", `{"type": "integer"}`, "1e99999999999999999999999", "out of bounds"},
		{"long number", `{"multipleOf": 3}`, nest("9", 1_000_000), "too long"},
		{"pattern that explodes", `{"pattern": "^(a+)+$"}`, `"` + nest("a", 60) + `!"`, "pattern"},
		{"one name many times", `{"properties": {"a": {"type": "string"}}}`, `{` + nest(`"a":1,`, 100_000) + `"a":"last"}`, ""},
		{"equal items", `{"uniqueItems": true}`, "[" + nest(`{"a":1},`, 20_000) + "2]", "equal"},
	} {
		t.Run(test.name, func(t *testing.T) {
			models, err := NewModels("a", map[string]any{"M": decoded(t, test.schema)})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			m, err := models.Model("M")
			if err == nil {
				err = m.Validate([]byte(test.body))
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %.200v, want %s", err, test.want)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// doubling is a schema whose definitions refer twice to the next of n.
func doubling(n int) string {
	text := `{"$ref": "#/definitions/d0", "definitions": {`
	for i := range n {
		text += fmt.Sprintf(`"d%d": {"allOf": [{"$ref": "#/definitions/d%[2]d"}, {"$ref": "#/definitions/d%[2]d"}]}, `, i, i+1)
	}
	return text + fmt.Sprintf(`"d%d": {}}}`, n)
}

package gateway

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestValidationText(t *testing.T) {
	for _, test := range []struct{ name, schema, body, want string }{
		{"required, sorted", `{"required": ["b", "a"]}`, `{}`, `object has missing required properties (["a","b"])`},
		{"additional", `{"additionalProperties": false}`, `{"a\"b": 1}`, `object instance has properties which are not allowed by the schema: ["a\"b"]`},
		{"several of one value", `{"additionalProperties": false, "required": ["id"]}`, `{"a": 1}`,
			`object instance has properties which are not allowed by the schema: ["a"], object has missing required properties (["id"])`},
		{"a value before those within", `{"required": ["z"], "properties": {"a": {"type": "string"}}}`, `{"a": 1}`,
			`object has missing required properties (["z"]), instance type (integer) does not match any allowed primitive type (allowed: ["string"])`},
		{"type", `{"type": "number"}`, `"x"`, `instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])`},
		{"types", `{"type": ["string", "null"]}`, `1.5`, `instance type (number) does not match any allowed primitive type (allowed: ["null","string"])`},
		{"enum", `{"enum": ["a", 2]}`, `"<b>"`, `instance value ("<b>") not found in enum (possible values: ["a",2])`},
		{"pattern", `{"pattern": "^[a-z]+$"}`, `"A"`, `ECMA 262 regex "^[a-z]+$" does not match input string "A"`},
		{"short", `{"minLength": 3}`, `"ab"`, `string "ab" is too short (length: 2, required minimum: 3)`},
		{"long", `{"maxLength": 1}`, `"ab"`, `string "ab" is too long (length: 2, maximum allowed: 1)`},
		{"minimum", `{"minimum": 25}`, `10.0`, `numeric instance is lower than the required minimum (minimum: 25, found: 10.0)`},
		{"maximum", `{"maximum": 0.5}`, `1`, `numeric instance is greater than the required maximum (maximum: 0.5, found: 1)`},
		{"exclusive minimum", `{"minimum": 0, "exclusiveMinimum": true}`, `0`, `numeric instance is not strictly greater than the required minimum 0`},
		{"exclusive maximum", `{"maximum": 9, "exclusiveMaximum": true}`, `9`, `numeric instance is not strictly lower than the required maximum 9`},
		{"multiple", `{"multipleOf": 10}`, `15`, `remainder of division is not zero (15 / 10)`},
		{"few items", `{"minItems": 1}`, `[]`, `array is too short: must have at least 1 elements but instance has 0 elements`},
		{"many items", `{"maxItems": 1}`, `[1, 2]`, `array is too long: must have at most 1 elements but instance has 2 elements`},
		{"unique", `{"uniqueItems": true}`, `[1, 1]`, `array must not contain duplicate elements`},
		{"few properties", `{"minProperties": 1}`, `{}`, `object has too few properties (found 0 but schema requires at least 1)`},
		{"many properties", `{"maxProperties": 1}`, `{"a": 1, "b": 2}`, `object has too many properties (found 2 but schema requires at most 1)`},
		{"not", `{"not": {"type": "string"}}`, `"x"`, `instance matched a schema which it should not have`},
		{"any of", `{"anyOf": [{"type": "string"}, {"type": "null"}]}`, `1`, `instance failed to match at least one required schema among 2`},
		{"one of", `{"oneOf": [{"type": "string"}, {"type": "null"}]}`, `1`, `instance failed to match exactly one schema (matched 0 out of 2)`},
		{"all of", `{"allOf": [{"type": "integer"}, {"minimum": 5}]}`, `1`, `numeric instance is lower than the required minimum (minimum: 5, found: 1)`},
		{"an element", `{"items": {"required": ["id"]}}`, `[{"id": 1}, {}]`, `object has missing required properties (["id"])`},
		{"a dependency", `{"dependencies": {"a": ["b"]}}`, `{"a": 1}`, `property "a" of object has missing property dependencies (missing: ["b"])`},
	} {
		t.Run(test.name, func(t *testing.T) {
			models, err := NewModels("a", map[string]any{"M": decoded(t, test.schema)})
			if err != nil {
				t.Fatal(err)
			}
			m, err := models.Model("M")
			if err != nil {
				t.Fatal(err)
			}
			if got := validationText(m.Validate([]byte(test.body))); got != "["+test.want+"]" {
				t.Errorf("got %s", got)
			}
		})
	}
}

func decoded(t *testing.T, text string) any {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestValidationErrorStandsInJSON(t *testing.T) {
	if got, want := insideQuotes(`["a\b"]`), `[\"a\\b\"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

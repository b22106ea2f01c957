package gateway

import "testing"

func TestValidationErrorStandsInJSON(t *testing.T) {
	models, err := NewModels("a", map[string]any{"M": map[string]any{"type": "object", "additionalProperties": false, "required": []any{"id"}, "properties": map[string]any{"id": map[string]any{}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ body, want string }{
		{`{}`, `[at '': missing property 'id']`},
		{`{"id":1,"a\"b":2}`, `[at '': additional properties 'a\"b' not allowed]`},
		{`{"a":1}`, `[at '': missing property 'id', at '': additional properties 'a' not allowed]`},
	} {
		t.Run(test.body, func(t *testing.T) {
			m, err := models.Model("M")
			if err != nil {
				t.Fatal(err)
			}
			if got := validationText(m.Validate([]byte(test.body))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

package cfn

import (
	"reflect"
	"testing"
)

const typed = `
Resources:
  R:
    Type: T
    Properties:
      Text: a
      Number: 30
      NumberText: "30"
      Half: 0.5
      Flag: true
      FlagText: "false"
      List: [a, 1]
      Map: {method.request.path.id: true}
      Deep: [{Name: x}]
      Missing: !Ref Nowhere
`

func TestAccessors(t *testing.T) {
	r := loadText(t, typed, Options{}).Resources()[0]
	tests := []struct {
		name      string
		got, want any
	}{
		{"text", r.String("Text"), "a"},
		{"number as text", r.String("Number"), "30"},
		{"boolean as text", r.String("Flag"), "true"},
		{"number", r.Int("Number"), 30},
		{"text as number", r.Int("NumberText"), 30},
		{"fraction", r.Float("Half"), 0.5},
		{"boolean", r.Bool("Flag"), true},
		{"text as boolean", r.Bool("FlagText"), false},
		{"list of texts", r.Strings("List"), []string{"a", "1"}},
		{"keys with dots", r.StringMap("Map"), map[string]string{"method.request.path.id": "true"}},
		{"item of a list", r.String("Deep.0.Name"), "x"},
		{"item out of range", r.String("Deep.1.Name"), ""},
		{"below a text", r.Value("Text.x"), nil},
		{"missing", r.String("Nothing"), ""},
		{"there", r.Has("Text"), true},
		{"not there", r.Has("Nothing"), false},
		{"unresolved", r.String("Missing"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !reflect.DeepEqual(test.got, test.want) {
				t.Errorf("got %#v, want %#v", test.got, test.want)
			}
		})
	}
	if len(r.Problems) != 1 {
		t.Errorf("only the unresolved value is a problem, got %v", r.Problems)
	}
}

func TestAccessorProblems(t *testing.T) {
	tests := []struct {
		name string
		read func(*Resource)
		want string
	}{
		{"list as text", func(r *Resource) { r.String("List") }, "Test/R/List: the property is a list where a string is needed"},
		{"text as number", func(r *Resource) { r.Int("Text") }, "Test/R/Text: the property is a string where a whole number is needed"},
		{"fraction as whole number", func(r *Resource) { r.Int("Half") }, "Test/R/Half: the property is a number where a whole number is needed"},
		{"text as fraction", func(r *Resource) { r.Float("Text") }, "Test/R/Text: the property is a string where a number is needed"},
		{"text as boolean", func(r *Resource) { r.Bool("Text") }, "Test/R/Text: the property is a string where a boolean is needed"},
		{"text as map", func(r *Resource) { r.Map("Text") }, "Test/R/Text: the property is a string where an object is needed"},
		{"map as list", func(r *Resource) { r.List("Map") }, "Test/R/Map: the property is an object where a list is needed"},
		{"noted once", func(r *Resource) { r.List("Map"); r.List("Map") }, "Test/R/Map: the property is an object where a list is needed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := loadText(t, typed, Options{}).Resources()[0]
			r.Problems = nil
			test.read(r)
			if got := r.Problems.Error(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

package document

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Value is a value in a document. A value that is absent, or whose parent already is at fault, notes no faults: each
// cause is reported once.
type Value struct {
	document *Document
	pointer  string
	raw      any
	present  bool
}

// Present tells whether the document holds the value.
func (v Value) Present() bool { return v.present }

// Fault notes what is wrong with the value.
func (v Value) Fault(format string, args ...any) {
	if v.present {
		v.document.faults.add(v.pointer, format, args...)
	}
}

// Object is a value that ought to be an object with known members.
type Object struct {
	value   Value
	members members
	valid   bool
}

// Object reads an object that may hold the known members only.
func (v Value) Object(known ...string) Object {
	object, ok := v.raw.(members)
	if !ok {
		v.Fault("must be an object")
		return Object{value: v}
	}
	seen := map[string]int{}
	for _, m := range object {
		at := Value{v.document, child(v.pointer, m.name), m.value, true}
		switch seen[m.name]++; {
		case !slices.Contains(known, m.name) && seen[m.name] == 1:
			at.Fault("is not a known member")
		case seen[m.name] == 2:
			at.Fault("is given more than once")
		}
	}
	return Object{v, object, true}
}

// Optional returns a member, which need not be there.
func (o Object) Optional(name string) Value {
	at := Value{document: o.value.document, pointer: child(o.value.pointer, name)}
	for _, m := range o.members {
		if m.name == name {
			at.raw, at.present = m.value, true
			break
		}
	}
	return at
}

// Required returns a member, and notes it if it is missing.
func (o Object) Required(name string) Value {
	at := o.Optional(name)
	if !at.present && o.valid {
		o.value.document.faults.add(at.pointer, "is required")
	}
	return at
}

// Array reads an array of least to most elements. Elements beyond are not looked at.
func (v Value) Array(least, most int) []Value {
	array, ok := v.raw.([]any)
	switch {
	case !ok:
		v.Fault("must be an array")
		return nil
	case len(array) < least || len(array) > most:
		v.Fault("must hold %d to %d elements", least, most)
		array = array[:min(len(array), most)]
	}
	values := make([]Value, len(array))
	for i, raw := range array {
		values[i] = Value{v.document, child(v.pointer, strconv.Itoa(i)), raw, true}
	}
	return values
}

// Text reads a string of least to most characters, all of which XML 1.0 can carry too.
func (v Value) Text(least, most int) string {
	text, ok := v.raw.(string)
	n := utf8.RuneCountInString(text)
	switch {
	case !ok:
		v.Fault("must be a string")
	case n < least || n > most:
		v.Fault("must be %d to %d characters long", least, most)
	case controls.MatchString(text):
		v.Fault("must not contain control characters other than tab and line break")
	default:
		return text
	}
	return ""
}

var controls = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]`)

// Match reads a string of the given form; rule tells the client about it.
func (v Value) Match(form *regexp.Regexp, rule string) string {
	text, ok := v.raw.(string)
	switch {
	case !ok:
		v.Fault("must be a string")
	case !form.MatchString(text):
		v.Fault("%s", rule)
	default:
		return text
	}
	return ""
}

// Number returns the text of a JSON number. ok is false for any other value, which is not yet a fault.
func (v Value) Number() (text string, ok bool) {
	number, ok := v.raw.(json.Number)
	return number.String(), ok
}

// String returns the text of a JSON string. ok is false for any other value, which is not yet a fault.
func (v Value) String() (text string, ok bool) {
	text, ok = v.raw.(string)
	return text, ok
}

package lint

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// variation is how an input differs from the ordinary one, in one field. The
// zero value is the ordinary input.
type variation struct {
	field   *field
	change  change
	hostile string // what a text has in its middle
	size    int    // how many elements a list has

	given *field // whose value is given, so that a branch is taken; nil for none
	value string
}

// change is what happens to a field.
type change int

const (
	ordinary  change = iota
	absent           // the field is not there
	null             // it is JSON's null
	hostile          // its text has a character that JSON must escape
	emptied          // its text is ""
	unlike           // it is a text where the template prints a number
	sized            // it is a list of another size
	alone            // its neighbours are not there
	laterGone        // it is absent from all elements but the first
	replaced         // the body is a text that is no JSON
)

// hostileTexts are what clients write, each on its own so that a finding names
// the one that breaks the output.
var hostileTexts = []string{"'", `"`, `\`, "\n", furtherParameter}

// furtherParameter is one of a form.
const furtherParameter = "&x="

// changes are what can be done to a field, in the order of trial.
func (f *field) changes(in *input) []variation {
	var all []variation
	add := func(c change) { all = append(all, variation{field: f, change: c}) }
	if f.parent == in.context || f.parent.parent == in.context && f.parent.name != "authorizer" && f.name != "userAgent" {
		return nil // the service makes these
	}
	root := f.root()
	if f.isLeaf() && f.name != "N" { // a number, by DynamoDB's word
		if f.isNumber {
			add(unlike)
		} else {
			add(emptied)
			for _, text := range hostileTexts {
				if root == in.body || text == "'" || text == furtherParameter || text == `"` && root != in.path {
					all = append(all, variation{field: f, change: hostile, hostile: text})
				}
			}
		}
	}
	if f.element != nil {
		for _, size := range []int{0, 1, 3} {
			all = append(all, variation{field: f, change: sized, size: size})
		}
	}
	if f.name == "" || root == in.path || root == in.context || f.isTypeTag() { // it is always there
		return all
	}
	add(absent)
	if root == in.body {
		add(null)
	}
	if len(f.parent.members) > 1 {
		add(alone)
	}
	if f.inList() {
		add(laterGone)
	}
	return all
}

func (f *field) root() *field {
	for f.parent != nil {
		f = f.parent
	}
	return f
}

// isTypeTag says whether it is what DynamoDB gives a value's type by: {"S": "text"}.
func (f *field) isTypeTag() bool {
	return len(f.parent.members) == 1 && slices.Contains([]string{"S", "N", "B", "M", "L", "BOOL", "SS", "NS", "BS", "NULL"}, f.name)
}

func (f *field) inList() bool {
	for p := f.parent; p != nil; p = p.parent {
		if p.name == "" && p.parent != nil {
			return true
		}
	}
	return false
}

// String says what is sent, for people.
func (v variation) String() string {
	text := v.changed()
	if v.given != nil {
		return fmt.Sprintf("%s, and %q for %s", text, v.value, v.given.path())
	}
	return text
}

func (v variation) changed() string {
	switch v.change {
	case absent:
		return "without " + v.field.path()
	case null:
		return "with null for " + v.field.path()
	case hostile:
		return "with " + nameOf[v.hostile] + " in " + v.field.path()
	case emptied:
		return "with an empty text for " + v.field.path()
	case unlike:
		return "with a text for " + v.field.path()
	case sized:
		return fmt.Sprintf("with %d elements in %s", v.size, v.field.path())
	case alone:
		return "with " + v.field.path() + " and nothing else beside it"
	case laterGone:
		return "without " + v.field.path() + " in the second element"
	case replaced:
		return "with a body that is no JSON"
	}
	return "with ordinary input"
}

var nameOf = map[string]string{"'": "an apostrophe", `"`: "a quotation mark", `\`: "a backslash", "\n": "a line break", furtherParameter: "an ampersand"}

// isAbsent says whether the varied input leaves a field out of the n-th element.
func (v variation) isAbsent(f *field, n int) bool {
	switch v.change {
	case absent:
		return f == v.field
	case laterGone:
		return f == v.field && n > 0
	case alone:
		return f != v.field && f.parent == v.field.parent
	}
	return false
}

// text is a field's value as a parameter or in $context.
func (v variation) text(f *field, n int) string {
	text := f.sample + strconv.Itoa(n)
	switch {
	case f == v.given:
		text = v.value
	case f.isNumber:
		text = strconv.Itoa(n + 1)
	}
	if f == v.field {
		switch v.change {
		case hostile:
			text += v.hostile + "x"
		case emptied:
			text = ""
		case unlike:
			text += " x"
		}
	}
	return f.encoded(text)
}

// encoded is a text of the field as the template expects it.
func (f *field) encoded(text string) string {
	if f.isBase64 {
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}

// appendJSON appends a field's value as JSON; n is the index of the element that
// it is in.
func (v variation) appendJSON(b []byte, f *field, n int) []byte {
	if f == v.field && v.change == null {
		return append(b, "null"...)
	}
	switch {
	case f.parsed != nil:
		return append(b, vtl.JSON(f.encoded(string(v.appendJSON(nil, f.parsed, n))))...)
	case f.element != nil:
		size := 2
		if f == v.field && v.change == sized {
			size = v.size
		}
		b = append(b, '[')
		for i := range size {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.appendJSON(b, f.element, i)
		}
		return append(b, ']')
	case len(f.members) > 0 || f.entry != nil:
		return v.appendObject(b, f, n)
	case f.isNumber && (f != v.field || v.change != unlike):
		return strconv.AppendInt(b, int64(n+1), 10)
	case f == v.given && (v.value == "true" || v.value == "false"):
		return append(b, v.value...)
	}
	return append(b, vtl.JSON(v.text(f, n))...)
}

func (v variation) appendObject(b []byte, f *field, n int) []byte {
	b = append(b, '{')
	first := len(b)
	member := func(name string, value *field, n int) {
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(append(b, vtl.JSON(name)...), ':')
		b = v.appendJSON(b, value, n)
	}
	for _, m := range f.members {
		if !v.isAbsent(m, n) {
			member(m.name, m, n)
		}
	}
	if f.entry != nil {
		member("key1", f.entry, 0)
		member("key2", f.entry, 1)
	}
	return append(b, '}')
}

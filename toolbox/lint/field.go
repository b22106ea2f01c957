package lint

import (
	"slices"
	"strings"
)

// field is a value of the input that a template reads: of the body, of a
// parameter, of $context. What it is follows from how it is read.
type field struct {
	name    string // "items"; what a root is called, "$"
	parent  *field // nil of a root
	members []*field
	element *field   // of a list
	entry   *field   // the value of any key, of a map whose keys the template lists
	parsed  *field   // what its text is as JSON
	values  []string // constants that it is compared with

	sample   string // its text in ordinary input
	isNumber bool   // in ordinary input
	isBase64 bool   // the template decodes it
}

// path is how people write it: "$.items[*].name", "header X-Name".
func (f *field) path() string {
	switch {
	case f.parent == nil:
		return f.name
	case f.name == "":
		return f.parent.path() + "[*]"
	case f.parent.parent == nil && f.parent.name != "$" && f.parent.name != "$context":
		return f.parent.name + " " + f.name
	}
	return f.parent.path() + "." + f.name
}

// member is the field of that name within f.
func (f *field) member(name string) *field {
	for _, m := range f.members {
		if m.name == name {
			return m
		}
	}
	m := &field{name: name, parent: f}
	f.members = append(f.members, m)
	return m
}

// within is a field that has no name of its own in f.
func (f *field) within(place **field, name string) *field {
	if *place == nil {
		*place = &field{name: name, parent: f}
	}
	return *place
}

func (f *field) elements() *field { return f.within(&f.element, "") }
func (f *field) entries() *field  { return f.within(&f.entry, "") }
func (f *field) asJSON() *field   { return f.within(&f.parsed, "(JSON)") }

// isLeaf says whether the template takes it as a whole.
func (f *field) isLeaf() bool {
	return len(f.members) == 0 && f.element == nil && f.entry == nil && f.parsed == nil
}

// each visits f and all within it.
func (f *field) each(visit func(*field)) {
	visit(f)
	for _, m := range f.members {
		m.each(visit)
	}
	for _, m := range []*field{f.element, f.entry, f.parsed} {
		if m != nil {
			m.each(visit)
		}
	}
}

// compared notes a constant that the template compares the field with.
func (f *field) compared(value string) {
	if value != "" && !slices.Contains(f.values, value) {
		f.values = append(f.values, value)
	}
}

// at follows a JSONPath from f as far as it says names; spread says that it is
// a list of what it leads to.
func (f *field) at(path string) (to *field, spread bool) {
	to = f
	path = strings.TrimPrefix(path, "$")
	for path != "" {
		name, rest, isName := nextOfPath(path)
		switch {
		case isName:
			to = to.member(name)
		case name == "*" || strings.HasPrefix(name, "?") || strings.ContainsAny(name, ",:"):
			to, spread = to.elements(), true
		case isIndex(name):
			to = to.elements()
		default: // a path that seeks
			return to.member(name), true
		}
		path = rest
	}
	return to, spread
}

// nextOfPath cuts the first step off a JSONPath; isName is false for what
// stands in brackets without quotes.
func nextOfPath(path string) (name, rest string, isName bool) {
	switch {
	case strings.HasPrefix(path, ".."):
		name, rest, _ = nextOfPath(path[1:])
		return name, rest, false
	case path[0] == '[':
		end := strings.IndexByte(path, ']')
		if end < 0 {
			return path[1:], "", false
		}
		name, rest = path[1:end], path[end+1:]
		if unquoted := strings.Trim(name, `'"`); unquoted != name {
			return unquoted, rest, true
		}
		return name, rest, false
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	if end == 0 { // malformed
		return path, "", true
	}
	return path[:end], path[end:], path[:end] != "*"
}

func isIndex(text string) bool {
	return text != "" && strings.Trim(text, "0123456789-") == ""
}

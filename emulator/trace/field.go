package trace

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Field is one name and value.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Fields print as Java prints a map, {a=1, b=2}; values of equal names are
// joined (unverified).
type Fields []Field

// String is the map as the execution log has it.
func (all Fields) String() string { return javaMap(all) }

// Header are fields whose secrets nobody is shown.
type Header []Field

// String is the map as the execution log has it, secrets masked.
func (h Header) String() string { return javaMap(h.Masked()) }

// MarshalJSON lists the fields, secrets masked.
func (h Header) MarshalJSON() ([]byte, error) { return json.Marshal(h.Masked()) }

// Masked is a copy in which the values of secret headers are masked.
func (h Header) Masked() Fields {
	all := make(Fields, len(h))
	for i, f := range h {
		if isSecret(f.Name) {
			f.Value = masked(f.Value)
		}
		all[i] = f
	}
	return all
}

// Get is the last value of a name, in whatever case; "" when there is none.
func (h Header) Get(name string) string {
	for i := len(h) - 1; i >= 0; i-- {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

func (h Header) size() int {
	size := 0
	for _, f := range h {
		size += 32 + len(f.Name) + len(f.Value)
	}
	return size
}

func javaMap(fields []Field) string {
	var order []string
	values := map[string][]string{}
	for _, f := range fields {
		if values[f.Name] == nil {
			order = append(order, f.Name)
		}
		values[f.Name] = append(values[f.Name], f.Value)
	}
	for i, name := range order {
		order[i] = name + "=" + strings.Join(values[name], ",")
	}
	return "{" + strings.Join(order, ", ") + "}"
}

// Body is a payload. It prints as text.
type Body []byte

// String is the body as the execution log has it.
func (b Body) String() string {
	if !utf8.Valid(b) {
		return "[Binary Data]"
	}
	return string(b)
}

// MarshalJSON is the body as the execution log has it.
func (b Body) MarshalJSON() ([]byte, error) { return json.Marshal(b.String()) }

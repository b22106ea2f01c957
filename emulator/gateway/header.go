package gateway

import (
	"fmt"
	"slices"
	"strings"
)

// Field is one header line, its name spelled as it came over the wire.
type Field struct{ Name, Value string }

// Header is an ordered list of header lines. Names compare without case, but
// keep their spelling and order, because the service shows both to functions
// and templates (rule 13).
type Header []Field

// Get returns the last value of name, "" when absent (rule 107: the last wins).
func (h Header) Get(name string) string {
	for i := len(h) - 1; i >= 0; i-- {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Has says whether name occurs.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Values returns all values of name, in order.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Add appends a line.
func (h *Header) Add(name, value string) { *h = append(*h, Field{name, value}) }

// Set replaces all lines of name by one, at the place of the first.
func (h *Header) Set(name, value string) {
	first := slices.IndexFunc(*h, named(name))
	if first < 0 {
		h.Add(name, value)
		return
	}
	(*h)[first] = Field{name, value}
	rest := slices.DeleteFunc((*h)[first+1:], named(name))
	*h = (*h)[:first+1+len(rest)]
}

// Del removes all lines of name.
func (h *Header) Del(name string) { *h = slices.DeleteFunc(*h, named(name)) }

// named finds the lines of name.
func named(name string) func(Field) bool {
	return func(f Field) bool { return strings.EqualFold(f.Name, name) }
}

// Clone returns a copy that can be changed apart from h.
func (h Header) Clone() Header { return append(Header(nil), h...) }

// checked refuses a line that would be more than one, or none, once it is sent:
// values come from clients, names from templates.
func (h Header) checked() error {
	for _, f := range h {
		switch {
		case !isToken(f.Name):
			return fmt.Errorf("%q can't be the name of a header", f.Name)
		case !validValue(f.Value):
			return fmt.Errorf("header %s: a value can't have line breaks or other controls", f.Name)
		}
	}
	return nil
}

// overrideMethod takes the method that X-HTTP-Method-Override names, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
func (r *Request) overrideMethod() {
	method := strings.ToUpper(r.Header.Get("X-HTTP-Method-Override"))
	if method != "ANY" && slices.Contains(httpMethods, method) {
		r.Method = method
	}
}

// normalised returns h with the two names respelled that the service shows in
// one spelling however the client wrote them; all others stay (rule 13).
func (h Header) normalised() Header {
	respelled := h.Clone()
	for i, f := range respelled {
		for _, name := range [...]string{"Authorization", "User-Agent"} {
			if strings.EqualFold(f.Name, name) {
				respelled[i].Name = name
			}
		}
	}
	return respelled
}

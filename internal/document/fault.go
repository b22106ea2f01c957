package document

import (
	"fmt"
	"net/url"
	"strings"
)

// MaxFaults bounds a report: a hostile document could otherwise ask for an answer much larger than itself.
const MaxFaults = 500

// Fault says what is wrong with one value of a document.
type Fault struct {
	// Pointer is a JSON pointer in its URI fragment form (RFC 6901, section 6), "#/items/0/quantity".
	Pointer string `json:"pointer"`
	// Detail completes the sentence that the pointer begins: "must be a string".
	Detail string `json:"detail"`
}

func (f Fault) Error() string { return f.Pointer + " " + f.Detail }

// Faults are all faults of a document, in the order in which they were found.
type Faults []Fault

func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, fault := range f {
		texts[i] = fault.Error()
	}
	return strings.Join(texts, "; ")
}

// add notes a fault; the one behind the last that fits says that there are more.
func (f *Faults) add(pointer, format string, args ...any) {
	switch {
	case len(*f) < MaxFaults:
		*f = append(*f, Fault{pointer, fmt.Sprintf(format, args...)})
	case len(*f) == MaxFaults:
		*f = append(*f, Fault{"#", "has further faults, which are not listed"})
	}
}

// Malformed is the error for text that is no JSON document at all.
type Malformed struct{ Reason string }

func (m *Malformed) Error() string { return "body is not well-formed JSON: " + m.Reason }

var token = strings.NewReplacer("~", "~0", "/", "~1")

// child appends a member's name to a pointer. A name too long for any member is cut: it only has to be recognised.
func child(pointer, name string) string {
	if runes := []rune(name); len(runes) > 64 {
		name = string(runes[:64]) + "…"
	}
	return pointer + "/" + (&url.URL{Fragment: token.Replace(name)}).EscapedFragment()
}

package cfn

import (
	"fmt"
	"strings"
)

// Problem is one thing in a template that can't be served as it stands.
type Problem struct {
	Stack     string
	LogicalID string // "" when the template itself is meant
	Property  string // path with dots: "Integration.Uri"; "" for the whole resource
	Message   string
	Hint      string // what to do; "" when the message says it
}

// Error gives place, message and hint in one line.
func (p Problem) Error() string {
	var place []string
	for _, part := range []string{p.Stack, p.LogicalID, p.Property} {
		if part != "" {
			place = append(place, part)
		}
	}
	text := p.Message
	if len(place) > 0 {
		text = strings.Join(place, "/") + ": " + text
	}
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}

// Problems are reported all at once.
type Problems []Problem

// Error gives one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// add appends p unless it is there already: two readers of one property find
// the same fault.
func (ps *Problems) add(p Problem) {
	for _, known := range *ps {
		if known == p {
			return
		}
	}
	*ps = append(*ps, p)
}

// Unresolved stands in Properties for a value that could not be resolved.
type Unresolved struct{ Reason Problem }

// String shows that the value is missing; it is never sent anywhere.
func (u Unresolved) String() string { return fmt.Sprintf("<unresolved: %s>", u.Reason.Message) }

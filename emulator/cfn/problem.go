package cfn

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing in a template that can't be served as it stands.
type Problem struct {
	Place     string `json:"place,omitempty"` // "file:line:column"; "" when not known
	Stack     string `json:"stack,omitempty"`
	LogicalID string `json:"resource,omitempty"` // "" when the template itself is meant
	Property  string `json:"property,omitempty"` // path with dots: "Integration.Uri"; "" for the whole resource
	Message   string `json:"message"`
	Hint      string `json:"hint,omitempty"` // what to do; "" when the message says it
	Effect    Effect `json:"effect"`
}

// Effect is what a problem means for requests.
type Effect int

// The effects. Only the first keeps requests from being served.
const (
	Unserved  Effect = iota // what the problem names can't be served
	NoBackend               // it is served, and answered as when its backend fails
	Ignored                 // it is served without what the problem names
)

// effects are their names in JSON.
var effects = []string{"unserved", "noBackend", "ignored"}

// MarshalText gives the effect's name.
func (e Effect) MarshalText() ([]byte, error) { return []byte(effects[e]), nil }

// UnmarshalText reads the effect's name.
func (e *Effect) UnmarshalText(text []byte) error {
	*e = Effect(slices.Index(effects, string(text)))
	if *e < 0 {
		return fmt.Errorf("there is no effect %q", text)
	}
	return nil
}

// Error gives places, message and hint in one line.
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
	if p.Place != "" {
		text = p.Place + ": " + text
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

// With gives the problems with another effect.
func (ps Problems) With(effect Effect) Problems {
	changed := slices.Clone(ps)
	for i := range changed {
		changed[i].Effect = effect
	}
	return changed
}

// Of gives the problems with this effect.
func (ps Problems) Of(effect Effect) Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Effect != effect })
}

// Unique leaves out what is said a second time.
func (ps Problems) Unique() Problems {
	seen := map[Problem]bool{}
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool {
		known := seen[p]
		seen[p] = true
		return known
	})
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

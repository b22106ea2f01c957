package vtl

import (
	"errors"
	"fmt"
)

// position is a place in a template; both count from 1, columns in characters.
type position struct{ line, column int }

// Error says what is wrong with a template, and where.
type Error struct {
	Name         string // of the template
	Line, Column int
	Message      string
	Hint         string // what to write instead; may be ""
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.Name, e.Line, e.Column, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// failure is an error whose place is known but not yet the template's name.
type failure struct {
	at            position
	message, hint string
}

func (f *failure) Error() string { return f.message }

// at gives err the place p, unless it has one or only ends the rendering.
func at(p position, err error) error {
	if err == nil {
		return nil
	}
	var f *failure
	var s *stop
	if errors.As(err, &f) || errors.As(err, &s) {
		return err
	}
	return &failure{at: p, message: err.Error()}
}

// located turns any error into an *Error of the named template.
func (u *unit) located(err error) *Error {
	var f *failure
	if errors.As(err, &f) {
		return &Error{u.name, f.at.line, f.at.column, f.message, f.hint}
	}
	return &Error{Name: u.name, Line: 1, Column: 1, Message: err.Error()}
}

// stop ends a rendering early, up to whom it is for.
type stop struct {
	nearest bool  // #break: whoever comes first
	loop    *loop // #break($foreach); nil with !nearest means #stop
}

func (*stop) Error() string { return "stopped" }

// stops says whether err ends at a template (l nil) or at the loop l.
func stops(err error, l *loop) bool {
	s, ok := err.(*stop)
	if !ok {
		return false
	}
	return s.nearest || s.loop == l
}

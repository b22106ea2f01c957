package vtl

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Origin tells of a part of the output where in the template it comes from.
type Origin struct {
	Start, End   int // offsets into the output, in bytes; equal when nothing was printed
	Line, Column int
	Reference    string // as written; "" of the template's own text

	places []textPlace
}

// textPlace is where in the template a text goes on from an offset: what stands
// between two parts of it, such as a comment, is not printed.
type textPlace struct {
	offset int
	at     position
}

// At is the place in the template of an offset into the output, which lies
// within the part; of all that a reference prints it is the reference's.
func (o *Origin) At(output string, offset int) (line, column int) {
	if len(o.places) == 0 {
		return o.Line, o.Column
	}
	next, _ := slices.BinarySearchFunc(o.places, offset-o.Start+1, func(p textPlace, n int) int { return cmp.Compare(p.offset, n) })
	place := o.places[next-1]
	before, at := output[o.Start+place.offset:offset], place.at
	if n := strings.Count(before, "\n"); n > 0 {
		return at.line + n, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	}
	return at.line, at.column + utf8.RuneCountInString(before)
}

// NoMethod is a call of a method that there is not: its result is null.
type NoMethod struct {
	Line, Column int
	Name         string
	Class        string // Java's, of what it was called on; "$input" of a value of the host
}

// wrote tells that a statement has printed what is in out from start on. What is
// rendered aside, for a #set perhaps, is no output yet.
func (o *observer) wrote(s *statement, out []byte, start int) {
	if o.aside > 0 || len(o.Origins) >= MaxOrigins {
		return
	}
	origin := Origin{Start: start, End: len(out)}
	switch n := s.node.(type) {
	case verbatim:
		if start == len(out) || len(s.places) == 0 {
			return
		}
		origin.places = s.places
		origin.Line, origin.Column = s.places[0].at.line, s.places[0].at.column
	case *reference:
		origin.Line, origin.Column, origin.Reference = n.at.line, n.at.column, n.literal
	default:
		return
	}
	o.Origins = append(o.Origins, origin)
}

// called tells of a method call whose result was null.
func (o *observer) called(c *call, receiver Value, args []Value) {
	class := className(receiver)
	exists := c.methods.has(receiver, args)
	switch r := receiver.(type) {
	case Object:
		class = r.String()
		_, exists, _ = r.Method(c.name, args)
	case Class:
		return
	}
	missing := NoMethod{c.at.line, c.at.column, c.name, class}
	if !exists && !slices.Contains(o.NoMethods, missing) {
		o.NoMethods = append(o.NoMethods, missing)
	}
}

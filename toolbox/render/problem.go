package render

import (
	"fmt"
	"strings"
)

// Problem is what is wrong with a template, and where. Lines and columns count
// from 1, columns in characters.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what to write instead
	Source  string `json:"source"`         // the line
}

// Error is the place and what is wrong there, the line with a caret below the
// column, and the hint:
//
//	request.vtl:2:9: unexpected "=" in a condition
//	 2 | #if($id = 1)
//	   |         ^
//	   = did you mean ==?
func (p *Problem) Error() string {
	number := fmt.Sprint(p.Line)
	gutter := strings.Repeat(" ", len(number))
	s := fmt.Sprintf("%s:%d:%d: %s\n %s | %s\n %s | %s^",
		p.File, p.Line, p.Column, p.Message, number, p.Source, gutter, indent(p.Source, p.Column))
	if p.Hint != "" {
		s += fmt.Sprintf("\n %s = %s", gutter, p.Hint)
	}
	return s
}

// indent is as wide as what stands before the column: tabs stay tabs.
func indent(line string, column int) string {
	var b strings.Builder
	for _, c := range line {
		if column--; column < 1 {
			break
		}
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}

func lineOf(text string, number int) string {
	for line := range strings.Lines(text) {
		if number--; number == 0 {
			return strings.TrimRight(line, "\r\n")
		}
	}
	return ""
}

// Package terminal knows what the terminal can show that a command writes to:
// how wide a line may be, and whether it may have colors.
package terminal

import (
	"os"

	"golang.org/x/term"
)

// Terminal is where text for people goes. The zero value is a file or a pipe:
// no colors, and lines of any length.
type Terminal struct {
	Width  int // in characters; 0 for no limit
	colors bool
}

// Of tells what f can show. NO_COLOR leaves colors out unless it is empty (see
// https://no-color.org), and so does TERM=dumb.
func Of(f *os.File) Terminal {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return Terminal{}
	}
	return Terminal{Width: width, colors: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// Good is for what works.
func (t Terminal) Good(text string) string { return t.color("32", text) }

// Warning is for what works, but not as it should.
func (t Terminal) Warning(text string) string { return t.color("33", text) }

// Bad is for what fails.
func (t Terminal) Bad(text string) string { return t.color("31", text) }

// Title is for what begins a part.
func (t Terminal) Title(text string) string { return t.color("1", text) }

// Aside is for what one may pass over.
func (t Terminal) Aside(text string) string { return t.color("2", text) }

// color is one of ECMA-48's "select graphic rendition", undone after the text.
func (t Terminal) color(code, text string) string {
	if !t.colors || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

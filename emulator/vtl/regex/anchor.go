package regex

import (
	"unicode"
	"unicode/utf16"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

func atBegin(_ *Matcher, i int) bool    { return i == 0 }
func atEnd(m *Matcher, i int) bool      { return i == m.end }
func atPrevious(m *Matcher, i int) bool { return i == m.previous }

// lineBegin is ^. With the flag m it is not at the end of the text, even after
// a line end.
func (f flags) lineBegin() anchor {
	if f&multiline == 0 {
		return atBegin
	}
	return func(m *Matcher, i int) bool {
		switch {
		case i == m.end:
			return false
		case i == 0:
			return true
		case f&unixLines != 0:
			return m.unit(i-1) == '\n'
		}
		return lineEnd(m.unit(i-1)) && (m.unit(i-1) != '\r' || m.unit(i) != '\n')
	}
}

// lineEnd is $, or \Z without everywhere: only at the last line's end.
func (f flags) lineEnd(everywhere bool) anchor {
	return func(m *Matcher, i int) bool {
		if i == m.end {
			return true
		}
		c := m.unit(i)
		if f&unixLines != 0 {
			return c == '\n' && (everywhere || i == m.end-1)
		}
		if !lineEnd(c) || c == '\n' && i > 0 && m.unit(i-1) == '\r' {
			return false
		}
		return everywhere || i == m.end-1 || i == m.end-2 && c == '\r' && m.unit(i+1) == '\n'
	}
}

// wordBoundary is \b and \B. A mark belongs to the letter that it stands on.
func (f flags) wordBoundary(is bool) anchor {
	word := in(unicode.L, unicode.Nd).or(only('_'))
	if f&unicodeClass != 0 {
		word = unicodeProperties["WORD"]
	}
	inWord := func(m *Matcher, i int) bool { // the character that begins at i
		c, _ := m.at(i)
		for i > 0 && unicode.Is(unicode.Mn, c) && !word(c) {
			before, n := m.before(i)
			i -= n
			if c = before; !unicode.In(c, unicode.L, unicode.Nd, unicode.Mn) {
				return false
			}
		}
		return word(c)
	}
	return func(m *Matcher, i int) bool {
		left := false
		if i > 0 {
			_, n := m.before(i)
			left = inWord(m, i-n)
		}
		right := i < m.end && inWord(m, i)
		return (left != right) == is
	}
}

// maxGrapheme is how many units of a text are looked at for the end of one
// user-perceived character.
const maxGrapheme = 256

// graphemeEnd is where the user-perceived character that begins at i ends.
func graphemeEnd(m *Matcher, i int) int {
	if m.text.Units == nil {
		if i+1 < m.end && m.unit(i) == '\r' && m.unit(i+1) == '\n' {
			return i + 2
		}
		return i + 1
	}
	all := graphemes.FromString(string(utf16.Decode(m.text.Units[i:min(m.end, i+maxGrapheme)])))
	all.Next()
	return i + len(utf16.Encode([]rune(all.Value())))
}

// grapheme is \X, one user-perceived character.
type grapheme struct{}

func (grapheme) length() (int, int) { return 1, endless }

func (grapheme) link(_ *compiler, next step) step {
	return func(m *Matcher, i int) bool { return i < m.end && next(m, graphemeEnd(m, i)) }
}

// Package regex is java.util.regex as of Java 17: its syntax, and its way to
// match, which is to try one choice after the other. That way can take time
// without end, so each search may take MaxSteps steps only.
//
// A pattern goes through two steps: parse.go makes elements of it, and each
// element links itself to what follows (element.go), so that a match is one
// call of a function. Look-ups of characters are in class.go and property.go.
//
// What Java has and this has not: canonical equivalence, \N{name}, \b{g}, and
// most Unicode blocks.
package regex

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Limits of one Matcher.
const (
	// MaxSteps is how many choices may be tried: about half a second's work.
	// Java has no such limit.
	MaxSteps = 20_000_000
	// MaxDepth is how many rounds of repeated groups may be open. Java's stack
	// ends sooner.
	MaxDepth = 20_000
)

// Errors of a search.
var (
	ErrSteps = fmt.Errorf("the regular expression tried more than %d choices", MaxSteps)
	ErrDepth = fmt.Errorf("the regular expression repeated a group more than %d times", MaxDepth)
)

// Regex is a compiled pattern. It never changes.
type Regex struct {
	start  step
	prefix string // what every match begins with, if that is known
	groups int    // with the whole match
	names  map[string]int
	locals int
	wide   bool // looks for characters that take two UTF-16 units
}

// Compile compiles a Java pattern. Every error is a text for the pattern's author.
func Compile(pattern string) (*Regex, error) {
	p := &parser{pattern: unquote([]rune(pattern)), names: map[string]int{}, groups: 1}
	var root element
	err := p.attempt(func() { root = p.whole() })
	if err != nil {
		return nil, err
	}
	c := &compiler{}
	re := &Regex{prefix: prefixOf(root), groups: p.groups, names: p.names, wide: p.wide}
	re.start = root.link(c, func(m *Matcher, i int) bool {
		m.last = i
		return !m.whole || i == m.end
	})
	re.locals = c.locals
	return re, nil
}

// Groups is the number of groups, the whole match not among them.
func (re *Regex) Groups() int { return re.groups - 1 }

// GroupNamed is the number of the group (?<name>…), 0 if there is none.
func (re *Regex) GroupNamed(name string) int { return re.names[name] }

// Text is what is searched: Units, unless all of it is ASCII. Positions count
// UTF-16 units in both.
type Text struct {
	ASCII string
	Units []uint16
}

// Matcher searches one text.
type Matcher struct {
	re    *Regex
	text  Text
	end   int
	whole bool

	groups   []int // start and end of each, -1 while it has not matched
	locals   []int
	last     int // where what was accepted last ends
	previous int // where the match before ends, for \G
	behind   int // where a look-behind has to end
	steps    int
	depth    int
}

// Matcher begins a search of the text.
func (re *Regex) Matcher(t Text) *Matcher {
	room := make([]int, 2*re.groups+re.locals)
	m := &Matcher{re: re, text: t, end: len(t.ASCII), groups: room[:2*re.groups], locals: room[2*re.groups:], steps: MaxSteps}
	if t.Units != nil {
		m.end = len(t.Units)
	}
	m.groups[0] = -1
	return m
}

// Group is where the group starts and ends in the last match; -1 if it is no
// part of it. Group 0 is the whole match.
func (m *Matcher) Group(n int) (start, end int) { return m.groups[2*n], m.groups[2*n+1] }

// Matches says whether the whole text matches.
func (m *Matcher) Matches() (bool, error) {
	m.whole = true
	return m.search(0, 0)
}

// Find finds the next match. It must not be called again when there is none.
func (m *Matcher) Find() (bool, error) {
	start, end := m.Group(0)
	if start == end { // an empty match is not found twice
		return m.search(end+1, m.end)
	}
	return m.search(end, m.end)
}

// search tries the starts from first to last.
func (m *Matcher) search(first, last int) (found bool, err error) {
	defer func() {
		switch r := recover(); r {
		case nil:
		case ErrSteps, ErrDepth:
			err = r.(error)
		default:
			panic(r)
		}
	}()
	for i := range m.groups {
		m.groups[i] = -1
	}
	for i := first; i <= last; i++ {
		if m.re.prefix != "" && m.text.Units == nil {
			next := strings.Index(m.text.ASCII[i:], m.re.prefix)
			if next < 0 || i+next > last {
				return false, nil
			}
			i += next
		}
		if m.re.wide && i > first && m.within(i) {
			continue
		}
		m.spend(1)
		if m.re.start(m, i) {
			m.groups[0], m.groups[1] = i, m.last
			m.previous = m.last
			return true, nil
		}
	}
	return false, nil
}

// spend takes steps from what is left of them.
func (m *Matcher) spend(n int) {
	if m.steps -= n; m.steps < 0 {
		panic(ErrSteps)
	}
}

// at is the character at i, and how many units it takes.
func (m *Matcher) at(i int) (rune, int) {
	if m.text.Units == nil {
		return rune(m.text.ASCII[i]), 1
	}
	r := rune(m.text.Units[i])
	if i+1 < m.end && utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, rune(m.text.Units[i+1])); pair != '\uFFFD' {
			return pair, 2
		}
	}
	return r, 1
}

// before is the character that ends at i, and how many units it takes.
func (m *Matcher) before(i int) (rune, int) {
	if m.within(i - 1) {
		return m.at(i - 2)
	}
	return m.unit(i - 1), 1
}

// within says whether i is in the middle of a character.
func (m *Matcher) within(i int) bool {
	if m.text.Units == nil || i <= 0 || i >= m.end {
		return false
	}
	return utf16.DecodeRune(rune(m.text.Units[i-1]), rune(m.text.Units[i])) != '\uFFFD'
}

// unit is the UTF-16 unit at i.
func (m *Matcher) unit(i int) rune {
	if m.text.Units == nil {
		return rune(m.text.ASCII[i])
	}
	return rune(m.text.Units[i])
}

// syntaxError is what Java refuses in a pattern.
type syntaxError struct{ error }

func refuse(format string, args ...any) {
	panic(syntaxError{fmt.Errorf(format, args...)})
}

// unquote writes what stands between \Q and \E with a backslash before each
// character that could mean something.
func unquote(p []rune) []rune {
	var out []rune
	quoted := false
	for i := 0; i < len(p); i++ {
		next := rune(-1)
		if i+1 < len(p) {
			next = p[i+1]
		}
		switch {
		case quoted && p[i] == '\\' && next == 'E':
			quoted = false
			i++
		case quoted && isASCIILetter(p[i]), quoted && p[i] >= 0x80:
			out = append(out, p[i])
		case quoted && p[i] >= '0' && p[i] <= '9': // so that it belongs to nothing before it
			out = append(out, []rune(fmt.Sprintf(`\x%02x`, p[i]))...)
		case quoted:
			out = append(out, '\\', p[i])
		case p[i] == '\\' && next == 'Q':
			quoted = true
			i++
		case p[i] == '\\' && next >= 0:
			out = append(out, p[i], next)
			i++
		default:
			out = append(out, p[i])
		}
	}
	return out
}

func isASCIILetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' && r < 0x80 }

package regex

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// step matches from a position on, all that follows included. It may leave
// groups set when it fails, as Java does.
type step func(m *Matcher, i int) bool

// element is a part of a pattern.
type element interface {
	// link makes the step that matches the element and then what follows.
	link(c *compiler, next step) step
	// length is how many characters it matches at least and at most. Java lets
	// a look-behind repeat one character without a limit, but nothing else:
	// unlimited and endless.
	length() (least, most int)
}

const (
	unlimited = 1 << 31
	endless   = 1 << 60
)

// bounded is a sum or product of lengths.
func bounded(n int) int {
	if n >= endless || n < 0 {
		return endless
	}
	return min(n, unlimited)
}

// compiler hands out places for what steps have to remember.
type compiler struct{ locals int }

func (c *compiler) local() int {
	c.locals++
	return c.locals - 1
}

// accept ends a part that is matched by itself.
func accept(m *Matcher, i int) bool {
	m.last = i
	return true
}

// literal is characters that stand for themselves.
type literal []rune

func (l literal) length() (int, int) { return len(l), len(l) }

func (l literal) link(_ *compiler, next step) step {
	units := utf16.Encode(l)
	text := string(l)
	return func(m *Matcher, i int) bool {
		if m.text.Units == nil {
			return strings.HasPrefix(m.text.ASCII[i:], text) && next(m, i+len(text))
		}
		if i+len(units) > m.end {
			return false
		}
		for k, u := range units {
			if m.text.Units[i+k] != u {
				return false
			}
		}
		return next(m, i+len(units))
	}
}

func (s *set) length() (int, int) { return 1, 1 }

func (s *set) link(_ *compiler, next step) step {
	return func(m *Matcher, i int) bool {
		if i >= m.end {
			return false
		}
		r, n := m.at(i)
		return s.has(r) && next(m, i+n)
	}
}

// anchor is a condition on a position.
type anchor func(m *Matcher, i int) bool

func (anchor) length() (int, int) { return 0, 0 }

func (a anchor) link(_ *compiler, next step) step {
	return func(m *Matcher, i int) bool { return a(m, i) && next(m, i) }
}

type sequence []element

func (s sequence) length() (least, most int) {
	for _, e := range s {
		l, m := e.length()
		least, most = bounded(least+l), bounded(most+m)
	}
	return least, most
}

func (s sequence) link(c *compiler, next step) step {
	for i := len(s) - 1; i >= 0; i-- {
		next = s[i].link(c, next)
	}
	return next
}

type alternatives []element

func (a alternatives) length() (least, most int) {
	least = endless
	for _, e := range a {
		l, m := e.length()
		least, most = min(least, l), max(most, m)
	}
	return least, most
}

func (a alternatives) link(c *compiler, next step) step {
	steps := make([]step, len(a))
	for i, e := range a {
		steps[i] = e.link(c, next)
	}
	return func(m *Matcher, i int) bool {
		for _, s := range steps {
			if m.spend(1); s(m, i) {
				return true
			}
		}
		return false
	}
}

// group captures what its body matches.
type group struct {
	number int
	body   element
}

func (g *group) length() (int, int) { return g.body.length() }

func (g *group) link(c *compiler, next step) step {
	begin := c.local()
	body := g.body.link(c, func(m *Matcher, i int) bool {
		place := m.groups[2*g.number : 2*g.number+2]
		start, end := place[0], place[1]
		place[0], place[1] = m.locals[begin], i
		if next(m, i) {
			return true
		}
		place[0], place[1] = start, end
		return false
	})
	return func(m *Matcher, i int) bool {
		outer := m.locals[begin]
		m.locals[begin] = i
		ok := body(m, i)
		m.locals[begin] = outer
		return ok
	}
}

// single matches its body in one way only, whatever follows: (?>…).
type single struct{ body element }

func (s *single) length() (int, int) { return s.body.length() }

func (s *single) link(c *compiler, next step) step {
	body := s.body.link(c, accept)
	return func(m *Matcher, i int) bool { return body(m, i) && next(m, m.last) }
}

// look is a look-ahead or, with behind, a look-behind.
type look struct {
	body            element
	behind, negated bool
}

func (*look) length() (int, int) { return 0, 0 }

func (l *look) link(c *compiler, next step) step {
	var holds step
	if l.behind {
		holds = l.linkBehind(c)
	} else {
		holds = l.body.link(c, accept)
	}
	return func(m *Matcher, i int) bool { return holds(m, i) != l.negated && next(m, i) }
}

// linkBehind tries each start from which the body could end here.
func (l *look) linkBehind(c *compiler) step {
	least, most := l.body.length()
	body := l.body.link(c, func(m *Matcher, i int) bool { return i == m.behind })
	return func(m *Matcher, i int) bool {
		outer := m.behind
		m.behind = i
		ok := false
		for n, start := 0, i; !ok && n <= most && start >= 0; n++ {
			if n >= least {
				m.spend(1)
				ok = body(m, start)
			}
			if start == 0 {
				break
			}
			_, width := m.before(start)
			start -= width
		}
		m.behind = outer
		return ok
	}
}

// backReference matches what a group has matched.
type backReference struct {
	group int
	fold  func(a, b rune) bool // nil: they must be the same
}

func (*backReference) length() (int, int) { return 0, endless }

func (b *backReference) link(_ *compiler, next step) step {
	return func(m *Matcher, i int) bool {
		if b.group >= m.re.groups {
			return false
		}
		start, end := m.Group(b.group)
		if start < 0 || i+end-start > m.end {
			return false
		}
		m.spend(end - start)
		for k := range end - start {
			x, y := m.unit(start+k), m.unit(i+k)
			if x != y && (b.fold == nil || !b.fold(x, y)) {
				return false
			}
		}
		return next(m, i+end-start)
	}
}

// prefixOf is the ASCII text that every match begins with, "" if it is not known.
func prefixOf(e element) string {
	switch e := e.(type) {
	case literal:
		for _, r := range e {
			if r > unicode.MaxASCII {
				return ""
			}
		}
		return string(e)
	case sequence:
		if len(e) > 0 {
			return prefixOf(e[0])
		}
	case *group:
		return prefixOf(e.body)
	}
	return ""
}

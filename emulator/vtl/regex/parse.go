package regex

import (
	"slices"
	"strings"
)

// flags are what (?…) switches on and off.
type flags uint8

const (
	ignoreCase   flags = 1 << iota // i
	multiline                      // m
	dotAll                         // s
	unixLines                      // d
	unicodeCase                    // u
	comments                       // x
	unicodeClass                   // U
)

var flagLetters = map[rune]flags{
	'i': ignoreCase, 'm': multiline, 's': dotAll, 'd': unixLines, 'u': unicodeCase, 'x': comments, 'U': unicodeClass | unicodeCase,
}

// maxNesting is how deep groups and classes may stand in each other.
const maxNesting = 500

// parser reads a pattern, whose quotes are already gone.
type parser struct {
	pattern []rune
	i       int
	flags   flags
	groups  int // so far, with the whole match
	names   map[string]int
	wide    bool
	depth   int
}

const end rune = -1

// attempt returns the error with which the pattern is refused.
func (p *parser) attempt(parse func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			refused, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			err = refused.error
		}
	}()
	parse()
	return nil
}

// raw is the character n places on, or end.
func (p *parser) raw(n int) rune {
	if p.i+n < len(p.pattern) {
		return p.pattern[p.i+n]
	}
	return end
}

// peek is the next character that counts.
func (p *parser) peek() rune {
	for p.flags&comments != 0 {
		switch c := p.raw(0); {
		case c == ' ' || c >= '\t' && c <= '\r':
			p.i++
		case c == '#':
			for c := c; c != end && !lineEnd(c); c = p.raw(0) {
				p.i++
			}
		default:
			return c
		}
	}
	return p.raw(0)
}

// take reads the next character that counts.
func (p *parser) take() rune {
	c := p.peek()
	p.i++
	return c
}

// has reads c if it is next.
func (p *parser) has(c rune) bool {
	if p.peek() != c {
		return false
	}
	p.i++
	return true
}

// nest counts how deep the parser is; the result is to be deferred.
func (p *parser) nest() func() {
	if p.depth++; p.depth > maxNesting {
		refuse("groups and classes are nested too deep")
	}
	return func() { p.depth-- }
}

func (p *parser) whole() element {
	e := p.alternatives()
	if p.peek() == ')' {
		refuse("a ) closes no group")
	}
	return e
}

func (p *parser) alternatives() element {
	all := alternatives{p.sequence()}
	for p.has('|') {
		all = append(all, p.sequence())
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

func (p *parser) sequence() element {
	var s sequence
	for {
		var e element
		switch p.peek() {
		case end, '|', ')':
			return s
		case '(':
			e = p.group()
		default:
			e = p.quantified(p.atom())
		}
		text, isText := e.(literal)
		if n := len(s) - 1; isText && n >= 0 {
			if before, ok := s[n].(literal); ok {
				s[n] = slices.Concat(before, text)
				continue
			}
		}
		if e != nil {
			s = append(s, e)
		}
	}
}

// atom reads what a quantifier can follow, groups left out.
func (p *parser) atom() element {
	switch c := p.peek(); c {
	case '*', '+', '?':
		refuse("there is nothing that the %c could repeat", c)
	case '{': // repeats the empty text
		return sequence{}
	case '[':
		p.i++
		return p.set(p.class(true))
	case '\\':
		p.i++
		c, e := p.escape(false, false)
		if e != nil {
			return e
		}
		return p.character(c)
	case '^':
		p.i++
		return p.flags.lineBegin()
	case '$':
		p.i++
		return p.flags.lineEnd(p.flags&multiline != 0)
	case '.':
		p.i++
		switch {
		case p.flags&dotAll != 0:
			return p.set(all)
		case p.flags&unixLines != 0:
			return p.set(only('\n').not())
		}
		return p.set(lineEnd.not())
	}
	return p.character(p.take())
}

// character is a character that stands for itself.
func (p *parser) character(c rune) element {
	if p.flags&ignoreCase == 0 {
		p.wide = p.wide || c > 0xFFFF
		return literal{c}
	}
	return p.set(p.flags.character(c))
}

// set is a place that any of some characters can take.
func (p *parser) set(of predicate) *set {
	p.wide = p.wide || of(0x10000) || of(0x1F600)
	return newSet(of)
}

// quantified reads the quantifier of e, if it has one.
func (p *parser) quantified(e element) element {
	r := &repeat{body: e, most: unlimited}
	switch p.peek() {
	case '?':
		r.most = 1
	case '*':
	case '+':
		r.least = 1
	case '{':
		p.counts(r)
	default:
		return e
	}
	if l, ok := e.(literal); ok { // of one character: no sequence is read yet
		r.body = newSet(only(l[0]))
	}
	p.i++
	switch {
	case p.has('?'):
		r.mode = reluctant
	case p.has('+'):
		r.mode = possessive
	}
	return r
}

// counts reads {least,most} up to the last brace.
func (p *parser) counts(r *repeat) {
	p.i++
	r.least = p.count()
	r.most = r.least
	if p.has(',') {
		if r.most = unlimited; p.peek() != '}' {
			r.most = p.count()
		}
	}
	if p.peek() != '}' {
		refuse("a { after which no } follows")
	}
	if r.most < r.least {
		refuse("a repetition {%d,%d}", r.least, r.most)
	}
}

func (p *parser) count() int {
	n := 0
	for first := true; ; first = false {
		c := p.peek()
		if c < '0' || c > '9' {
			if first {
				refuse("a { that begins no repetition; write \\{ for a brace")
			}
			return n
		}
		if n = n*10 + int(c-'0'); n > 1<<31-1 {
			refuse("a repetition of more than 2147483647")
		}
		p.i++
	}
}

// group reads what stands in ( ), with its quantifier; nil if it is only flags.
func (p *parser) group() element {
	defer p.nest()()
	outer := p.flags
	p.i++
	var e element
	if p.peek() != '?' {
		e = p.capture()
	} else if p.i++; !p.special(&e) {
		return nil
	}
	if !p.has(')') {
		refuse("a group is not closed")
	}
	p.flags = outer
	return p.quantified(e)
}

func (p *parser) capture() element {
	g := &group{number: p.groups}
	p.groups++
	g.body = p.alternatives()
	return g
}

// special reads a group from behind "(?"; false if it is only flags.
func (p *parser) special(e *element) bool {
	c := p.raw(0)
	p.i++
	switch {
	case c == ':':
		*e = p.alternatives()
	case c == '>':
		*e = &single{p.alternatives()}
	case c == '=' || c == '!':
		*e = &look{body: p.alternatives(), negated: c == '!'}
	case c == '<' && (p.peek() == '=' || p.peek() == '!'):
		l := &look{behind: true, negated: p.take() == '!', body: p.alternatives()}
		if _, most := l.body.length(); most >= endless {
			refuse("a look-behind has no maximum length")
		}
		*e = l
	case c == '<':
		name := p.name()
		if p.names[name] != 0 {
			refuse("two groups are named %s", name)
		}
		p.names[name] = p.groups
		*e = p.capture()
	default:
		p.i--
		return p.modifiers(e)
	}
	return true
}

// name reads the name of a group and the > behind it.
func (p *parser) name() string {
	var b strings.Builder
	for c := p.take(); c != '>'; c = p.take() {
		if !isASCIILetter(c) && (c < '0' || c > '9' || b.Len() == 0) {
			refuse("a group's name is letters and digits, and ends with >")
		}
		b.WriteRune(c)
	}
	if b.Len() == 0 {
		refuse("a group's name is missing")
	}
	return b.String()
}

// modifiers reads flags, which hold up to the end of the group around them or,
// with a colon, in a group of their own.
func (p *parser) modifiers(e *element) bool {
	on := true
	for {
		c := p.take()
		f, known := flagLetters[c]
		switch {
		case c == '-' && on:
			on = false
		case known && on:
			p.flags |= f
		case known:
			p.flags &^= f
		case c == ')':
			return false
		case c == ':':
			*e = p.alternatives()
			return true
		default:
			refuse("an unknown group or flag stands behind (?")
		}
	}
}

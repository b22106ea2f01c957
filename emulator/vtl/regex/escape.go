package regex

import "unicode/utf16"

// escape reads what stands behind a backslash: a character or, if it is not
// nil, an element. In a class only characters and sets may stand.
func (p *parser) escape(inClass, inRange bool) (rune, element) {
	c := p.raw(0)
	p.i++
	if r, ok := p.escapedCharacter(c, inRange); ok {
		return r, nil
	}
	if is, ok := p.predefined(c); ok {
		return 0, p.set(is)
	}
	if !inClass {
		if e := p.escapedElement(c); e != nil {
			return 0, e
		}
	}
	if c == end {
		refuse("a backslash ends the pattern")
	}
	refuse("the escape \\%c is unknown here", c)
	return 0, nil
}

// controls are the letters that stand for one character.
var controls = map[rune]rune{'a': '\a', 'e': 0x1B, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *parser) escapedCharacter(c rune, inRange bool) (rune, bool) {
	if r, ok := controls[c]; ok {
		return r, true
	}
	switch {
	case c == 'v' && inRange:
		return '\v', true
	case c == '0':
		return p.octal(), true
	case c == 'x':
		return p.hexadecimal(), true
	case c == 'u':
		return p.unicode(), true
	case c == 'c':
		if p.raw(0) == end {
			refuse("\\c has no letter")
		}
		p.i++
		return p.pattern[p.i-1] ^ 64, true
	}
	return c, c != end && !isASCIILetter(c) && (c < '0' || c > '9')
}

func (p *parser) octal() rune {
	digit := func() bool { return p.raw(0) >= '0' && p.raw(0) <= '7' }
	if !digit() {
		refuse("\\0 needs an octal digit")
	}
	n, most := rune(0), 3
	if p.raw(0) > '3' {
		most = 2
	}
	for ; most > 0 && digit(); most-- {
		n = n*8 + p.raw(0) - '0'
		p.i++
	}
	return n
}

// hexDigit is the value of a digit, -1 if it is none.
func hexDigit(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case isASCIILetter(c) && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return -1
}

// hexDigits reads n digits.
func (p *parser) hexDigits(n int, what string) (r rune) {
	for range n {
		d := hexDigit(p.raw(0))
		if d < 0 {
			refuse("%s needs %d hexadecimal digits", what, n)
		}
		r = r*16 + d
		p.i++
	}
	return r
}

// hexadecimal reads \xhh and \x{h…}.
func (p *parser) hexadecimal() (r rune) {
	if p.raw(0) != '{' {
		return p.hexDigits(2, "\\x")
	}
	p.i++
	for n := 0; ; n++ {
		d := hexDigit(p.raw(0))
		p.i++
		switch {
		case d >= 0:
			if r = r*16 + d; r > 0x10FFFF {
				refuse("\\x{…} is beyond the last character")
			}
		case n > 0 && p.raw(-1) == '}':
			return r
		default:
			refuse("\\x{…} needs hexadecimal digits and a }")
		}
	}
}

// unicode reads \uhhhh; two halves make one character.
func (p *parser) unicode() rune {
	r := p.hexDigits(4, "\\u")
	if utf16.IsSurrogate(r) && p.raw(0) == '\\' && p.raw(1) == 'u' {
		here := p.i
		p.i += 2
		if pair := utf16.DecodeRune(r, p.hexDigits(4, "\\u")); pair != '\uFFFD' {
			return pair
		}
		p.i = here
	}
	return r
}

// predefined is the set of \d and its like, and of \p{…}.
func (p *parser) predefined(c rune) (predicate, bool) {
	if c == 'p' || c == 'P' {
		is := p.property()
		if c == 'P' {
			is = is.not()
		}
		return is, true
	}
	is, ok := predefined[c|0x20]
	if !ok || c == end {
		return nil, false
	}
	if wide := predefinedUnicode[c|0x20]; wide != nil && p.flags&unicodeClass != 0 {
		is = wide
	}
	if c < 'a' {
		is = is.not()
	}
	return is, true
}

// escapedElement is an escape that is no character; nil if it is unknown.
func (p *parser) escapedElement(c rune) element {
	switch c {
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		n := int(c - '0')
		for d := p.peek(); d >= '0' && d <= '9' && n*10+int(d-'0') < p.groups; d = p.peek() {
			n = n*10 + int(d-'0')
			p.i++
		}
		return p.reference(n)
	case 'k':
		if p.take() != '<' {
			refuse("\\k needs a <name>")
		}
		name := p.name()
		if p.names[name] == 0 {
			refuse("no group is named %s", name)
		}
		return p.reference(p.names[name])
	case 'A':
		return anchor(atBegin)
	case 'z':
		return anchor(atEnd)
	case 'Z':
		return p.flags.lineEnd(false)
	case 'G':
		return anchor(atPrevious)
	case 'b':
		return p.flags.wordBoundary(true)
	case 'B':
		return p.flags.wordBoundary(false)
	case 'R':
		return alternatives{literal("\r\n"), newSet(predefined['v'])}
	case 'X':
		return grapheme{}
	}
	return nil
}

func (p *parser) reference(group int) element {
	b := &backReference{group: group}
	if p.flags&ignoreCase != 0 {
		b.fold = sameFoldedASCII
		if p.flags&unicodeCase != 0 {
			b.fold = sameFolded
		}
	}
	return b
}

package vtl

import (
	"strings"
	"unicode/utf8"
)

func firstCharacter(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// dropFirst is s without its first character.
func dropFirst(s string) string {
	_, n := firstCharacter(s)
	return s[n:]
}

// reference parses $name or ${name} with all that hangs on it.
func (p *parser) reference() *reference {
	defer p.deeper()()
	first := p.begin()
	curly := p.skip(tokLCurly)
	p.take(tokIdentifier)
	r := &reference{at: first.at}
	r.steps = p.indexes(r.steps)
	for p.is(tokDot) && p.peek(2).kind == tokIdentifier {
		p.last = p.peek(1)
		if p.peek(2).kind == tokLParen && isArgument(p.peek(3).kind) {
			r.steps = append(r.steps, p.method())
		} else {
			name := p.take(tokIdentifier)
			r.steps = append(r.steps, &property{at: name.at, name: name.image, getter: getterNamed(name.image)})
		}
		r.steps = p.indexes(r.steps)
	}
	if t := p.peek(1); curly && t.kind != tokRCurly {
		p.fail(first, "${ is not closed", "only names, methods and indexes can stand within ${ }")
	} else if curly {
		p.last = t
	}
	if p.err == nil && !p.dry {
		p.resolve(r, span{first, p.last})
	}
	return r
}

// isArgument says whether a token can follow the ( of a method; with any other
// one the ( is plain text.
func isArgument(k kind) bool {
	return isPrimary(k) || k == tokWhitespace || k == tokArgsRParen
}

func (p *parser) method() step {
	name := p.take(tokIdentifier)
	p.take(tokLParen)
	c := &call{at: name.at, name: name.image, methods: methodsNamed(name.image)}
	if !p.is(tokArgsRParen) {
		c.args = append(c.args, p.parameter().expr)
		for p.skip(tokComma) {
			c.args = append(c.args, p.parameter().expr)
		}
	}
	p.take(tokArgsRParen)
	return c
}

func (p *parser) indexes(steps []step) []step {
	for p.is(tokIndexLBracket) {
		begin := p.take(tokIndexLBracket)
		p.skip(tokWhitespace)
		var arg expr
		switch t := p.peek(1); t.kind {
		case tokString, tokInteger, tokTrue, tokFalse, tokIdentifier, tokLCurly:
			arg = p.primary().expr
		default:
			p.fail(t, "unexpected "+describe(t)+" as an index", "write \\[ … ] as $"+"{name}[ … ] to print a bracket")
			return steps
		}
		p.skip(tokWhitespace)
		p.take(tokIndexRBracket)
		steps = append(steps, &index{at: begin.at, arg: arg})
	}
	return steps
}

// resolve finds the variable of a reference, and the backslashes and dollars
// in front of it, which all are in the image of its first token.
func (p *parser) resolve(r *reference, s span) {
	t := s.first
	if strings.Contains(t.image, `\!`) {
		r.void = true
		r.image = t.image
		return
	}
	slashes := count(t.image, `\`)
	r.escaped = slashes%2 != 0
	r.escapes = t.image[:slashes/2]
	t.image = t.image[slashes:]
	if i := strings.LastIndexByte(t.image, '$'); i > 0 {
		r.dollars = t.image[:i]
		t.image = t.image[i:]
	}
	r.image = t.image
	r.literal = s.literal()
	r.shown = r.literal
	name := t.image
	switch {
	case strings.HasPrefix(t.image, "$!{"), t.image == "${":
		name = t.next.image
	case strings.HasPrefix(t.image, "$!"):
		name = t.image[2:]
	case strings.HasPrefix(t.image, "$"):
		name = t.image[1:]
	default:
		r.plain = true
	}
	if strings.HasPrefix(t.image, "$!") && !r.escaped {
		r.shown = ""
	}
	r.name = name
	r.slot = p.unit.slot(name)
	p.unit.references = append(p.unit.references, r)
}

package vtl

import "strings"

// invocation is a directive or macro call as parsed.
type invocation struct {
	name    string
	at      position
	args    []argument
	body    block
	inner   span // the tokens of the body
	hasBody bool
	bare    bool // without parentheses
	tokens  span
}

// argument is an argument of a directive.
type argument struct {
	operand
	word bool
}

// image is the first token of the argument, without its $.
func (a argument) variable() string { return dropFirst(a.first.image) }

// directive parses #name( … ) of whatever name, with the body and #end that
// block directives have.
func (p *parser) directive() node {
	t := p.peek(1)
	p.last = t
	d := &invocation{name: strings.TrimPrefix(t.image, "#"), at: t.at}
	if t.kind == tokBracketedWord {
		d.name = d.name[1 : len(d.name)-1]
	}
	spec := directives[d.name]
	p.lexer.state = inDirective
	if !p.parenthesis() {
		if d.name == "macro" {
			p.fail(t, "#macro has no name", "write #macro(name $parameter)")
		}
		p.lexer.pop()
		d.bare = true
		d.tokens = span{t, t}
		return p.build(spec, d)
	}
	p.arguments(spec, d)
	if spec != nil && spec.block || spec == nil && strings.HasPrefix(d.name, "@") {
		d.hasBody = true
		d.inner.first = p.peek(1)
		d.body = p.statements()
		d.inner.last = p.last
		p.end(t, "#"+d.name)
	}
	d.tokens = span{t, p.last}
	return p.build(spec, d)
}

// parenthesis says whether a ( follows, perhaps after white space.
func (p *parser) parenthesis() bool {
	rest := p.lexer.in[p.lexer.pos:]
	n := count(rest, " \t\n\r")
	return n < len(rest) && rest[n] == '('
}

func (p *parser) arguments(spec *directive, d *invocation) {
	p.skip(tokWhitespace)
	p.take(tokLParen)
	for p.moreArguments() {
		p.skip(tokWhitespace)
		if p.skip(tokComma) {
			p.skip(tokWhitespace)
		}
		d.args = append(d.args, p.argument(spec, d))
	}
	p.skip(tokWhitespace)
	p.take(tokRParen)
}

func (p *parser) moreArguments() bool {
	begins := func(k kind) bool { return isPrimary(k) || k == tokWord }
	switch k := p.peek(1).kind; k {
	case tokWhitespace:
		k = p.peek(2).kind
		return k == tokComma || begins(k)
	case tokComma:
		k = p.peek(2).kind
		return k == tokWhitespace || begins(k)
	default:
		return begins(k)
	}
}

func (p *parser) argument(spec *directive, d *invocation) argument {
	t := p.peek(1)
	n := len(d.args)
	if t.kind != tokWord {
		if d.name == "macro" && n == 0 {
			p.fail(t, "unexpected "+describe(t)+", expected the macro's name", "write #macro(name $parameter)")
		}
		return argument{operand: p.primary()}
	}
	if spec != nil && (d.name != "macro" || n > 0) && (d.name != "foreach" || n != 1) {
		p.fail(t, "unexpected "+describe(t)+" in #"+d.name, "variables begin with $, texts are quoted")
	}
	p.last = t
	return argument{operand{constant{nil}, span{t, t}}, true}
}

func (p *parser) build(spec *directive, d *invocation) node {
	switch {
	case p.err != nil || p.dry:
		return nil
	case spec != nil:
		n, err := spec.build(p.unit, d)
		if err != nil {
			p.err = at(d.at, err)
		}
		return n
	case d.bare && strings.HasPrefix(d.name, "@"):
		return verbatim("#" + d.name)
	}
	return p.macroCall(d)
}

func (p *parser) macroCall(d *invocation) node {
	c := &macroCall{at: d.at, name: strings.TrimPrefix(d.name, "@"), body: d.body, hasBody: d.hasBody, text: d.tokens.images()}
	for _, a := range d.args {
		if a.word && c.badWord == "" {
			c.badWord = a.first.image
		}
		c.args = append(c.args, macroArgument{expr: a.expr, literal: a.literal()})
	}
	return c
}

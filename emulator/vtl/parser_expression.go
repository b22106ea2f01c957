package vtl

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// operand is an expression with its tokens.
type operand struct {
	expr
	span
}

// begin marks the first token of a node, finish its last.
func (p *parser) begin() *token { return p.peek(1) }

func (p *parser) finish(first *token, e expr) operand { return operand{e, span{first, p.last}} }

// expression parses the lowest level of precedence, || and or.
func (p *parser) expression() expr {
	defer p.deeper()()
	left := p.and()
	for p.skip(tokOr) {
		left = &either{left, p.and()}
	}
	return left
}

func (p *parser) and() expr {
	left := p.equality()
	for p.skip(tokAnd) {
		left = &both{left, p.equality()}
	}
	return left
}

func (p *parser) equality() expr {
	left := p.relational()
	for p.is(tokEQ) || p.is(tokNE) {
		unequal := p.is(tokNE)
		p.last = p.peek(1)
		left = &equality{left, p.relational(), unequal}
	}
	return left
}

func (p *parser) relational() expr {
	left := p.additive().expr
	for {
		var holds func(order int) bool
		switch {
		case p.skip(tokLT):
			holds = func(o int) bool { return o < 0 }
		case p.skip(tokGT):
			holds = func(o int) bool { return o > 0 }
		case p.skip(tokLE):
			holds = func(o int) bool { return o <= 0 }
		case p.skip(tokGE):
			holds = func(o int) bool { return o >= 0 }
		default:
			return left
		}
		left = &relation{left, p.additive().expr, holds}
	}
}

func (p *parser) additive() operand {
	left := p.multiplicative()
	for p.is(tokPlus) || p.is(tokMinus) {
		op := p.peek(1)
		p.last = op
		left = p.arithmetic(op, left, p.multiplicative)
	}
	return left
}

func (p *parser) multiplicative() operand {
	left := p.unary()
	for p.is(tokMultiply) || p.is(tokDivide) || p.is(tokModulus) {
		op := p.peek(1)
		p.last = op
		left = p.arithmetic(op, left, p.unary)
	}
	return left
}

// arithmetic parses the right side. The tokens of the whole are, oddly, those
// of the right side: that is what null prints as when it is added to a text.
func (p *parser) arithmetic(op *token, left operand, side func() operand) operand {
	first := p.begin()
	right := side()
	e := &arithmetic{at: op.at, op: op.image[0], left: left.expr, right: right.expr}
	if p.err == nil && !p.dry && e.op == '+' {
		e.leftText, e.rightText = left.literal(), right.literal()
	}
	return p.finish(first, e)
}

func (p *parser) unary() operand {
	if p.is(tokNot) || p.is(tokWhitespace) && p.peek(2).kind == tokNot {
		defer p.deeper()()
		first := p.begin()
		p.skip(tokWhitespace)
		p.take(tokNot)
		return p.finish(first, &not{p.unary().expr})
	}
	p.skip(tokWhitespace)
	var o operand
	if p.skip(tokLParen) {
		first := p.begin()
		o = p.finish(first, p.expression())
		p.take(tokRParen)
	} else {
		o = p.primary()
	}
	p.skip(tokWhitespace)
	return o
}

// parameter parses an argument of a method or an element of a list or map.
func (p *parser) parameter() operand {
	defer p.deeper()()
	p.skip(tokWhitespace)
	o := p.primary()
	p.skip(tokWhitespace)
	return o
}

// isPrimary says whether a token begins what primary parses.
func isPrimary(k kind) bool {
	switch k {
	case tokString, tokInteger, tokFloat, tokLBracket, tokLeftCurley, tokTrue, tokFalse, tokIdentifier, tokLCurly:
		return true
	}
	return false
}

func (p *parser) primary() operand {
	t := p.peek(1)
	first := t
	switch t.kind {
	case tokString:
		p.last = t
		return p.finish(first, p.quoted(t))
	case tokInteger:
		p.last = t
		return p.finish(first, p.integer(t))
	case tokFloat:
		p.last = t
		return p.finish(first, p.float(t))
	case tokTrue, tokFalse:
		p.last = t
		return p.finish(first, boolean(t.kind == tokTrue))
	case tokLeftCurley:
		return p.finish(first, p.mapLiteral())
	case tokLBracket:
		if !p.dry && p.isRange() {
			return p.finish(first, p.rangeLiteral())
		}
		return p.finish(first, p.listLiteral())
	case tokIdentifier, tokLCurly:
		return p.finish(first, p.reference())
	}
	p.fail(t, "unexpected "+describe(t)+", expected a value", valueHint(t))
	return operand{constant{nil}, span{t, t}}
}

func valueHint(t *token) string {
	switch t.kind {
	case tokMinus:
		return "a minus needs something on both sides; write 0 - $x"
	case tokWord:
		return "texts are quoted, variables begin with $"
	case tokRParen, tokArgsRParen, tokRBracket, tokRightCurley, tokRCurly:
		return "a value is missing before it"
	}
	return ""
}

func (p *parser) quoted(t *token) expr {
	if p.dry {
		return constant{nil}
	}
	s := t.image[1 : len(t.image)-1]
	quote := t.image[:1]
	if quote == `"` {
		var err error
		if s, err = unescape(s); err != nil {
			p.fail(t, err.Error(), "")
			return constant{nil}
		}
	}
	s = strings.ReplaceAll(s, quote+quote, quote)
	if quote == "'" || !strings.ContainsAny(t.image, "$#") {
		return constant{s}
	}
	commented := strings.Contains(s, "##")
	if !commented {
		s += " "
	}
	b, err := parse(p.unit, s, position{t.at.line, t.at.column + 1}, p.depth)
	if err != nil {
		if p.err == nil {
			var e *Error
			errors.As(err, &e)
			p.err = &failure{position{e.Line, e.Column}, e.Message, e.Hint}
		}
		return constant{nil}
	}
	i := &interpolation{at: t.at, block: b, padded: !commented}
	if only, isText := b.text(); isText { // "$.id" refers to nothing
		return constant{i.unpadded(only)}
	}
	return i
}

// unescape replaces \uXXXX, the only escape of texts.
func unescape(s string) (string, error) {
	var b strings.Builder
	for {
		i := strings.Index(s, `\u`)
		if i < 0 {
			b.WriteString(s)
			return joinHalves(b.String()), nil
		}
		if len(s) < i+6 {
			return "", errors.New(`\u needs four hexadecimal digits`)
		}
		n, err := strconv.ParseInt(s[i+2:i+6], 16, 32)
		if err != nil {
			return "", errors.New(`\u needs four hexadecimal digits`)
		}
		b.WriteString(s[:i])
		b.WriteString(text([]uint16{uint16(n)}))
		s = s[i+6:]
	}
}

func (p *parser) integer(t *token) expr {
	if n, err := strconv.ParseInt(t.image, 10, 64); err == nil {
		if n == int64(int32(n)) {
			return constant{Int(int(n))}
		}
		return constant{n}
	}
	n, ok := new(big.Int).SetString(t.image, 10)
	if !ok { // the lexer takes a # before it
		p.fail(t, "not a number: "+t.image, "")
	}
	return constant{n}
}

func (p *parser) float(t *token) expr {
	f, err := strconv.ParseFloat(t.image, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		p.fail(t, "not a number: "+t.image, "")
	}
	return constant{f}
}

// isRange looks ahead whether a [ begins a range.
func (p *parser) isRange() bool {
	before := p.last
	p.dry = true
	p.bound(tokLBracket)
	p.skip(tokWhitespace)
	found := p.is(tokDoubleDot)
	if p.dry { // else the lexer failed
		p.dry, p.err = false, nil
	}
	p.last = before
	return found
}

// bound parses a token and the end of a range behind it.
func (p *parser) bound(after kind) expr {
	p.take(after)
	p.skip(tokWhitespace)
	if p.is(tokInteger) {
		return p.integer(p.take(tokInteger))
	}
	if t := p.peek(1); t.kind != tokIdentifier && t.kind != tokLCurly {
		p.fail(t, "unexpected "+describe(t)+" in a range", "the ends of a range are numbers or references")
		return constant{nil}
	}
	return p.reference()
}

func (p *parser) rangeLiteral() expr {
	r := &rangeLiteral{at: p.begin().at, from: p.bound(tokLBracket)}
	p.skip(tokWhitespace)
	r.to = p.bound(tokDoubleDot)
	p.skip(tokWhitespace)
	p.take(tokRBracket)
	return r
}

func (p *parser) listLiteral() expr {
	p.take(tokLBracket)
	var l listLiteral
	if !p.is(tokRBracket) {
		l = append(l, p.parameter().expr)
		for p.skip(tokComma) || p.dry && p.skip(tokDoubleDot) {
			l = append(l, p.parameter().expr)
		}
	}
	p.take(tokRBracket)
	return l
}

func (p *parser) mapLiteral() expr {
	p.take(tokLeftCurley)
	var m mapLiteral
	if isPrimary(p.peek(1).kind) || p.is(tokWhitespace) && isPrimary(p.peek(2).kind) {
		m = append(m, p.pair())
		for p.skip(tokComma) {
			m = append(m, p.pair())
		}
	} else {
		p.skip(tokWhitespace)
	}
	if !p.skip(tokRCurly) { // which } it is depends on whether a reference came before
		p.take(tokRightCurley)
	}
	return m
}

func (p *parser) pair() [2]expr {
	key := p.parameter().expr
	p.take(tokColon)
	return [2]expr{key, p.parameter().expr}
}

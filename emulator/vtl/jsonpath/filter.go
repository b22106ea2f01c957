package jsonpath

import (
	"errors"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// predicate says whether a filter accepts an item of the root document.
type predicate func(item vtl.Value, doc *document) (bool, error)

// operators are the comparisons of filters; words may be in any case.
var operators map[string]func(left, right operand) (bool, error)

func init() { // not at the declaration: a list among the operands may hold paths
	operators = map[string]func(left, right operand) (bool, error){
		"==": equals, "===": sameKind(equals),
		"!=": negated(equals), "!==": negated(sameKind(equals)),
		"<": ordered(func(o int) bool { return o < 0 }), "<=": ordered(func(o int) bool { return o <= 0 }),
		">": ordered(func(o int) bool { return o > 0 }), ">=": ordered(func(o int) bool { return o >= 0 }),
		"=~": matches, "IN": isIn, "NIN": negated(isIn), "CONTAINS": contains, "SIZE": hasSize, "EMPTY": isEmpty,
		"SUBSETOF": compareLists(subset), "ANYOF": compareLists(anyOf),
		"NONEOF": noneOf,
		"EXISTS": func(l, r operand) (bool, error) { return l.value == r.value, nil },
		"ALL":    unsupported, "TYPE": unsupported, "MATCHES": unsupported,
	}
}

// unsupported operators can't hold in a path that is a text.
func unsupported(operand, operand) (bool, error) {
	return false, &invalid{"the operator takes no literal"}
}

type filterCompiler struct {
	cursor
	depth int
}

// compileFilter compiles what is between ? and ], parentheses included.
func compileFilter(s string) (predicate, error) {
	c := &filterCompiler{cursor: cursor{s: s}}
	holds, err := c.or()
	if err != nil {
		return nil, err
	}
	if c.blanks(); c.pos < len(c.s) {
		return nil, c.fail("expected the end")
	}
	return holds, nil
}

func (c *filterCompiler) fail(message string) error {
	return &invalid{"invalid JSONPath filter " + strconv.Quote(c.s) + " at " + strconv.Itoa(c.pos) + ": " + message}
}

// hard is a failure that can't mean "this is only a check that a path exists".
func (c *filterCompiler) hard(message string) error { return errors.New(c.fail(message).Error()) }

// blanks skips blanks, except one at the very end.
func (c *filterCompiler) blanks() {
	for c.current() == ' ' && c.pos < len(c.s)-1 {
		c.pos++
	}
}

func (c *filterCompiler) skip(s string) bool {
	before := c.pos
	c.blanks()
	if strings.HasPrefix(c.s[min(c.pos, len(c.s)):], s) {
		c.pos += len(s)
		return true
	}
	c.pos = before
	return false
}

func (c *filterCompiler) or() (predicate, error) {
	return c.chain("||", true, c.and)
}

func (c *filterCompiler) and() (predicate, error) {
	return c.chain("&&", false, c.operandOf)
}

// chain reads expressions joined by an operator, which is decided as soon as
// one of them gives the result decides.
func (c *filterCompiler) chain(operator string, decides bool, read func() (predicate, error)) (predicate, error) {
	first, err := read()
	if err != nil {
		return nil, err
	}
	all := []predicate{first}
	for c.skip(operator) {
		p, err := read()
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if len(all) == 1 {
		return first, nil
	}
	return func(item vtl.Value, doc *document) (bool, error) {
		for _, p := range all {
			if ok, err := p(item, doc); err != nil || ok == decides {
				return ok, err
			}
		}
		return !decides, nil
	}, nil
}

// operandOf reads one operand of &&: !( … ), ( … ) or a comparison.
func (c *filterCompiler) operandOf() (predicate, error) {
	if c.depth++; c.depth > 100 {
		return nil, c.fail("nested too deep")
	}
	defer func() { c.depth-- }()
	c.blanks()
	if c.current() == '!' {
		if after := c.at(c.significant(c.pos)); after != '$' && after != '@' {
			c.pos++
			p, err := c.operandOf()
			if err != nil {
				return nil, err
			}
			return func(item vtl.Value, doc *document) (bool, error) {
				ok, err := p(item, doc)
				return !ok, err
			}, nil
		}
	}
	if c.current() == '(' {
		c.pos++
		p, err := c.or()
		if err == nil && !c.skip(")") {
			err = c.fail("expected )")
		}
		return p, err
	}
	return c.comparison()
}

// comparison reads "left operator right", or a path that is to exist.
func (c *filterCompiler) comparison() (predicate, error) {
	left, err := c.operand()
	if err != nil {
		return nil, err
	}
	before := c.pos
	operator, right, err := c.right()
	if err != nil && !soft(err) {
		return nil, err
	}
	if err == nil {
		return func(item vtl.Value, doc *document) (bool, error) {
			l, err := left.evaluate(item, doc)
			if err != nil {
				return false, err
			}
			r, err := right.evaluate(item, doc)
			if err != nil {
				return false, err
			}
			return operator(l, r)
		}, nil
	}
	c.pos = before
	if left.kind != pathOperand {
		return nil, err
	}
	return left.exists, nil
}

func (c *filterCompiler) right() (func(l, r operand) (bool, error), operand, error) {
	c.blanks()
	start := c.pos
	symbol := func(b byte) bool { return b != 0 && strings.IndexByte("<>=~!", b) >= 0 }
	if symbol(c.current()) {
		for symbol(c.current()) {
			c.pos++
		}
	} else {
		for c.pos < len(c.s) && c.current() != ' ' {
			c.pos++
		}
	}
	operator := operators[strings.ToUpper(c.s[start:c.pos])]
	if operator == nil {
		return nil, operand{}, c.fail("no such operator")
	}
	right, err := c.operand()
	return operator, right, err
}

func (c *filterCompiler) operand() (operand, error) {
	c.blanks()
	negated := c.current() == '!'
	if negated {
		c.pos++
		c.blanks()
	}
	switch b := c.current(); {
	case b == '$' || b == '@':
		return c.path(negated)
	case negated:
		return operand{}, c.fail("unexpected !")
	case b == '\'' || b == '"':
		return c.text(b)
	case b == 't' || b == 'f':
		return c.boolean()
	case b == 'n':
		if strings.HasPrefix(c.s[c.pos:], "null") {
			c.pos += len("null")
			return operand{kind: nullOperand}, nil
		}
		return operand{}, c.fail("expected null")
	case b == '{' || b == '[':
		end := c.closing(c.pos, map[byte]byte{'{': '}', '[': ']'}[b], false)
		if end < 0 {
			return operand{}, c.fail("the bracket is not closed")
		}
		text := c.s[c.pos : end+1]
		c.pos = end + 1
		return operand{kind: jsonOperand, text: text}, nil
	case b == '/':
		return c.pattern()
	}
	return c.number()
}

func (c *filterCompiler) text(quote byte) (operand, error) {
	end := c.unescaped(c.pos, quote)
	if end < 0 {
		return operand{}, c.fail("the text is not closed")
	}
	s, err := unescape(c.s[c.pos+1 : end])
	if err != nil {
		return operand{}, c.hard(err.Error())
	}
	c.pos = end + 1
	return operand{kind: textOperand, text: s}, nil
}

func (c *filterCompiler) boolean() (operand, error) {
	for _, word := range []string{"true", "false"} {
		if strings.HasPrefix(c.s[c.pos:], word) {
			c.pos += len(word)
			return operand{kind: booleanOperand, value: word == "true"}, nil
		}
	}
	return operand{}, c.fail("expected true or false")
}

func (c *filterCompiler) number() (operand, error) {
	start := c.pos
	for b := c.current(); b >= '0' && b <= '9' || b == '-' || b == '.' || b == 'e' || b == 'E'; b = c.current() {
		c.pos++
	}
	d, err := vtl.ParseDecimal(c.s[start:c.pos])
	if err != nil {
		return operand{}, c.hard("expected a value")
	}
	return operand{kind: numberOperand, number: d}, nil
}

func (c *filterCompiler) pattern() (operand, error) {
	end := c.unescaped(c.pos, '/')
	if end < 0 {
		return operand{}, c.fail("the pattern is not closed")
	}
	o := operand{kind: patternOperand, text: c.s[c.pos+1 : end]}
	c.pos = end + 1
	for c.current() != 0 && strings.IndexByte("dixmsuU", c.current()) >= 0 {
		if b := c.current(); strings.IndexByte("imsx", b) >= 0 {
			o.flags += string(b)
		}
		c.pos++
	}
	if _, err := vtl.MatchRegex("", o.text, o.flags); err != nil {
		return operand{}, c.hard(err.Error())
	}
	return o, nil
}

// path reads a path within a filter: up to a blank, an operator, or the
// parenthesis that closes around it.
func (c *filterCompiler) path(negated bool) (operand, error) {
	start := c.pos
	for c.pos++; c.pos < len(c.s); c.pos++ {
		if c.current() == '[' {
			end := c.closing(c.pos, ']', false)
			if end < 0 {
				return operand{}, c.fail("the bracket is not closed")
			}
			c.pos = end + 1
		}
		b := c.current()
		if b == 0 || b == ' ' || strings.IndexByte("<>=~!", b) >= 0 || b == ')' && !c.closesFunction(start) {
			break
		}
	}
	p, err := compile(c.s[start:min(c.pos, len(c.s))])
	return operand{kind: pathOperand, path: p, negated: negated}, err
}

// closesFunction says whether the ) at the position ends a call like .size().
func (c *filterCompiler) closesFunction(start int) bool {
	i := c.pos - 1
	for c.at(i) == ' ' {
		i--
	}
	return c.at(i) == '(' && strings.LastIndexByte(c.s[:i], '.') > start
}

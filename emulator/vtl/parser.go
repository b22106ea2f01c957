package vtl

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// unit is what a template shares with the templates in its quoted texts.
type unit struct {
	name   string
	names  []string       // of variables, by slot
	slots  map[string]int // the reverse
	macros map[string]*macro

	references []*reference // in the order they were parsed in, those of quoted texts too
	lines      map[int]bool // those that something begins on
	branches   []CoveredBranch

	evaluated bool // by #evaluate, which is where all of it is then

	// counted says that $velocityCount or $velocityHasNext may be asked for.
	counted bool
}

func newUnit(name string) *unit {
	return &unit{name: name, slots: map[string]int{}, macros: map[string]*macro{}, lines: map[int]bool{}}
}

// extend is a copy that #evaluate can add to: slots stay what they are.
func (u *unit) extend() *unit {
	return &unit{name: u.name, names: slices.Clip(u.names), slots: maps.Clone(u.slots),
		macros: maps.Clone(u.macros), counted: u.counted,
		lines: map[int]bool{}, branches: slices.Clip(u.branches), evaluated: true}
}

// slot is where the variable of that name is kept.
func (u *unit) slot(name string) int {
	i, ok := u.slots[name]
	if !ok {
		i = len(u.names)
		u.names = append(u.names, name)
		u.slots[name] = i
	}
	if name == "velocityCount" || name == "velocityHasNext" {
		u.counted = true
	}
	return i
}

// branch is the number of a way that the directive at a place can take.
func (u *unit) branch(at position, name string) int {
	u.branches = append(u.branches, CoveredBranch{Line: at.line, Column: at.column, Name: name})
	return len(u.branches) - 1
}

// parser builds the tree by the grammar of Velocity 1.7. It asks the lexer for
// tokens one by one and exactly when Velocity's parser does. The first error
// stays in err; from then on all tokens are the end of the template.
type parser struct {
	unit  *unit
	lexer *lexer
	last  *token // consumed last
	depth int
	dry   bool // only looking ahead
	err   error
}

// parse parses a text that begins at a place of the unit, depth levels deep.
func parse(u *unit, text string, begin position, depth int) (block, error) {
	p := &parser{
		unit:  u,
		lexer: &lexer{in: text, at: begin},
		last:  &token{at: begin},
		depth: depth,
	}
	if len(text) > MaxTemplate {
		return nil, u.located(&failure{at: begin, message: "the template is longer than 300 KB"})
	}
	if u.evaluated {
		p.lexer.scan = len(text)
	}
	root := p.statements()
	if t := p.peek(1); t.kind != tokEOF {
		p.unexpectedStatement(t)
	}
	if p.err != nil {
		return nil, u.located(p.err)
	}
	return root, nil
}

// peek looks n tokens ahead.
func (p *parser) peek(n int) *token {
	t := p.last
	for range n {
		if t.next == nil {
			next, err := p.lexer.next()
			if err != nil && p.err == nil {
				p.err, p.dry = err, false
			}
			if p.err != nil {
				return &token{kind: tokEOF, at: t.at}
			}
			t.next = next
		}
		t = t.next
	}
	if p.err != nil {
		return &token{kind: tokEOF, at: t.at}
	}
	return t
}

func (p *parser) is(k kind) bool { return p.peek(1).kind == k }

// skip consumes the next token if it is of the kind k.
func (p *parser) skip(k kind) bool {
	t := p.peek(1)
	if t.kind != k || k == tokEOF {
		return false
	}
	p.last = t
	return true
}

func (p *parser) take(k kind) *token {
	t := p.peek(1)
	if t.kind != k {
		p.fail(t, "unexpected "+describe(t)+", expected "+describeKind(k), "")
		return t
	}
	p.last = t
	return t
}

func (p *parser) fail(t *token, message, hint string) {
	if p.err == nil {
		p.err = &failure{t.at, message, hint}
	}
}

func describe(t *token) string {
	if t.kind == tokEOF {
		return describeKind(tokEOF)
	}
	image := strings.TrimRight(t.image, " \t\r\n")
	if image == "" {
		return "white space"
	}
	return strconv.Quote(image)
}

func describeKind(k kind) string {
	if k == tokEOF || k == tokIdentifier {
		return names[k]
	}
	return strconv.Quote(names[k])
}

// deeper guards against texts that nest without end; it returns the way back.
func (p *parser) deeper() func() {
	if p.depth++; p.depth > MaxNesting {
		p.fail(p.peek(1), "nested more than "+strconv.Itoa(MaxNesting)+" levels deep", "")
	}
	return func() { p.depth-- }
}

// statements parses up to what is no statement: #end, #else, the end.
func (p *parser) statements() block {
	defer p.deeper()()
	var b block
	var text strings.Builder // that b ends in
	for p.err == nil {
		begin := p.peek(1).at
		n, ok := p.statement()
		if !ok {
			break
		}
		switch n := n.(type) {
		case nil:
		case verbatim:
			b = p.text(b, &text, n, begin)
		default:
			b.endText(&text)
			p.unit.lines[begin.line] = true
			b = append(b, statement{node: n, first: begin.line, last: begin.line})
		}
	}
	b.endText(&text)
	return b
}

// text adds the text that begins at a place to what the block ends in; what
// follows on text is one statement with it.
func (p *parser) text(b block, before *strings.Builder, t verbatim, begin position) block {
	place := textPlace{before.Len(), begin}
	before.WriteString(string(t))
	line, last := begin.line, 0 // last: the last one with something on it
	for content := range strings.SplitSeq(string(t), "\n") {
		if strings.TrimSpace(content) != "" {
			p.unit.lines[line] = true
			last = line
		}
		line++
	}
	if len(b) > 0 {
		end := &b[len(b)-1]
		if _, follows := end.node.(verbatim); follows {
			end.last = max(end.last, last)
			end.places = append(end.places, place)
			return b
		}
	}
	return append(b, statement{verbatim(""), begin.line, last, []textPlace{place}})
}

// endText gives the text to the statement that the block ends in, if it has any.
func (b block) endText(text *strings.Builder) {
	if text.Len() > 0 {
		b[len(b)-1].node = verbatim(text.String())
		text.Reset()
	}
}

func (p *parser) statement() (n node, ok bool) {
	t := p.peek(1)
	if t.kind == tokIdentifier || t.kind == tokLCurly && p.peek(2).kind == tokIdentifier {
		return p.reference(), true
	}
	switch t.kind {
	case tokIf:
		return p.ifStatement(), true
	case tokLineCommentStart:
		p.last = t
		p.skip(tokLineComment)
		return comment(t), true
	case tokBlockComment, tokFormalComment:
		p.last = t
		return comment(t), true
	case tokTextblock:
		p.last = t
		return verbatim(strings.TrimSuffix(strings.TrimPrefix(t.image, "#[["), "]]#")), true
	case tokSet:
		return p.set(), true
	case tokEscapeDirective:
		p.last = t
		t.image = p.escapedDirective(t.image)
		return verbatim(t.image), true
	case tokDoubleEscape:
		return p.escapes(), true
	case tokWord, tokBracketedWord:
		return p.directive(), true
	case tokText, tokDot, tokRParen, tokLParen, tokInteger, tokFloat, tokString, tokEscape,
		tokLCurly, tokRCurly, tokEmptyIndex:
		p.last = t
		return verbatim(t.literal()), true
	}
	return nil, false
}

// comment is what Velocity prints of a comment: a $ right before it.
func comment(t *token) node {
	i := strings.Index(t.image, "##")
	if i < 0 {
		i = strings.Index(t.image, "#*")
	}
	return verbatim(t.image[:max(i, 0)])
}

// known says whether \#name is an escaped directive.
func (p *parser) known(name string) bool {
	switch name {
	case "if", "elseif", "else", "end", "set":
		return true
	}
	return p.callable(name)
}

// callable says whether name is a directive of the table or a macro.
func (p *parser) callable(name string) bool {
	return directives[name] != nil || p.unit.macros[name] != nil
}

// escapedDirective takes half of the backslashes in front of a directive.
func (p *parser) escapedDirective(image string) string {
	i := strings.LastIndexByte(image, '\\')
	name := strings.TrimSuffix(strings.TrimPrefix(image[i+2:], "{"), "}")
	if p.known(name) {
		return image[:i/2] + image[i+1:]
	}
	return image
}

// escapes parses pairs of backslashes, which count as one in front of a directive.
func (p *parser) escapes() node {
	n := 0
	for p.skip(tokDoubleEscape) {
		n++
	}
	next := p.peek(1)
	pair := `\\`
	switch next.kind {
	case tokEOF:
	case tokIf, tokElse, tokElseIf, tokEnd:
		pair = `\`
	default:
		if _, size := firstCharacter(next.image); p.callable(next.image[size:]) {
			pair = `\`
		}
	}
	return verbatim(strings.Repeat(pair, n))
}

func (p *parser) ifStatement() node {
	begin := p.take(tokIf)
	s := &ifStatement{branches: []branch{p.branch("#if")}}
	for p.skip(tokElseIf) {
		s.branches = append(s.branches, p.branch("#elseif"))
	}
	if p.skip(tokElse) {
		s.otherwise.number = p.unit.branch(p.last.at, "#else")
		s.otherwise.body = p.statements()
	} else {
		s.otherwise.number = p.unit.branch(begin.at, "#if without #else")
	}
	p.end(begin, "#if")
	return s
}

// branch parses a condition and what is rendered if it holds.
func (p *parser) branch(name string) branch {
	b := branch{line: p.last.at.line, number: p.unit.branch(p.last.at, name)}
	p.unit.lines[b.line] = true
	b.condition = p.condition()
	b.body = p.statements()
	return b
}

func (p *parser) condition() expr {
	p.skip(tokWhitespace)
	p.take(tokLParen)
	e := p.expression()
	if t := p.peek(1); t.kind == tokEquals {
		p.fail(t, "unexpected \"=\" in a condition", "did you mean ==?")
	}
	p.take(tokRParen)
	return e
}

// end takes the #end of the directive that began at begin.
func (p *parser) end(begin *token, name string) {
	t := p.peek(1)
	if t.kind == tokEnd {
		p.last = t
		return
	}
	if t.kind == tokEOF {
		p.fail(begin, name+" has no #end", "add #end")
	}
	p.unexpectedStatement(t)
}

func (p *parser) unexpectedStatement(t *token) {
	switch t.kind {
	case tokEnd, tokElse, tokElseIf:
		image := strings.TrimRight(t.image, " \t\r\n")
		p.fail(t, image+" without #if or #foreach", "remove it, or write \\"+image+" to print it")
	default:
		p.fail(t, "unexpected "+describe(t), "")
	}
}

func (p *parser) set() node {
	begin := p.take(tokSet)
	p.skip(tokWhitespace)
	if t := p.peek(1); t.kind != tokIdentifier && t.kind != tokLCurly {
		p.fail(t, "unexpected "+describe(t)+" in #set", "write #set($name = value)")
	}
	left := p.reference()
	p.skip(tokWhitespace)
	if t := p.peek(1); t.kind == tokEQ {
		p.fail(t, "unexpected == in #set", "did you mean =?")
	}
	p.take(tokEquals)
	right := p.expression()
	if t := p.peek(1); t.kind == tokInteger || t.kind == tokFloat {
		p.fail(t, "unexpected "+describe(t), "a minus next to a digit is its sign; put a blank behind it")
	}
	p.take(tokRParen)
	p.lexer.inSet = false
	if left == nil || p.err != nil {
		return nil
	}
	return &set{at: begin.at, left: left, right: right, slot: p.unit.slot(dropFirst(left.image))}
}

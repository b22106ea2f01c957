package vtl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// state is a lexical state: which rules of rules.go apply.
type state uint8

const (
	inText          state = iota // outside of everything
	inReference                  // after $
	inModifier                   // after the dot of a reference
	inArguments                  // within the ( ) of a method
	inIndex                      // within the [ ] of a reference
	inDirective                  // within the ( ) of a directive
	afterHash                    // after #, before it is known of what
	inLineComment                // after ##
	inFormalComment              // within #** *#
	inBlockComment               // within #* *#
	inTextblock                  // within #[[ ]]#
	states
)

// lexer cuts a text into tokens, each only when it is asked for: the parser
// changes the state between tokens.
type lexer struct {
	in  string
	pos int

	state   state
	stack   []frame
	lparen  int // open parentheses within the state
	rparen  int
	inSet   bool
	comment bool // within a comment or text block, where nothing changes the state

	at   position // of the byte scanned
	scan int

	odd int // tokens, see there
	end int // of the token before
}

// frame is a state that will be returned to.
type frame struct {
	state          state
	lparen, rparen int
}

func (l *lexer) push(next state) {
	l.stack = append(l.stack, frame{l.state, l.lparen, l.rparen})
	l.lparen = 0
	l.state = next
}

func (l *lexer) pop() bool {
	if len(l.stack) == 0 {
		l.lparen, l.state = 0, inText
		return false
	}
	f := l.stack[len(l.stack)-1]
	l.stack = l.stack[:len(l.stack)-1]
	l.lparen, l.rparen, l.state = f.lparen, f.rparen, f.state
	return true
}

// closeParenthesis drops down to below the state that has one open.
func (l *lexer) closeParenthesis() {
	for l.lparen == 0 {
		if !l.pop() {
			return
		}
	}
	if l.lparen == l.rparen+1 {
		l.pop()
	} else {
		l.rparen++
	}
}

// position is where offset is; offsets must not fall from call to call.
func (l *lexer) position(offset int) position {
	for l.scan < offset {
		if l.in[l.scan] == '\n' {
			l.at.line++
			l.at.column = 1
		} else if utf8.RuneStart(l.in[l.scan]) {
			l.at.column++
		}
		l.scan++
	}
	return l.at
}

// next returns the next token, of the kind tokEOF at the end.
func (l *lexer) next() (*token, error) {
	special := ""
	for {
		start := l.pos
		if start == len(l.in) {
			return &token{kind: tokEOF, special: special, at: l.position(start)}, nil
		}
		k, err := l.match(start)
		if err != nil {
			return nil, err
		}
		image := l.in[start:l.pos]
		switch k {
		case skipAny:
			continue
		case specialReferenceEnd, specialDirectiveEnd:
			special += specialText(image)
			l.act(k)
			continue
		}
		t := &token{kind: k, image: image, special: special, at: l.position(start)}
		if k == tokInteger && len(image) > 2 && image[len(image)-2:] == ".." {
			t.image = image[:len(image)-2]
			l.pos -= 2
		} else if k == tokDot {
			t.image = "."
		}
		l.act(k)
		l.measure(t, start)
		return t, nil
	}
}

// measure tells a token what it is in the text.
func (l *lexer) measure(t *token, start int) {
	t.rest, t.size = l.in[start:], l.pos-start
	t.own = start != l.end || t.literal() != l.in[start:l.pos] || // the parser may take escapes and dollars from it
		strings.IndexByte(t.image, '\\') >= 0 || strings.LastIndexByte(t.image, '$') > 0
	if t.own {
		l.odd++
	}
	t.odd, l.end = l.odd, l.pos
}

// match moves past one token that begins at start, with all that must be put
// in front of it ("$", then "foo").
func (l *lexer) match(start int) (kind, error) {
	for {
		k, n := longest(l.state, l.in[l.pos:])
		if n == 0 {
			return 0, l.lexical(start)
		}
		l.pos += n
		if k < moreDollar || k > moreAny {
			return k, nil
		}
		l.act(k)
		if l.pos == len(l.in) {
			return 0, l.lexical(start)
		}
	}
}

// act changes the state after a match, as the token manager of Velocity does.
func (l *lexer) act(k kind) {
	if l.comment && k >= moreDollar && k <= moreHash {
		return
	}
	switch k {
	case tokIndexLBracket:
		l.push(inIndex)
	case tokIndexRBracket, tokRCurly, specialDirectiveEnd, tokEnd, tokElse:
		if k == specialDirectiveEnd {
			l.unread()
		}
		l.pop()
	case specialReferenceEnd:
		l.unread()
		l.pop()
	case tokLParen:
		l.lparen++
		if l.state == inModifier {
			l.state = inArguments
		}
	case tokRParen:
		l.closeParenthesis()
	case tokArgsRParen:
		l.state = inReference
	case tokSet:
		l.push(inDirective)
		l.inSet = true
		l.lparen++
	case tokIf, tokElseIf:
		l.state = inDirective
	case tokDot:
		l.pos--
		l.state = inModifier
	case tokString:
		if l.state == inDirective && !l.inSet && l.lparen == 0 {
			l.pop()
		}
	case tokInteger, tokFloat:
		outside := l.state != inArguments && (k == tokFloat || l.state != inIndex)
		if l.lparen == 0 && !l.inSet && outside {
			l.pop()
		}
	default:
		l.begin(k)
	}
}

// begin is act for what begins and ends references, directives and comments.
func (l *lexer) begin(k kind) {
	switch k {
	case moreDollar:
		if l.state == inReference {
			l.pop()
		}
		l.push(inReference)
	case moreHash:
		if l.state == inReference || l.state == inModifier {
			l.pop()
		}
		l.push(afterHash)
	case tokLineCommentStart:
		if l.state == inReference {
			l.pop()
		}
		l.comment = true
		l.push(inLineComment)
	case moreFormalComment:
		l.unread()
		l.comment = true
		l.push(inFormalComment)
	case moreBlockComment:
		l.comment = true
		l.push(inBlockComment)
	case moreTextblock:
		l.comment = true
		l.push(inTextblock)
	case tokLineComment, tokFormalComment, tokBlockComment, tokTextblock:
		l.comment = false
		l.pop()
	}
}

// unread moves back by one character.
func (l *lexer) unread() {
	_, n := utf8.DecodeLastRuneInString(l.in[:l.pos])
	l.pos -= n
}

// lexical is the error of a text that can't be cut.
func (l *lexer) lexical(start int) error {
	f := &failure{at: l.position(start)}
	if l.pos >= len(l.in) {
		f.message = "the template ends within " + strconv.Quote(l.in[start:min(len(l.in), start+20)])
		switch l.state {
		case inReference, afterHash:
			f.hint = "a $ or # can't be the last character; end the template with a newline"
		case inTextblock:
			f.hint = "close #[[ with ]]#"
		case inFormalComment, inBlockComment:
			f.hint = "close #* with *#"
		}
		return f
	}
	f.at = l.position(max(l.pos, l.scan))
	r, _ := utf8.DecodeRuneInString(l.in[l.pos:])
	f.message = "unexpected " + strconv.QuoteRune(r)
	switch {
	case r == '"' || r == '\'':
		f.hint = "the text has no closing quote"
	case r == '&' || r == '|':
		f.hint = "did you mean " + string([]rune{r, r}) + "?"
	case r == '.' && l.state == inDirective:
		f.hint = "methods can be called on references only; give the value a name with #set first"
	case l.state == inIndex:
		f.hint = "an index is a number, a text or a reference; compute it with #set first"
	}
	return f
}

package vtl

import "strings"

// kind is what a token is. The names are Velocity's.
type kind uint8

const (
	tokEOF kind = iota
	// Tokens that the parser sees.
	tokIndexLBracket
	tokIndexRBracket
	tokLBracket
	tokRBracket
	tokComma
	tokDoubleDot
	tokColon
	tokLeftCurley
	tokRightCurley
	tokLParen
	tokRParen
	tokArgsRParen
	tokEscapeDirective
	tokSet
	tokLineCommentStart
	tokDoubleEscape
	tokEscape
	tokText
	tokLineComment
	tokFormalComment
	tokBlockComment
	tokTextblock
	tokWhitespace
	tokString
	tokTrue
	tokFalse
	tokMinus
	tokPlus
	tokMultiply
	tokDivide
	tokModulus
	tokAnd
	tokOr
	tokLT
	tokLE
	tokGT
	tokGE
	tokEQ
	tokNE
	tokNot
	tokEquals
	tokEnd
	tokIf
	tokElseIf
	tokElse
	tokInteger
	tokFloat
	tokWord
	tokBracketedWord
	tokIdentifier
	tokDot
	tokLCurly
	tokRCurly
	tokEmptyIndex
	// Matches that the lexer keeps to itself: more begin a longer token,
	// special ones hang on the token that follows, skipped ones are dropped.
	moreDollar
	moreTextblock
	moreFormalComment
	moreBlockComment
	moreHash
	moreAny
	specialReferenceEnd
	specialDirectiveEnd
	skipAny
)

// names are for messages; kinds that users write as they read them.
var names = map[kind]string{
	tokEOF: "the end of the template", tokRBracket: "]", tokIndexRBracket: "]", tokComma: ",",
	tokDoubleDot: "..", tokColon: ":", tokRightCurley: "}", tokRCurly: "}", tokLParen: "(", tokRParen: ")",
	tokArgsRParen: ")", tokEquals: "=", tokEnd: "#end", tokIdentifier: "a name", tokLBracket: "[",
}

// token is one token. Tokens hang together in the order of the text.
type token struct {
	kind    kind
	image   string // the text, which escapes may have been taken from
	special string // images of the special tokens in front
	at      position
	next    *token // nil until the parser asks for it

	rest string // of the template, from the token on
	size int    // of the token in it
	odd  int    // how many tokens up to this one may print otherwise than they are written
	own  bool   // this one is among them
}

// literal is the token as Velocity prints it back.
func (t *token) literal() string {
	if t.kind == tokBlockComment {
		return ""
	}
	return t.special + t.image
}

// span is the tokens of a node.
type span struct{ first, last *token }

// source is the part of the template that the tokens make up; false if they
// may print otherwise.
func (s span) source() (string, bool) {
	if s.first == nil || s.first.own || s.first.odd != s.last.odd {
		return "", false
	}
	return s.first.rest[:len(s.first.rest)-len(s.last.rest)+s.last.size], true
}

func (s span) literal() string {
	if text, ok := s.source(); ok {
		return text
	}
	var b strings.Builder
	for t := s.first; t != nil; t = t.next {
		b.WriteString(t.literal())
		if t == s.last {
			break
		}
	}
	return b.String()
}

// images is the tokens without what comes in front of each.
func (s span) images() string {
	if text, ok := s.source(); ok {
		return text
	}
	var b strings.Builder
	for t := s.first; ; t = t.next {
		b.WriteString(t.image)
		if t == s.last {
			return b.String()
		}
	}
}

// specialText is what Velocity prints of a special token, for example the "$"
// of "$5": the characters # and $, and backslashes right before a $.
func specialText(image string) string {
	var b strings.Builder
	for i := 0; i < len(image); i++ {
		switch image[i] {
		case '#', '$':
			b.WriteByte(image[i])
		case '\\':
			j := i
			for j < len(image) && image[j] == '\\' {
				j++
			}
			if j < len(image) && image[j] == '$' {
				b.WriteString(image[i : j+1])
				i = j + 1
			}
		}
	}
	return b.String()
}

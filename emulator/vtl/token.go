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

func (s span) literal() string {
	var b strings.Builder
	for t := s.first; t != nil; t = t.next {
		b.WriteString(t.literal())
		if t == s.last {
			break
		}
	}
	return b.String()
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

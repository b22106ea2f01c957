package vtl

import (
	"strings"
	"unicode/utf8"
)

// rule is one token of Velocity's grammar: in which states it can come, and
// how many bytes of s it takes (0: it is not there). The longest match wins,
// of equal ones the earlier rule.
type rule struct {
	kind   kind
	states uint16
	match  func(s string) int
}

// in is a set of states.
func in(list ...state) (set uint16) {
	for _, s := range list {
		set |= 1 << s
	}
	return set
}

const everywhere = 1<<states - 1

// rules are in the order of Velocity 1.7's Parser.jjt.
var rules = []rule{
	{tokIndexLBracket, in(inReference, inModifier), word("[")},
	{tokIndexRBracket, in(inIndex), word("]")},
	{tokLBracket, in(inDirective, inArguments), word("[")},
	{tokRBracket, in(inDirective, inArguments), word("]")},
	{tokComma, in(inDirective, inArguments), word(",")},
	{tokDoubleDot, in(inDirective, inArguments), word("..")},
	{tokColon, in(inDirective, inArguments), word(":")},
	{tokLeftCurley, in(inDirective, inArguments), word("{")},
	{tokRightCurley, in(inDirective, inArguments), word("}")},
	{tokLParen, in(inDirective, inModifier), word("(")},
	{tokRParen, in(inDirective), func(s string) int { return withNewline(s, word(")")(s)) }},
	{tokArgsRParen, in(inArguments), word(")")},
	{tokEscapeDirective, in(inText), matchEscapedDirective},
	{tokSet, in(inText, inReference, inModifier, inArguments), matchSet},
	{moreDollar, everywhere, matchDollar},
	{moreTextblock, everywhere, word("#[[")},
	{moreFormalComment, everywhere, matchFormalComment},
	{moreBlockComment, everywhere, word("#*")},
	{moreHash, everywhere, word("#")},
	{tokLineCommentStart, in(inText, afterHash, inDirective, inReference), word("##")},
	{tokDoubleEscape, in(inText), word(`\\`)},
	{tokEscape, in(inText), word(`\`)},
	{tokText, in(inText), matchText},
	{tokLineComment, in(inLineComment), newline},
	{tokFormalComment, in(inFormalComment), word("*#")},
	{tokBlockComment, in(inBlockComment), word("*#")},
	{tokTextblock, in(inTextblock), word("]]#")},
	{skipAny, in(inLineComment, inFormalComment, inBlockComment), character},
	{moreAny, in(inTextblock), character},
	{tokWhitespace, in(inDirective, inArguments, inIndex), func(s string) int { return count(s, " \t\n\r") }},
	{tokString, in(inDirective, inArguments, inIndex), matchString},
	{tokTrue, in(inReference, inDirective, inModifier, inArguments, inIndex), word("true")},
	{tokFalse, in(inReference, inDirective, inModifier, inArguments, inIndex), word("false")},
	{tokMinus, in(inDirective), word("-")},
	{tokPlus, in(inDirective), word("+")},
	{tokMultiply, in(inDirective), word("*")},
	{tokDivide, in(inDirective), word("/")},
	{tokModulus, in(inDirective), word("%")},
	{tokAnd, in(inDirective), word("&&", "and")},
	{tokOr, in(inDirective), word("||", "or")},
	{tokLT, in(inDirective), word("<", "lt")},
	{tokLE, in(inDirective), word("<=", "le")},
	{tokGT, in(inDirective), word(">", "gt")},
	{tokGE, in(inDirective), word(">=", "ge")},
	{tokEQ, in(inDirective), word("==", "eq")},
	{tokNE, in(inDirective), word("!=", "ne")},
	{tokNot, in(inDirective), word("!", "not")},
	{tokEquals, in(inDirective), word("=")},
	{tokEnd, in(afterHash), func(s string) int { return withNewline(s, word("end", "{end}")(s)) }},
	{tokIf, in(afterHash), word("if", "{if}")},
	{tokElseIf, in(afterHash), word("elseif", "{elseif}")},
	{tokElse, in(afterHash), func(s string) int { return withNewline(s, word("else", "{else}")(s)) }},
	{tokInteger, in(afterHash, inDirective, inArguments, inIndex), matchInteger},
	{tokFloat, in(afterHash, inDirective, inArguments, inIndex), matchFloat},
	{tokWord, in(afterHash, inDirective), matchWord},
	{tokBracketedWord, in(afterHash, inDirective), matchBracketedWord},
	{tokIdentifier, in(inReference, inModifier, inArguments), matchIdentifier},
	{tokDot, in(inReference, inModifier, inArguments), matchDot},
	{tokLCurly, in(inReference, inModifier), word("{")},
	{tokRCurly, in(inReference, inModifier), word("}")},
	{specialReferenceEnd, in(inReference, inModifier), character},
	{specialDirectiveEnd, in(afterHash), character},
	{tokEmptyIndex, in(inText, inReference), word("$[", "$![", `$\![`, "$.")},
}

// rulesOf are the rules of each state.
var rulesOf = func() (by [states][]rule) {
	for _, r := range rules {
		for s := range states {
			if r.states&(1<<s) != 0 {
				by[s] = append(by[s], r)
			}
		}
	}
	return by
}()

// longest is the rule that wins at the start of s, and its length.
func longest(at state, s string) (best kind, length int) {
	for i := range rulesOf[at] {
		if n := rulesOf[at][i].match(s); n > length {
			best, length = rulesOf[at][i].kind, n
		}
	}
	return best, length
}

// word matches any of the texts, the longest that fits.
func word(texts ...string) func(string) int {
	return func(s string) (n int) {
		for _, t := range texts {
			if len(t) > n && strings.HasPrefix(s, t) {
				n = len(t)
			}
		}
		return n
	}
}

// count is how many bytes at the start of s are of the set.
func count(s, set string) int {
	n := 0
	for n < len(s) && strings.IndexByte(set, s[n]) >= 0 {
		n++
	}
	return n
}

func newline(s string) int { return word("\r\n", "\n", "\r")(s) }

// withNewline adds to a match of n bytes the blanks and the newline behind it.
func withNewline(s string, n int) int {
	if n > 0 {
		blanks := count(s[n:], " \t")
		if end := newline(s[n+blanks:]); end > 0 {
			return n + blanks + end
		}
	}
	return n
}

func character(s string) int {
	if s == "" {
		return 0
	}
	_, n := utf8.DecodeRuneInString(s)
	return n
}

func matchText(s string) int {
	if i := strings.IndexAny(s, `$#\`); i >= 0 {
		return i
	}
	return len(s)
}

// matchDollar matches \\$ and \\$\\!, with any number of backslashes.
func matchDollar(s string) int {
	n := count(s, `\`)
	if n == len(s) || s[n] != '$' {
		return 0
	}
	n++
	if bang := n + count(s[n:], `\`); bang < len(s) && s[bang] == '!' {
		return bang + 1
	}
	return n
}

// matchSet matches #set( with the blanks before it.
func matchSet(s string) int {
	n := count(s, " \t")
	w := word("#set", "#{set}")(s[n:])
	if w == 0 {
		return 0
	}
	n += w
	n += count(s[n:], " ")
	if n < len(s) && s[n] == '(' {
		return n + 1
	}
	return 0
}

func matchFormalComment(s string) int {
	if strings.HasPrefix(s, "#**") && len(s) > 3 && s[3] != '#' {
		return 3 + character(s[3:])
	}
	return 0
}

// matchEscapedDirective matches an odd number of backslashes before a directive.
func matchEscapedDirective(s string) int {
	n := count(s, `\`)
	if n%2 == 0 || n == len(s) || s[n] != '#' {
		return 0
	}
	n++
	if w := max(matchWord(s[n:]), matchBracketedWord(s[n:])); w > 0 {
		return n + w
	}
	return 0
}

// matchString matches a text in quotes, in which a doubled quote stands for one.
func matchString(s string) int {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return 0
	}
	end := 0
	for i := 1; ; {
		q := strings.IndexByte(s[i:], s[0])
		if q < 0 {
			return end
		}
		end = i + q + 1
		if end == len(s) || s[end] != s[0] {
			return end
		}
		i = end + 1
	}
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func matchInteger(s string) int {
	n := count(s[:min(1, len(s))], "-")
	d := count(s[n:], digits)
	if d == 0 {
		return 0
	}
	n += d
	return n + word("..")(s[n:])
}

func matchFloat(s string) int {
	n := count(s[:min(1, len(s))], "-")
	whole := count(s[n:], digits)
	n += whole
	fraction := -1
	if n < len(s) && s[n] == '.' {
		fraction = count(s[n+1:], digits)
		n += 1 + fraction
	}
	if whole == 0 && fraction <= 0 {
		return 0
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		e := n + 1
		e += count(s[e:min(e+1, len(s))], "+-")
		if d := count(s[e:], digits); d > 0 {
			return e + d
		}
	}
	if fraction < 0 {
		return 0
	}
	return n
}

func matchWord(s string) int {
	if count(s[:min(1, len(s))], letters+"_@") == 0 {
		return 0
	}
	return count(s, letters+digits+"_@")
}

func matchBracketedWord(s string) int {
	if s == "" || s[0] != '{' || count(s[1:min(2, len(s))], letters+"_") == 0 {
		return 0
	}
	n := 1 + count(s[1:], letters+digits+"_@")
	if n < len(s) && s[n] == '}' {
		return n + 1
	}
	return 0
}

func matchIdentifier(s string) int {
	if count(s[:min(1, len(s))], letters+"_") == 0 {
		return 0
	}
	return count(s, letters+digits+"-_")
}

func matchDot(s string) int {
	if len(s) > 1 && s[0] == '.' && count(s[1:2], letters) > 0 {
		return 2
	}
	return 0
}

package doctor

import (
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// maxSamples bounds the texts that are made of one pattern.
const maxSamples = 64

// anything is what a sample has where a pattern takes any letter.
const anything = "…"

// samples are short texts that a pattern matches, made of its own words: each
// branch, each optional part with and without. None when the pattern is one
// that only Java knows.
func samples(pattern string) []string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	return textsOf(tree.Simplify())
}

// textsOf are texts of a part of a pattern.
func textsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return []string{runeOf(re)}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{anything}
	case syntax.OpCapture, syntax.OpPlus:
		return textsOf(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		return append([]string{""}, textsOf(re.Sub[0])...)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, textsOf(sub)...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			all = joinEach(all, textsOf(sub))
		}
		return all
	}
	return []string{""} // anchors and the like
}

func joinEach(heads, tails []string) []string {
	var all []string
	for _, head := range heads {
		for _, tail := range tails {
			if len(all) < maxSamples {
				all = append(all, head+tail)
			}
		}
	}
	return all
}

// runeOf is a letter of the class, a readable one if there is any.
func runeOf(re *syntax.Regexp) string {
	for _, readable := range "a0A" {
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= readable && readable <= re.Rune[i+1] {
				return string(readable)
			}
		}
	}
	return string(re.Rune[0])
}

// stopsAtLine says whether a pattern that takes any text somewhere takes no
// line break there.
func stopsAtLine(p *gateway.SelectionPattern) bool {
	return slices.ContainsFunc(samples(p.String()), func(text string) bool {
		at := strings.LastIndex(text, anything)
		return at >= 0 && matches(p, text) && !matches(p, text[:at]+"\n"+text[at+len(anything):])
	})
}

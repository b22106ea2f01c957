package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// ignored is a comment that keeps a rule from reporting what is meant so:
//
//	## apigw-lint-ignore unescaped-value the model lets only numbers through
//
// It is about its own line, or about the next one that is no comment if it has
// the line to itself.
type ignored struct {
	rule, reason string
	line, column int // of the comment
	target       int // the line that it is about
}

var ignorePattern = regexp.MustCompile(`##\s*apigw-lint-ignore\b[ \t]*(\S*)[ \t]*(.*)`)

func ignoredIn(text string) []ignored {
	var all []ignored
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		match := ignorePattern.FindStringSubmatchIndex(line)
		if match == nil {
			continue
		}
		i := ignored{rule: line[match[2]:match[3]], reason: strings.TrimSpace(line[match[4]:match[5]]),
			line: n + 1, column: match[0] + 1, target: n + 1}
		if strings.TrimSpace(line[:match[0]]) == "" {
			for i.target < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i.target-1]), "##") {
				i.target++
			}
		}
		all = append(all, i)
	}
	return all
}

// ignores says whether a comment ignores the rule at a line. One without a
// reason ignores nothing.
func (t *template) ignores(rule string, line int) bool {
	return slices.ContainsFunc(t.ignored, func(i ignored) bool { return i.rule == rule && i.target == line && i.reason != "" })
}

var ignoreComment = Rule{
	ID:       "ignore-comment",
	Severity: doctor.Warning,
	Evidence: doctor.Documented,
	Title:    "A comment that ignores a rule names none, or gives no reason",
	Why:      "it ignores nothing",
	Fix:      "write ## apigw-lint-ignore RULE reason",
	Doc:      "docs/lint.md",
	check: eachTemplate(func(x *examination, t *template) {
		for _, i := range t.ignored {
			switch {
			case !slices.ContainsFunc(x.all, func(r Rule) bool { return r.ID == i.rule }):
				x.findIn(t, i.line, i.column, "there is no rule %q", i.rule)
			case i.reason == "":
				x.findIn(t, i.line, i.column, "it does not say why %s is ignored", i.rule)
			}
		}
	}),
}

package gateway

import (
	"fmt"
	"time"

	"github.com/dlclark/regexp2"
)

// patternTimeout bounds one match: a backtracking pattern on a hostile error
// message must not hold up the gateway.
const patternTimeout = time.Second

// SelectionPattern is a regular expression in Java's sense that must match the
// whole text (rules 35, 42, 57). A dot does not match a line break.
type SelectionPattern struct {
	source string
	expr   *regexp2.Regexp
}

// CompileSelectionPattern compiles the text of a SelectionPattern property.
func CompileSelectionPattern(source string) (*SelectionPattern, error) {
	expr, err := regexp2.Compile(`\A(?:`+source+`)\z`, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("selection pattern %q: %w", source, err)
	}
	expr.MatchTimeout = patternTimeout
	return &SelectionPattern{source: source, expr: expr}, nil
}

// Matches says whether the pattern matches the whole of text.
func (p *SelectionPattern) Matches(text string) (bool, error) {
	matched, err := p.expr.MatchString(text)
	if err != nil {
		return false, fmt.Errorf("selection pattern %q: %w", p.source, err)
	}
	return matched, nil
}

// String is the pattern as the template has it.
func (p *SelectionPattern) String() string { return p.source }

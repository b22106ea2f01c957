package gateway

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// SelectionPattern is a regular expression in Java's sense that must match the
// whole text (rules 35, 42, 57). A dot does not match a line break.
type SelectionPattern struct{ source string }

// CompileSelectionPattern checks the text of a SelectionPattern property.
func CompileSelectionPattern(source string) (*SelectionPattern, error) {
	p := &SelectionPattern{source}
	if _, err := p.Matches(""); err != nil {
		return nil, err
	}
	return p, nil
}

// Matches says whether the pattern matches the whole of text. A pattern that
// tries too much on a hostile text is an error.
func (p *SelectionPattern) Matches(text string) (bool, error) {
	matched, err := vtl.MatchRegex(text, p.source, "")
	if err != nil {
		return false, fmt.Errorf("selection pattern %q: %w", p.source, err)
	}
	return matched, nil
}

// String is the pattern as the template has it.
func (p *SelectionPattern) String() string { return p.source }

package integrationtests

import (
	"fmt"
	"regexp"
)

var reference = regexp.MustCompile(`\$\{(\w+)\}`)

// variables are what ${name} stands for.
type variables map[string]string

// expand replaces every ${name}; a defined text may hold further ones.
func (v variables) expand(text string) (string, error) {
	var unknown error
	for range 3 {
		text = reference.ReplaceAllStringFunc(text, func(match string) string {
			name := reference.FindStringSubmatch(match)[1]
			value, ok := v[name]
			if !ok {
				unknown = fmt.Errorf("${%s} is neither defined nor captured", name)
			}
			return value
		})
	}
	return text, unknown
}

func (v variables) expandLines(lines []Line) ([]Line, error) {
	expanded := make([]Line, len(lines))
	for i, line := range lines {
		value, err := v.expand(line.Value)
		if err != nil {
			return nil, err
		}
		expanded[i] = Line{line.Name, value}
	}
	return expanded, nil
}

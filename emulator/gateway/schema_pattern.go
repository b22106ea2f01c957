package gateway

import (
	"time"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaPattern is a "pattern" of a schema: ECMA 262, as JSON schema says.
type schemaPattern struct{ *regexp2.Regexp }

func compileSchemaPattern(source string) (jsonschema.Regexp, error) {
	expr, err := regexp2.Compile(source, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	expr.MatchTimeout = time.Second
	return schemaPattern{expr}, nil
}

// MatchString reports false when a match takes too long: the body is refused.
func (p schemaPattern) MatchString(text string) bool {
	begun := time.Now()
	matched, err := p.Regexp.MatchString(text)
	if err != nil && time.Since(begun) < p.MatchTimeout {
		// The library's clock stands when nothing has matched for seconds: of those that
		// come first then at once, some get a deadline that is over. Now it goes again.
		matched, err = p.Regexp.MatchString(text)
	}
	return err == nil && matched
}

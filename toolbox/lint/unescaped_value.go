package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var unescapedValue = Rule{
	ID:       "unescaped-value",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "A value goes into JSON as it is",
	Why:      "a quotation mark, a backslash or a line break ends the JSON; whoever knows that adds members of their own to it",
	Fix: `write $input.json('$.name') without quotes for any value, or "$util.escapeJavaScript(…).replaceAll("\\'", "'")" for a text; ` +
		"for a number, let the method's model refuse what is none",
	Doc: templateReference,
	check: eachFailure(brokenValue, func(f failure) string {
		return fmt.Sprintf("%s, %s breaks the JSON: … %s …", f.variation, f.reference, f.excerpt)
	}),
}

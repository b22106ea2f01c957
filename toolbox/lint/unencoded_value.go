package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var unencodedValue = Rule{
	ID:       "unencoded-value",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "A value goes into a form as it is",
	Why:      "an ampersand ends the value, and whoever knows that adds parameters of their own; plus signs become blanks",
	Fix:      "write $util.urlEncode(…)",
	Doc:      templateReference,
	check: eachFailure(openForm, func(f failure) string {
		return fmt.Sprintf("%s, %s begins a further parameter: … %s …", f.variation, f.reference, f.excerpt)
	}),
}

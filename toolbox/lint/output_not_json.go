package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var outputNotJSON = Rule{
	ID:       "output-not-json",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "The output begins as JSON, but is none",
	Why:      "the backend, or the client, can't read it",
	Fix:      "correct the text of the template around that place",
	Doc:      templateReference,
	check: eachFailure(noJSON, func(f failure) string {
		return fmt.Sprintf("%s, the output is no JSON: … %s …", f.variation, f.excerpt)
	}),
}

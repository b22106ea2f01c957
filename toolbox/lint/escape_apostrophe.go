package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var escapeApostrophe = Rule{
	ID:       "escape-apostrophe",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "escapeJavaScript makes \\' of an apostrophe, which is no JSON",
	Why:      "whoever sends an apostrophe gets an error: the backend, or the client, can't read the JSON",
	Fix:      `write $util.escapeJavaScript(…).replaceAll("\\'", "'")`,
	Doc:      templateReference,
	check: eachFailure(brokenApostrophe, func(f failure) string {
		return fmt.Sprintf("%s, %s prints \\', which JSON does not know: … %s …", f.variation, f.reference, f.excerpt)
	}),
}

package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var trailingComma = Rule{
	ID:       "trailing-comma",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "A comma with nothing behind it, or before it",
	Why:      "JSON knows no such comma: the backend, or the client, can't read it",
	Fix:      "in a loop write #if($foreach.hasNext),#end behind the element; put a member that is always there last, and the comma into the #if of one that is not",
	Doc:      templateReference,
	check: eachFailure(brokenComma, func(f failure) string {
		return fmt.Sprintf("%s, there is a comma too many: … %s …", f.variation, f.excerpt)
	}),
}

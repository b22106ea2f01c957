package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var staleValueInLoop = Rule{
	ID:       "stale-value",
	Severity: doctor.Error,
	Evidence: doctor.Recorded,
	Title:    "An element without a value gets that of the element before it",
	Why:      "#set leaves a variable as it is when the value is null, so one element, or one customer, is shown the data of another",
	Fix:      `write #set($x = "$!item.name") with quotes, so that null is ""; or set the variable to "" first in each round`,
	Doc:      templateReference,
	check: eachFailure(staleValue, func(f failure) string {
		return fmt.Sprintf("%s, the one of the first element is printed again: … %s …", f.variation, f.excerpt)
	}),
}

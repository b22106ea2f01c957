package lint

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var renderingFails = Rule{
	ID:       "rendering-fails",
	Severity: doctor.Warning,
	Evidence: doctor.Unverified,
	Title:    "A template fails on input that clients can send",
	Why:      `requests with such input get 500 "Internal server error"; only the execution log says why`,
	Fix:      "ask for it first: #if($list.size() > 0), #if($text.length() > 10), #if($text.matches(…))",
	Doc:      templateReference,
	check: eachFailure(noOutput, func(f failure) string {
		return fmt.Sprintf("%s, the template fails: %s", f.variation, f.excerpt)
	}),
}

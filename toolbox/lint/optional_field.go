package lint

import (
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var optionalField = Rule{
	ID:       "optional-field",
	Severity: doctor.Warning,
	Evidence: doctor.Recorded,
	Title:    "Nothing is printed where JSON needs a value, when a field is left out",
	Why:      "a reference to null prints nothing, so the JSON has a name without a value, which nobody can read",
	Fix:      `write $input.json('$.name'), which prints "" then, or put #if($value) … #end around the member; or let the method's model require the field`,
	Doc:      templateReference,
	check: eachTemplate(func(x *examination, t *template) {
		for _, f := range t.tried().failures {
			if f.kind == noValue && (f.variation.change != ordinary || !t.isFaulty(f.line)) {
				x.findIn(t, f.line, f.column, "%s, %s prints nothing: … %s …", f.variation, f.reference, f.excerpt)
			}
		}
	}),
}

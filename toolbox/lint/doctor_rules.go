package lint

import (
	"slices"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// Rules of the doctor that decide what becomes of a template's way are rules
// here as well. The doctor checks them.
var (
	noDefaultResponse     = ofDoctor("no-default-response")
	statusWithoutResponse = ofDoctor("status-without-response")
	selectionNewline      = ofDoctor("selection-newline")
)

func ofDoctor(id string) Rule {
	all := doctor.Rules()
	r := all[slices.IndexFunc(all, func(r doctor.Rule) bool { return r.ID == id })]
	return Rule{
		ID: r.ID, Severity: r.Severity, Evidence: r.Evidence, Title: r.Title, Why: r.Why, Fix: r.Fix, Doc: r.Doc, OfIntegrations: true,
		check: func(x *examination) {
			found := doctor.Examine(x.app, id)
			x.report.Findings = append(x.report.Findings, found.Findings...)
		},
	}
}

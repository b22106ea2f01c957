package lint

import "github.com/apigw-integrations/apigw-integrations/toolbox/doctor"

var passthroughNever = Rule{
	ID:       "passthrough-never",
	Severity: doctor.Warning,
	Evidence: doctor.Recorded,
	Title:    "A body of another content type goes to the backend as it is",
	Why: "whoever sends a content type that no request template is for goes around the template and what it checks; " +
		"with NEVER the answer is 415 Unsupported Media Type",
	Fix:            "set PassthroughBehavior to NEVER",
	Doc:            apigatewayGuide + "integration-passthrough-behaviors.html",
	OfIntegrations: true,
	check: func(x *examination) {
		for _, m := range x.app.Methods() {
			i := m.Integration
			// A mock integration has no backend, a proxy is meant to pass all on, and
			// without templates NEVER would refuse every request.
			if i.IsProxy() || i.Type == "MOCK" || len(i.RequestTemplates) == 0 || i.RequestTemplates["$default"] != nil {
				continue
			}
			if i.PassthroughBehavior == "" || i.PassthroughBehavior == "WHEN_NO_MATCH" {
				x.find(m.Where("Integration.PassthroughBehavior"), "the PassthroughBehavior of %s is WHEN_NO_MATCH, or is left out", m.Route)
			}
		}
	},
}

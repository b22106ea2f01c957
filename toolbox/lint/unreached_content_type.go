package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var unreachedContentType = Rule{
	ID:             "unreached-content-type",
	Severity:       doctor.Warning,
	Evidence:       doctor.Recorded,
	Title:          "A mapping template is for a content type that no request comes with",
	Why:            "it is never rendered; what it was to do does not happen",
	Fix:            "put it under application/json, which is meant when a request names no type, or under $default",
	Doc:            apigatewayGuide + "integration-passthrough-behaviors.html",
	OfIntegrations: true,
	check: func(x *examination) {
		for _, m := range x.app.Methods() {
			i := m.Integration
			types := slices.Sorted(maps.Keys(i.RequestTemplates))
			for _, contentType := range types {
				if reason := unreached(m, contentType); reason != "" {
					x.find(m.Where("Integration.RequestTemplates."+contentType), "the request template of %s for %s is never reached: %s",
						m.Route, contentType, reason)
				}
			}
		}
	},
}

// unreached says why no request comes to the template; "" when one can.
func unreached(m doctor.Method, contentType string) string {
	bodiless := slices.Contains([]string{"GET", "HEAD", "OPTIONS", "DELETE"}, m.HTTPMethod)
	switch {
	case m.Integration.IsProxy():
		return "an integration of type " + m.Integration.Type + " has none"
	case strings.Contains(contentType, "*"):
		return "there are no wildcards"
	case contentType != "$default" && !strings.Contains(contentType, "/"):
		return "it is no media type"
	case bodiless && m.Integration.RequestTemplates["application/json"] == nil && contentType != "$default":
		return "a " + m.HTTPMethod + " has no body, so it comes as application/json"
	}
	return ""
}

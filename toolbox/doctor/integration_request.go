package doctor

import (
	"strings"
)

var lambdaMethod = Rule{
	ID:       "lambda-method",
	Severity: Error,
	Evidence: Recorded,
	Title:    "A Lambda integration is called with another method than POST",
	Why:      `requests get 500 "Internal server error": the Invoke API of Lambda knows POST only, whatever the client's method is`,
	Fix:      "set IntegrationHttpMethod to POST",
	Doc:      apigatewayGuide + "api-gateway-swagger-extensions-integration.html",
	check: eachIntegration(func(x *examination, m method) {
		if isLambda(m.Integration) && m.Integration.HTTPMethod != "POST" {
			x.find(x.where(m.resource, "Integration.IntegrationHttpMethod"), "", "%s calls its function with %q", m.route(), m.Integration.HTTPMethod)
		}
	}),
}

var mappedHeader = Rule{
	ID:       "mapped-header",
	Severity: Error,
	Evidence: Recorded,
	Title:    "A mapping sets a header that API Gateway sets itself",
	Why:      `every request gets 500 "Internal server error"`,
	Fix:      "take the mapping away",
	Doc:      apigatewayGuide + "api-gateway-known-issues.html",
	check: eachIntegration(func(x *examination, m method) {
		if err := m.Integration.CheckMappedHeaders(); err != nil {
			_, what, _ := strings.Cut(err.Error(), ": ")
			x.find(x.where(m.resource, "Integration.RequestParameters"), "", "%s: %s", m.route(), what)
		}
	}),
}

var mockStatus = Rule{
	ID:       "mock-status",
	Severity: Error,
	Evidence: Unverified,
	Title:    "A mock integration has no request template that gives a statusCode",
	Why:      `requests get 500 "Internal server error"; only the execution log says "Unable to parse statusCode"`,
	Fix:      `add the request template {"statusCode": 200} for application/json`,
	Doc:      apigatewayGuide + "how-to-mock-integration.html",
	check: eachIntegration(func(x *examination, m method) {
		if m.Integration.Type != "MOCK" {
			return
		}
		templates := x.requestTemplates(m)
		if len(templates) == 0 {
			x.find(x.where(m.resource, "Integration"), "", "%s has no request template", m.route())
		}
		for _, t := range templates {
			if !strings.Contains(t.text, "statusCode") {
				x.find(t.where(x.Subject, 0, 0), "", "the request template of %s gives no statusCode", m.route())
			}
		}
	}),
}

var mappingTemplate = Rule{
	ID:       "mapping-template",
	Severity: Error,
	Evidence: Unverified,
	Title:    "A mapping template is no valid Velocity",
	Why:      `the deployment takes it; requests that it is for get 500 "Internal server error"`,
	Fix:      "correct the template",
	Doc:      apigatewayGuide + "models-mappings.html",
	check: eachIntegration(func(x *examination, m method) {
		for _, t := range x.templates(m) {
			if t.err != nil {
				what := t.err.Message
				if t.err.Hint != "" {
					what += " (" + t.err.Hint + ")"
				}
				x.find(t.where(x.Subject, t.err.Line, t.err.Column), "", "%s: line %d, column %d: %s", m.route(), t.err.Line, t.err.Column, what)
			}
		}
	}),
}

var binaryTemplate = Rule{
	ID:       "binary-template",
	Severity: Error,
	Evidence: Recorded,
	Title:    "The API takes bodies as binary that a request template should read",
	Why: `requests get 500 "Internal server error", preflights (OPTIONS) without a body too: ` +
		"binary data can't enter a mapping template",
	Fix: "set ContentHandling of the integration to CONVERT_TO_TEXT, or name the binary media types one by one",
	Doc: apigatewayGuide + "api-gateway-payload-encodings-workflow.html",
	check: eachIntegration(func(x *examination, m method) {
		i := m.Integration
		if i.IsProxy() || i.ContentHandling == "CONVERT_TO_TEXT" {
			return
		}
		for contentType := range i.RequestTemplates {
			if m.API.IsBinary(contentType) {
				x.find(x.where(m.resource, "Integration.RequestTemplates."+contentType), "",
					"%s has a request template for %s, which BinaryMediaTypes of the API (%s) makes binary",
					m.route(), contentType, strings.Join(m.API.BinaryMediaTypes, ", "))
			}
		}
	}),
}

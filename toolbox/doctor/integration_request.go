package doctor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
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
				x.find(t.where(x, 0, 0), "", "the request template of %s gives no statusCode", m.route())
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
				x.find(t.where(x, t.err.Line, t.err.Column), "", "%s: line %d, column %d: %s", m.route(), t.err.Line, t.err.Column, what)
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
	check: func(x *examination) {
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				i := m.Integration
				if i.IsProxy() || i.ContentHandling == "CONVERT_TO_TEXT" {
					continue
				}
				for contentType := range i.RequestTemplates {
					if api.IsBinary(contentType) {
						x.find(x.where(m.resource, "Integration.RequestTemplates."+contentType), "",
							"%s has a request template for %s, which BinaryMediaTypes of the API (%s) makes binary",
							m.route(), contentType, strings.Join(api.BinaryMediaTypes, ", "))
					}
				}
			}
		}
	},
}

// eachIntegration checks the methods of every API.
func eachIntegration(check func(x *examination, m method)) func(*examination) {
	return func(x *examination) {
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				check(x, m)
			}
		}
	}
}

var stageVariable = Rule{
	ID:       "stage-variable",
	Severity: Error,
	Evidence: Recorded,
	Title:    "A stage variable is read that the stage does not set",
	Why: "in a URI or a role it leads nowhere, which is a 500; in a mapping template or parameter it is empty, " +
		"and what that does is the backend's to say",
	Fix: "set it in the Variables of the stage",
	Doc: apigatewayGuide + "stage-variables.html",
	check: func(x *examination) {
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				x.checkVariables(api, m)
			}
			for _, r := range x.of(api, "AWS::ApiGateway::Authorizer") {
				for _, property := range []string{"AuthorizerUri", "AuthorizerCredentials"} {
					x.readsVariables(api, x.where(r, property), "the authorizer "+r.LogicalID, variablesIn(r.String(property)))
				}
			}
		}
	},
}

func (x *examination) checkVariables(api *gateway.API, m method) {
	for _, property := range []string{"Uri", "Credentials", "ConnectionId", "IntegrationTarget"} {
		at := "Integration." + property
		x.readsVariables(api, x.where(m.resource, at), m.route(), variablesIn(m.resource.String(at)))
	}
	for target, source := range m.Integration.RequestParameters {
		if match := variableInSource.FindStringSubmatch(source); match != nil {
			x.readsVariables(api, x.where(m.resource, "Integration.RequestParameters."+target), m.route(), match[1:])
		}
	}
	for i, response := range m.Integration.Responses {
		for target, source := range response.ResponseParameters {
			if match := variableInSource.FindStringSubmatch(source); match != nil {
				at := "Integration.IntegrationResponses." + itoa(i) + ".ResponseParameters." + target
				x.readsVariables(api, x.where(m.resource, at), m.route(), match[1:])
			}
		}
	}
	for _, t := range x.templates(m) {
		for _, reference := range t.references() {
			if x.isOptional(api, reference.Path[0]) {
				continue
			}
			x.readsVariables(api, t.where(x, reference.Line, reference.Column), m.route(), reference.Path[:1])
		}
	}
}

// readsVariables reports those of the names that the stage does not set.
func (x *examination) readsVariables(api *gateway.API, at Where, by string, names []string) {
	for _, name := range names {
		if _, set := api.Stage.Variables[name]; !set {
			x.find(at, "", "%s reads stageVariables.%s, which stage %s does not set", by, name, api.Stage.Name)
		}
	}
}

// isOptional says whether another stage of the API sets the variable: then a
// template may well do without it in this one.
func (x *examination) isOptional(api *gateway.API, name string) bool {
	return slices.ContainsFunc(x.APIs, func(other *gateway.API) bool {
		_, set := other.Stage.Variables[name]
		return other.ID == api.ID && set
	})
}

func variablesIn(text string) []string {
	var names []string
	for _, match := range variableInText.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// variableInSource is a stage variable as the source of a parameter mapping.
var variableInSource = regexp.MustCompile(`^stageVariables\.(.+)$`)

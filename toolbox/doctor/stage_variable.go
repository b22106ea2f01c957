package doctor

import (
	"regexp"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

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
		eachIntegration((*examination).checkVariables)(x)
		for _, api := range x.APIs {
			for _, r := range x.of(api, authorizerType) {
				for _, property := range []string{"AuthorizerUri", "AuthorizerCredentials"} {
					x.readsVariables(api, x.where(r, property), "the authorizer "+r.LogicalID, variablesIn(r.String(property)))
				}
			}
		}
	},
}

func (x *examination) checkVariables(m method) {
	api := m.API
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
			x.readsVariables(api, t.where(x.Subject, reference.Line, reference.Column), m.route(), reference.Path[:1])
		}
	}
}

// readsVariables reports those of the names that the stage does not set.
func (x *examination) readsVariables(api *gateway.API, at Where, by string, names []string) {
	for _, name := range names {
		if !x.sets(api, name) {
			x.find(at, "", "%s reads stageVariables.%s, which stage %s does not set", by, name, api.Stage.Name)
		}
	}
}

// sets says whether the stage sets the variable, to a value that can't be
// resolved perhaps.
func (x *examination) sets(api *gateway.API, name string) bool {
	if _, set := api.Stage.Variables[name]; set {
		return true
	}
	for _, at := range []struct{ kind, property string }{
		{"AWS::ApiGateway::Stage", "Variables"}, {"AWS::ApiGateway::Deployment", "StageDescription.Variables"},
	} {
		for _, r := range x.of(api, at.kind) {
			_, unresolved := r.Value(at.property).(cfn.Unresolved)
			if r.String("StageName") == api.Stage.Name && (unresolved || r.Has(at.property+"."+name)) {
				return true
			}
		}
	}
	return false
}

// isOptional says whether another stage of the API sets the variable: then a
// template may well do without it in this one.
func (x *examination) isOptional(api *gateway.API, name string) bool {
	return slices.ContainsFunc(x.APIs, func(other *gateway.API) bool { return other.ID == api.ID && x.sets(other, name) })
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

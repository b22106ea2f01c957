package openapi

import (
	"maps"
	"strings"
)

// commonSchemes are the security schemes that are no authorizers, under the names
// that the service's own export has for them.
var commonSchemes = map[string]any{
	"api_key": map[string]any{"type": "apiKey", "in": "header", "name": "x-api-key"},
	"sigv4":   map[string]any{"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"},
}

// authorizers become security schemes; the names of the common ones are taken.
func (e *exporter) authorizers() {
	maps.Copy(e.schemes, commonSchemes)
	for _, r := range e.of("Authorizer") {
		e.schemes[e.name(r, e.schemes)] = exportedAuthorizer(r)
	}
}

// neededSchemes are the authorizers, and of the common schemes those that a
// method asks for.
func (e *exporter) neededSchemes() map[string]any {
	maps.DeleteFunc(e.schemes, func(name string, _ any) bool { return commonSchemes[name] != nil && !e.required[name] })
	return e.schemes
}

// exportedAuthorizer names the header of a token as the scheme's own, and other
// sources in the extension.
func exportedAuthorizer(r Resource) map[string]any {
	p := r.Properties
	kind := strings.ToLower(text(p["Type"]))
	scheme := map[string]any{"type": "apiKey", "in": "header", "name": "Unused"}
	source := text(p["IdentitySource"])
	if header, ok := strings.CutPrefix(source, "method.request.header."); ok && kind != "request" {
		scheme["name"], source = header, ""
	}
	scheme["x-amazon-apigateway-authtype"] = "custom"
	if kind == "cognito_user_pools" {
		scheme["x-amazon-apigateway-authtype"] = kind
	}
	if own := text(p["AuthType"]); own != "" {
		scheme["x-amazon-apigateway-authtype"] = own
	}
	scheme[authorizerKey] = some(map[string]any{
		"type":                         kind,
		"authorizerUri":                p["AuthorizerUri"],
		"authorizerCredentials":        p["AuthorizerCredentials"],
		"authorizerResultTtlInSeconds": p["AuthorizerResultTtlInSeconds"],
		"identitySource":               source,
		"identityValidationExpression": p["IdentityValidationExpression"],
		"providerARNs":                 p["ProviderARNs"],
	})
	return scheme
}

// security is what a caller needs, in a requirement each, as the service's own
// export has it: it asks for all of them.
func (e *exporter) security(r Resource) []any {
	p := r.Properties
	var requirements []any
	require := func(scheme string, scopes []any) {
		e.required[scheme] = true
		requirements = append(requirements, map[string]any{scheme: append([]any{}, scopes...)})
	}
	switch text(p["AuthorizationType"]) {
	case "CUSTOM", "COGNITO_USER_POOLS":
		scopes, _ := p["AuthorizationScopes"].([]any)
		if name := e.names[id(p["AuthorizerId"])]; name != "" {
			require(name, scopes)
		} else {
			e.fault(r.At+".AuthorizerId", "the authorizer is none of this API, and left out: nobody may call the method")
		}
	case "AWS_IAM":
		require("sigv4", nil)
	}
	if isTrue(p["ApiKeyRequired"]) {
		require("api_key", nil)
	}
	return requirements
}

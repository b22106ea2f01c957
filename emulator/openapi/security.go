package openapi

import "strings"

// schemes are the document's security schemes and where it has them.
func (i *importer) schemes() (schemes map[string]any, at string) {
	if schemes, ok := i.document["securityDefinitions"].(map[string]any); ok {
		return schemes, "securityDefinitions"
	}
	components, _ := i.document["components"].(map[string]any)
	schemes, _ = components["securitySchemes"].(map[string]any)
	return schemes, "components.securitySchemes"
}

const authorizerKey = "x-amazon-apigateway-authorizer"

// authorizers makes those of the security schemes that have one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
func (i *importer) authorizers() {
	schemes, at := i.schemes()
	for _, name := range sortedKeys(schemes) {
		scheme := i.object(schemes[name])
		authorizer := i.object(scheme[authorizerKey])
		if authorizer == nil {
			continue
		}
		source := authorizer["identitySource"]
		if header := text(scheme["name"]); source == nil && header != "" && !strings.EqualFold(text(authorizer["type"]), "request") {
			source = "method.request.header." + header
		}
		i.add("authorizer "+name, "Authorizer", at+"."+name, map[string]any{
			"Name":                         name,
			"Type":                         upper(authorizer["type"]),
			"AuthType":                     scheme["x-amazon-apigateway-authtype"],
			"AuthorizerUri":                authorizer["authorizerUri"],
			"AuthorizerCredentials":        authorizer["authorizerCredentials"],
			"AuthorizerResultTtlInSeconds": authorizer["authorizerResultTtlInSeconds"],
			"IdentitySource":               source,
			"IdentityValidationExpression": authorizer["identityValidationExpression"],
			"ProviderARNs":                 authorizer["providerARNs"],
		})
	}
}

// authorization says who may call the method, by the operation's security
// requirements or else the document's.
func (i *importer) authorization(o operation, properties map[string]any) {
	properties["AuthorizationType"] = "NONE"
	if auth := i.object(o.object["x-amazon-apigateway-auth"]); auth != nil {
		properties["AuthorizationType"] = upper(auth["type"])
	}
	requirements, own := o.object["security"].([]any)
	at := o.at + ".security"
	if !own {
		requirements, _ = i.document["security"].([]any)
		at = "security"
	}
	schemes, _ := i.schemes()
	for _, requirement := range requirements {
		names, _ := requirement.(map[string]any)
		for _, name := range sortedKeys(names) {
			scheme := i.object(schemes[name])
			if scheme == nil {
				i.warn(at, "there is no security scheme %q; the service ignores it", name)
				continue
			}
			i.require(name, scheme, names[name], properties)
		}
	}
}

// require applies one security scheme to a method.
func (i *importer) require(name string, scheme map[string]any, scopes any, properties map[string]any) {
	authorizer := i.object(scheme[authorizerKey])
	switch {
	case authorizer != nil:
		properties["AuthorizationType"] = "CUSTOM"
		if strings.EqualFold(text(authorizer["type"]), "cognito_user_pools") {
			properties["AuthorizationType"] = "COGNITO_USER_POOLS"
		}
		properties["AuthorizerId"] = i.ref("authorizer " + name)
		if list, _ := scopes.([]any); len(list) > 0 {
			properties["AuthorizationScopes"] = list
		}
	case strings.EqualFold(text(scheme["x-amazon-apigateway-authtype"]), "awsSigv4"):
		properties["AuthorizationType"] = "AWS_IAM"
	case scheme["type"] == "apiKey":
		properties["ApiKeyRequired"] = true
	}
}

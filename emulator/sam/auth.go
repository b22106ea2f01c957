package sam

import (
	"maps"
	"slices"
	"strings"
)

// The names of security schemes that are no authorizers of the API, and of the
// marks by which an event declines what the API asks of all others.
const (
	iam       = "AWS_IAM"
	none      = "NONE"
	apiKey    = "api_key"
	noAPIKey  = "api_key_false"
	asCaller  = "CALLER_CREDENTIALS"
	callerARN = "arn:${AWS::Partition}:iam::*:user/*"
)

// addAuth adds the API's authorizers, and the default one to every operation
// that has none of its own.
func (t *transformation) addAuth(a *api) {
	auth, _ := a.properties["Auth"].(object)
	authorizers, _ := auth["Authorizers"].(object)
	schemes := object{
		iam:    object{"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
		apiKey: object{"type": "apiKey", "name": "x-api-key", "in": "header"},
	}
	for _, name := range slices.Sorted(maps.Keys(authorizers)) {
		authorizer, ok := authorizers[name].(object)
		if !ok {
			t.fault(a.id, "Auth.Authorizers."+name, "it is no authorizer")
			continue
		}
		schemes[name] = t.authorizer(a, name, authorizer)
	}
	used := map[string]bool{}
	a.operations(func(_, key string, operation object) {
		if operation[integrationKey] == nil {
			return
		}
		security, isList := operation["security"].([]any)
		required := requirements(security, auth, key, authorizers)
		for _, requirement := range required {
			for name := range requirement.(object) {
				used[name] = true
			}
		}
		if len(required) > 0 || isList {
			operation["security"] = required
		}
	})
	for name, scheme := range schemes {
		if used[name] || authorizers[name] != nil {
			existing := section(a.document, "securityDefinitions", "securitySchemes")
			if existing[name] == nil {
				existing[name] = scheme
			}
		}
	}
	if policy := auth["ResourcePolicy"]; policy != nil && a.document["x-amazon-apigateway-policy"] == nil {
		a.document["x-amazon-apigateway-policy"] = policy
	}
}

// requirements are what an operation asks for: its own, else the API's defaults.
func requirements(own []any, auth object, key string, authorizers object) []any {
	isPreflight := strings.EqualFold(key, "options")
	var kept []any
	var authorized, keyed bool
	for _, requirement := range own {
		names, _ := requirement.(object)
		for name := range names {
			switch {
			case name == none:
				authorized = true
			case name == noAPIKey:
				keyed = true
			case name == apiKey:
				keyed, kept = true, append(kept, requirement)
			default:
				authorized = authorized || name == iam || authorizers[name] != nil
				kept = append(kept, requirement)
			}
		}
	}
	if def := text(auth["DefaultAuthorizer"]); def != "" && def != none && !authorized &&
		(!isPreflight || auth["AddDefaultAuthorizerToCorsPreflight"] != false) {
		kept = append(kept, object{def: scopes(authorizers, def)})
	}
	if auth["ApiKeyRequired"] == true && !keyed && (!isPreflight || auth["AddApiKeyRequiredToCorsPreflight"] != false) {
		kept = append(kept, object{apiKey: []any{}})
	}
	return kept
}

func scopes(authorizers object, name string) []any {
	authorizer, _ := authorizers[name].(object)
	list, ok := authorizer["AuthorizationScopes"].([]any)
	if !ok {
		return []any{}
	}
	return list
}

// authorizer is the security scheme of one of the API's authorizers, with the
// permission to ask its function.
func (t *transformation) authorizer(a *api, name string, authorizer object) object {
	identity, _ := authorizer["Identity"].(object)
	header := text(identity["Header"])
	if header == "" {
		header = "Authorization"
	}
	extension := object{"identityValidationExpression": identity["ValidationExpression"]}
	scheme := object{"type": "apiKey", "name": header, "in": "header", "x-amazon-apigateway-authorizer": extension}
	if pools := authorizer["UserPoolArn"]; pools != nil {
		if _, isList := pools.([]any); !isList {
			pools = []any{pools}
		}
		scheme["x-amazon-apigateway-authtype"] = "cognito_user_pools"
		extension["type"], extension["providerARNs"] = "cognito_user_pools", pools
		return scheme
	}
	scheme["x-amazon-apigateway-authtype"] = "custom"
	extension["type"] = "token"
	function := authorizer["FunctionArn"]
	extension["authorizerUri"] = subWith(
		"arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations",
		object{"__FunctionArn__": function})
	extension["authorizerResultTtlInSeconds"] = identity["ReauthorizeEvery"]
	extension["authorizerCredentials"] = authorizer["FunctionInvokeRole"]
	if authorizer["FunctionPayloadType"] == "REQUEST" {
		scheme["name"] = "Unused"
		extension["type"], extension["identitySource"] = "request", identitySource(identity)
	}
	maps.DeleteFunc(extension, func(_ string, v any) bool { return v == nil || v == none })
	t.write(a.resource, a.id+letters(name)+"AuthorizerPermission", "AWS::Lambda::Permission", object{
		"Action": "lambda:InvokeFunction", "FunctionName": function, "Principal": "apigateway.amazonaws.com",
		"SourceArn": subWith("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*", object{"__ApiId__": ref(a.id)}),
	})
	return scheme
}

// identitySource joins what identifies a caller.
func identitySource(identity object) any {
	var sources []string
	for _, group := range []struct{ name, prefix string }{
		{"Headers", "method.request.header."}, {"QueryStrings", "method.request.querystring."},
		{"StageVariables", "stageVariables."}, {"Context", "context."},
	} {
		names, _ := identity[group.name].([]any)
		for _, name := range names {
			sources = append(sources, group.prefix+text(name))
		}
	}
	if sources == nil {
		return nil
	}
	return strings.Join(sources, ", ")
}

// usagePlan makes the usage plan and the key of an API that asks for them.
func (t *transformation) usagePlan(a *api, stage string) {
	auth, _ := a.properties["Auth"].(object)
	plan, _ := auth["UsagePlan"].(object)
	kind := text(plan["CreateUsagePlan"])
	if kind == "" || kind == none {
		return
	}
	prefix := a.id
	if kind == "SHARED" {
		prefix = "Serverless"
	}
	stages := []any{object{"ApiId": ref(a.id), "Stage": ref(stage)}}
	if existing, ok := t.resource(prefix + "UsagePlan"); ok {
		others, _ := existing.properties["ApiStages"].([]any)
		existing.properties["ApiStages"] = append(others, stages...)
		return
	}
	properties := take(plan, "Description", "Quota", "Throttle", "UsagePlanName")
	properties["ApiStages"] = stages
	t.write(a.resource, prefix+"UsagePlan", "AWS::ApiGateway::UsagePlan", properties)
	t.write(a.resource, prefix+"ApiKey", "AWS::ApiGateway::ApiKey", object{"Enabled": true})
	t.write(a.resource, prefix+"UsagePlanKey", "AWS::ApiGateway::UsagePlanKey",
		object{"KeyId": ref(prefix + "ApiKey"), "KeyType": "API_KEY", "UsagePlanId": ref(prefix + "UsagePlan")})
	for name, id := range map[string]string{"UsagePlan": "UsagePlan", "ApiKey": "ApiKey", "UsagePlanKey": "UsagePlanKey"} {
		t.references[a.id+"."+name] = prefix + id
	}
}

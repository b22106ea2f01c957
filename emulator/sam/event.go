package sam

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

const integrationKey = "x-amazon-apigateway-integration"

// events calls do with each event of the type Api, and the API that it belongs
// to; nil for one that is not of the macro.
func (t *transformation) events(r resource, do func(name string, event object, a *api)) {
	events, _ := r.properties["Events"].(object)
	for _, name := range slices.Sorted(maps.Keys(events)) {
		event, _ := events[name].(object)
		properties, _ := event["Properties"].(object)
		switch event["Type"] {
		case "Api":
			do(name, properties, t.apiOf(properties))
		case "HttpApi":
			t.implicitHTTPAPI(r, properties)
		case "SNS":
			t.subscription(r, name, properties)
		}
	}
}

func (t *transformation) apiOf(event object) *api {
	switch id := event["RestApiId"].(type) {
	case nil:
		return t.implicit()
	case string:
		return t.apis[id]
	case object:
		return t.apis[text(id["Ref"])]
	}
	return nil
}

// addRoute adds an event's operation to the document of its API, when that is
// the macro's to write.
func (t *transformation) addRoute(r resource, name string, event object, a *api, operation object) {
	place := "Events." + name
	path, method := t.text(event["Path"]), strings.ToLower(t.text(event["Method"]))
	switch {
	case path == "" || method == "":
		t.fault(r.id, place, "Path and Method must be texts that are known before the deployment")
		return
	case a == nil:
		return
	}
	if method == "any" {
		method = anyMethod
	}
	paths, ok := a.document["paths"].(object)
	if !ok {
		return // the document is none, or elsewhere
	}
	if !a.managed {
		override(paths, path, method, event, a)
		return
	}
	item, ok := paths[path].(object)
	if !ok {
		item = object{}
		paths[path] = item
	}
	if existing, _ := item[method].(object); existing != nil {
		if !a.merges && (existing[integrationKey] != nil || isFunction(existing)) {
			t.fault(r.id, place, "%s %s has an integration already", strings.ToUpper(method), path)
			return
		}
		operation = merged(existing, operation).(object)
	}
	authorize(operation, event, a)
	validate(operation, event, a)
	t.origins["Resources."+a.id+".Properties.Body.paths."+path+"."+method] = "Resources." + r.id + ".Properties." + place
	condition := r.entry["Condition"]
	a.routes = append(a.routes, condition)
	item[method] = operation
	if condition != nil {
		item[method] = object{"Fn::If": []any{condition, operation, ref("AWS::NoValue")}}
	}
}

// override lets the event say who may call an operation of a document that is
// not the macro's to write.
func override(paths object, path, method string, event object, a *api) {
	auth, _ := event["Auth"].(object)
	if auth["OverrideApiAuth"] != true {
		return
	}
	for _, item := range branches(paths[path]) {
		for _, operation := range branches(item[method]) {
			authorize(operation, event, a)
		}
	}
}

// authorize takes the event's own word on who may call.
func authorize(operation, event object, a *api) {
	auth, _ := event["Auth"].(object)
	apiAuth, _ := a.properties["Auth"].(object)
	authorizers, _ := apiAuth["Authorizers"].(object)
	security := []any{}
	if name := text(auth["Authorizer"]); name != "" {
		allowed, ok := auth["AuthorizationScopes"].([]any)
		if !ok {
			allowed = scopes(authorizers, name)
		}
		security = append(security, object{name: allowed})
	}
	switch auth["ApiKeyRequired"] {
	case true:
		security = append(security, object{apiKey: []any{}})
	case false:
		security = append(security, object{noAPIKey: []any{}})
	}
	if len(security) > 0 {
		operation["security"] = security
	}
	isIAM := auth["Authorizer"] == iam || apiAuth["DefaultAuthorizer"] == iam && auth["Authorizer"] == nil
	integration, _ := operation[integrationKey].(object)
	if !isIAM || integration["credentials"] != nil {
		return
	}
	role := any(asCaller)
	for _, source := range []object{apiAuth, auth} {
		if given, ok := source["InvokeRole"]; ok {
			role = given
		}
	}
	switch role {
	case none, nil:
	case asCaller:
		integration["credentials"] = sub(callerARN)
	default:
		integration["credentials"] = role
	}
}

// validate takes the event's model and parameters.
func validate(operation, event object, a *api) {
	model, _ := event["RequestModel"].(object)
	checksBody, checksParameters := model["ValidateBody"] == true, model["ValidateParameters"] == true
	if name := strings.ToLower(text(model["Model"])); name != "" {
		if a.document["openapi"] != nil {
			operation["requestBody"] = object{"content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/" + name}}}}
		} else {
			body := object{"in": "body", "name": name, "schema": object{"$ref": "#/definitions/" + name}}
			operation["parameters"] = append(parametersOf(operation), body)
		}
	}
	parameters, _ := event["RequestParameters"].([]any)
	for _, parameter := range parameters {
		settings, isObject := parameter.(object)
		if !isObject {
			settings = object{text(parameter): object{}}
		}
		for name, value := range settings {
			properties, _ := value.(object)
			location, rest, _ := strings.Cut(strings.TrimPrefix(name, "method.request."), ".")
			if location == "querystring" {
				location = "query"
			}
			required := properties["Required"] == true
			operation["parameters"] = append(parametersOf(operation), object{"in": location, "name": rest, "required": required, "type": "string"})
		}
	}
	if checksBody || checksParameters {
		name := validatorName(checksBody, checksParameters)
		operation["x-amazon-apigateway-request-validator"] = name
		const key = "x-amazon-apigateway-request-validators"
		validators, ok := a.document[key].(object)
		if !ok {
			validators = object{}
			a.document[key] = validators
		}
		validators[name] = object{"validateRequestBody": checksBody, "validateRequestParameters": checksParameters}
	}
}

func parametersOf(operation object) []any {
	list, _ := operation["parameters"].([]any)
	return list
}

func validatorName(body, parameters bool) string {
	switch {
	case body && parameters:
		return "body-and-params"
	case body:
		return "body-only"
	}
	return "params-only"
}

var pathVariable = regexp.MustCompile(`\{[^}]*\}`)

// permit lets the API invoke a function for an event.
func (t *transformation) permit(r resource, name string, event object, a *api, function any) {
	apiID := event["RestApiId"]
	if a != nil {
		apiID = ref(a.id)
	}
	method, path := strings.ToUpper(t.text(event["Method"])), pathVariable.ReplaceAllString(t.text(event["Path"]), "*")
	if method == "ANY" {
		method = "*"
	}
	if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	t.write(r, r.id+letters(name)+"Permission", "AWS::Lambda::Permission", object{
		"Action": "lambda:InvokeFunction", "FunctionName": function, "Principal": "apigateway.amazonaws.com",
		"SourceArn": subWith("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/*/"+method+path, object{"__ApiId__": apiID}),
	})
}

// subscription lets a topic invoke the function.
func (t *transformation) subscription(r resource, name string, event object) {
	t.write(r, r.id+letters(name), "AWS::SNS::Subscription", object{
		"TopicArn": event["Topic"], "Protocol": "lambda", "Endpoint": attribute(r.id, "Arn"),
		"FilterPolicy": event["FilterPolicy"], "FilterPolicyScope": event["FilterPolicyScope"],
	})
	t.write(r, r.id+letters(name)+"Permission", "AWS::Lambda::Permission", object{
		"Action": "lambda:InvokeFunction", "FunctionName": ref(r.id), "Principal": "sns.amazonaws.com", "SourceArn": event["Topic"],
	})
}

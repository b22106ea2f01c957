package sam

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// implicitID is the API of events that name none.
const implicitID = "ServerlessRestApi"

// api is one REST API on its way: its resource and its OpenAPI document.
type api struct {
	resource
	document object // nil when it is elsewhere
	managed  bool   // events add routes to the document
	merges   bool   // they may complete operations that it has
	routes   []any  // conditions of what adds routes; nil for none
}

// addAPI collects an AWS::Serverless::Api.
func (t *transformation) addAPI(r resource) {
	a := &api{resource: r, managed: true, merges: r.properties["MergeDefinitions"] == true}
	t.apis[r.id] = a
	switch body := r.properties["DefinitionBody"].(type) {
	case object:
		if !isFunction(body) {
			a.document, a.managed = body, a.merges
		}
	case nil:
		if r.properties["DefinitionUri"] == nil {
			a.document = emptyDocument()
		}
	default:
		t.fault(r.id, "DefinitionBody", "it is no object")
	}
}

func emptyDocument() object {
	return object{
		"swagger": "2.0",
		"info":    object{"version": "1.0", "title": ref("AWS::StackName")},
		"paths":   object{},
	}
}

// implicit gives the API of events that name none.
func (t *transformation) implicit() *api {
	if a := t.apis[implicitID]; a != nil {
		return a
	}
	properties := object{"StageName": "Prod"}
	if common, ok := t.globals["Api"].(object); ok {
		properties = merged(common, properties).(object)
	}
	a := &api{
		resource: resource{id: implicitID, kind: apiType, properties: properties, entry: object{}},
		document: emptyDocument(), managed: true,
	}
	t.apis[implicitID] = a
	return a
}

// operations calls do with every operation of the document, those in the
// branches of Fn::If too.
func (a *api) operations(do func(path, key string, operation object)) {
	paths, _ := a.document["paths"].(object)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, item := range branches(paths[path]) {
			for _, key := range slices.Sorted(maps.Keys(item)) {
				if !isMethod(key) {
					continue
				}
				for _, operation := range branches(item[key]) {
					do(path, key, operation)
				}
			}
		}
	}
}

// branches are the objects that a value may turn out to be.
func branches(v any) []object {
	o, _ := v.(object)
	choice, isChoice := o["Fn::If"].([]any)
	switch {
	case isChoice && len(choice) == 3:
		return append(branches(choice[1]), branches(choice[2])...)
	case o == nil || isFunction(o):
		return nil
	}
	return []object{o}
}

const anyMethod = "x-amazon-apigateway-any-method"

// isMethod says whether a key of a path item is an operation.
func isMethod(key string) bool {
	return slices.Contains([]string{"get", "put", "post", "delete", "options", "head", "patch", anyMethod}, strings.ToLower(key))
}

// writeAPI writes an API out.
func (t *transformation) writeAPI(a *api) {
	p := a.properties
	t.conditionOfImplicit(a)
	if a.document != nil {
		t.complete(a)
	}
	rest := take(p, "Name", "Description", "BinaryMediaTypes", "MinimumCompressionSize", "FailOnWarnings", "Mode",
		"ApiKeySourceType", "DisableExecuteApiEndpoint", "Policy", "SecurityPolicy")
	rest["Tags"] = tags(p["Tags"])
	rest["EndpointConfiguration"] = endpointConfiguration(p["EndpointConfiguration"])
	if a.document != nil {
		rest["Body"] = a.document
	} else if body := p["DefinitionBody"]; body != nil {
		rest["Body"] = body
	} else {
		rest["BodyS3Location"] = location(p["DefinitionUri"], "Bucket", "Key")
	}
	t.replace(a.resource, "AWS::ApiGateway::RestApi", rest)

	deployment := a.id + "Deployment"
	t.write(a.resource, deployment, "AWS::ApiGateway::Deployment", object{"RestApiId": ref(a.id)})
	stage := take(p, "StageName", "Variables", "MethodSettings", "CacheClusterEnabled", "CacheClusterSize", "AccessLogSetting",
		"CanarySetting", "TracingEnabled")
	stage["RestApiId"], stage["DeploymentId"] = ref(a.id), ref(deployment)
	stageID := a.id + letters(t.text(p["StageName"])) + "Stage"
	t.write(a.resource, stageID, "AWS::ApiGateway::Stage", stage)
	t.references[a.id+".Stage"], t.references[a.id+".Deployment"] = stageID, deployment
	t.usagePlan(a, stageID)
	t.domain(a, stageID)
}

// conditionOfImplicit: the implicit API is made when anything that adds a route
// to it is.
func (t *transformation) conditionOfImplicit(a *api) {
	if a.id != implicitID || slices.Contains(a.routes, nil) {
		return
	}
	var names []any
	for _, condition := range a.routes {
		if name, ok := condition.(string); ok && !slices.Contains(names, any(name)) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
	case 1:
		a.entry["Condition"] = names[0]
	default:
		const id = implicitID + "Condition"
		t.conditions = object{id: anyOf(names)}
		a.entry["Condition"] = id
	}
}

// anyOf nests Fn::Or, which takes ten conditions at most.
func anyOf(names []any) object {
	parts := make([]any, 0, 10)
	for i, name := range names {
		if i == 9 && len(names) > 10 {
			parts = append(parts, anyOf(names[9:]))
			break
		}
		parts = append(parts, object{"Condition": name})
	}
	return object{"Fn::Or": parts}
}

// complete adds to the document what the resource says of the whole API.
func (t *transformation) complete(a *api) {
	p := a.properties
	t.addCORS(a)
	t.addAuth(a)
	if models, ok := p["Models"].(object); ok {
		schemas := section(a.document, "definitions", "schemas")
		for name, schema := range models {
			schemas[strings.ToLower(name)] = schema
		}
	}
	if responses, ok := p["GatewayResponses"].(object); ok {
		made := object{}
		for kind, response := range responses {
			made[kind] = gatewayResponse(response)
		}
		a.document["x-amazon-apigateway-gateway-responses"] = made
	}
}

// section is the part of a document that version 2.0 has under one name at the
// top and version 3.0 under another in components.
func section(document object, top, component string) object {
	parent, name := document, top
	if document["openapi"] != nil {
		components, ok := document["components"].(object)
		if !ok {
			components = object{}
			document["components"] = components
		}
		parent, name = components, component
	}
	found, ok := parent[name].(object)
	if !ok {
		found = object{}
		parent[name] = found
	}
	return found
}

// gatewayResponse spells a gateway response as OpenAPI documents do.
func gatewayResponse(v any) object {
	response, _ := v.(object)
	made := object{"statusCode": response["StatusCode"], "responseTemplates": response["ResponseTemplates"]}
	parameters := object{}
	given, _ := response["ResponseParameters"].(object)
	for group, location := range map[string]string{"Headers": "header", "Paths": "path", "QueryStrings": "querystring"} {
		values, _ := given[group].(object)
		for name, value := range values {
			parameters["gatewayresponse."+location+"."+name] = value
		}
	}
	made["responseParameters"] = parameters
	maps.DeleteFunc(made, func(_ string, v any) bool { return v == nil })
	return made
}

// endpointConfiguration takes a type, or an object with one.
func endpointConfiguration(v any) any {
	configuration, ok := v.(object)
	switch {
	case v == nil:
		return nil
	case !ok || isFunction(configuration):
		return object{"Types": []any{v}}
	}
	made := object{"VpcEndpointIds": configuration["VPCEndpointIds"]}
	if kind := configuration["Type"]; kind != nil {
		made["Types"] = []any{kind}
	}
	maps.DeleteFunc(made, func(_ string, v any) bool { return v == nil })
	return made
}

// location gives an S3 URI the form of an object; a local path stays a text.
func location(v any, bucket, key string) any {
	switch v := v.(type) {
	case object:
		if isFunction(v) {
			return v
		}
		return object{bucket: v["Bucket"], key: v["Key"]}
	case string:
		if path, ok := strings.CutPrefix(v, "s3://"); ok {
			name, rest, _ := strings.Cut(path, "/")
			return object{bucket: name, key: rest}
		}
	}
	return v
}

// domain keeps what says that the API has a domain name of its own.
func (t *transformation) domain(a *api, stage string) {
	domain, ok := a.properties["Domain"].(object)
	if !ok {
		return
	}
	id := a.id + "DomainName"
	t.write(a.resource, id, "AWS::ApiGateway::DomainName", take(domain, "DomainName"))
	t.references[a.id+".DomainName"] = id
	paths, _ := domain["BasePath"].([]any)
	if len(paths) == 0 {
		paths = []any{nil}
	}
	for i, path := range paths {
		t.write(a.resource, fmt.Sprintf("%sBasePathMapping%d", a.id, i), "AWS::ApiGateway::BasePathMapping",
			object{"DomainName": domain["DomainName"], "RestApiId": ref(a.id), "Stage": ref(stage), "BasePath": path})
	}
}

package openapi

import (
	"maps"
	"slices"
	"strings"
)

// paths are the resources that have methods, or lead nowhere further.
func (e *exporter) paths() map[string]any {
	paths := map[string]any{}
	inner := map[string]bool{}
	resources := e.of("Resource")
	for _, r := range resources {
		inner[id(r.Properties["ParentId"])] = true
	}
	for _, r := range resources {
		if path := e.path(r.LogicalID); path != "" && !inner[r.LogicalID] {
			paths[path] = map[string]any{}
		}
	}
	for _, r := range e.of("Method") {
		path := e.path(id(r.Properties["ResourceId"]))
		if path == "" {
			e.fault(r.At+".ResourceId", "it is no resource of this API, and the method is left out")
			continue
		}
		item, _ := paths[path].(map[string]any)
		if item == nil {
			item = map[string]any{}
			paths[path] = item
		}
		for key, method := range methods {
			if method == r.Properties["HttpMethod"] {
				item[key] = e.operation(r, path)
			}
		}
	}
	return paths
}

// path is that of a resource, "" when it doesn't begin at the root.
func (e *exporter) path(resource string) string {
	path := ""
	for resource != e.RootID {
		r, ok := e.resources[resource]
		if !ok || strings.Count(path, "/") > len(e.resources) {
			return ""
		}
		path = "/" + text(r.Properties["PathPart"]) + path
		resource = id(r.Properties["ParentId"])
	}
	return pathOrRoot(path)
}

// operation is the inverse of importer.operation.
func (e *exporter) operation(r Resource, path string) map[string]any {
	p := r.Properties
	o := some(map[string]any{
		"operationId":                           p["OperationName"],
		"parameters":                            exportedParameters(p, path),
		"x-amazon-apigateway-request-validator": e.names[id(p["RequestValidatorId"])],
		"security":                              e.security(r),
		integrationKey:                          e.integration(r),
	})
	if content := e.content(p["RequestModels"]); len(content) > 0 {
		o["requestBody"] = map[string]any{"content": content}
	}
	o["responses"] = e.responses(p)
	if kind := text(p["AuthorizationType"]); o["security"] == nil && kind != "" && kind != "NONE" {
		o["x-amazon-apigateway-auth"] = map[string]any{"type": kind} // without an authorizer the method stays closed
	}
	return o
}

// exportedParameters are those that the method declares, and its path's.
func exportedParameters(p map[string]any, path string) []any {
	declared, _ := p["RequestParameters"].(map[string]any)
	all := maps.Clone(declared)
	if all == nil {
		all = map[string]any{}
	}
	for _, variable := range pathVariable.FindAllStringSubmatch(path, -1) {
		all["method.request.path."+variable[1]] = true
	}
	var list []any
	for _, name := range sortedKeys(all) {
		location, name, _ := strings.Cut(strings.TrimPrefix(name, "method.request."), ".")
		for in, word := range locations {
			if word == location {
				list = append(list, map[string]any{
					"in": in, "name": name, "required": isTrue(all["method.request."+location+"."+name]),
					"schema": map[string]any{"type": "string"},
				})
			}
		}
	}
	return list
}

// isTrue reads a boolean as templates write them.
func isTrue(v any) bool { return v == true || v == "true" }

// content has a reference to the model of each content type.
func (e *exporter) content(v any) map[string]any {
	models, _ := v.(map[string]any)
	content := map[string]any{}
	for contentType, model := range models {
		if name := text(model); name != "" {
			e.used = append(e.used, name)
			content[contentType] = map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/" + name}}
		}
	}
	return content
}

// responses are the method responses. A document must have one: it is "default",
// which the import passes over.
func (e *exporter) responses(p map[string]any) map[string]any {
	responses := map[string]any{}
	list, _ := p["MethodResponses"].([]any)
	for _, item := range list {
		response, _ := item.(map[string]any)
		headers := map[string]any{}
		parameters, _ := response["ResponseParameters"].(map[string]any)
		for name, required := range parameters {
			headers[strings.TrimPrefix(name, "method.response.header.")] = map[string]any{
				"required": isTrue(required), "schema": map[string]any{"type": "string"},
			}
		}
		code := text(response["StatusCode"])
		responses[code] = some(map[string]any{
			"description": code + " response", "headers": headers, "content": e.content(response["ResponseModels"]),
		})
	}
	if len(responses) == 0 {
		responses["default"] = map[string]any{"description": "default response"}
	}
	return responses
}

// integration is the method's extension, nil without an integration.
func (e *exporter) integration(r Resource) map[string]any {
	integration, _ := r.Properties["Integration"].(map[string]any)
	extension := map[string]any{}
	for key, property := range integrationProperties {
		extension[key] = plain(integration[property])
	}
	for _, key := range []string{"type", "passthroughBehavior"} {
		extension[key] = strings.ToLower(text(extension[key]))
	}
	if tls, ok := integration["TlsConfig"].(map[string]any); ok {
		extension["tlsConfig"] = map[string]any{"insecureSkipVerification": isTrue(tls["InsecureSkipVerification"])}
	}
	extension["responses"] = e.integrationResponses(r, integration["IntegrationResponses"])
	return some(extension)
}

// integrationResponses are keyed by selection pattern. Of two with the same one
// only that with the lower status is ever chosen.
func (e *exporter) integrationResponses(r Resource, v any) map[string]any {
	list, _ := v.([]any)
	list = slices.SortedStableFunc(slices.Values(list), func(a, b any) int {
		return strings.Compare(statusOf(a), statusOf(b))
	})
	responses := map[string]any{}
	for _, item := range list {
		response, _ := item.(map[string]any)
		pattern := text(response["SelectionPattern"])
		if pattern == "" {
			pattern = "default"
		}
		if responses[pattern] != nil {
			e.fault(r.At+".Integration.IntegrationResponses", "the second response for "+pattern+" is left out: a document has one for each selection pattern")
			continue
		}
		responses[pattern] = some(map[string]any{
			"statusCode":         plain(response["StatusCode"]),
			"contentHandling":    response["ContentHandling"],
			"responseParameters": response["ResponseParameters"],
			"responseTemplates":  response["ResponseTemplates"],
		})
	}
	return responses
}

package conformance

import "strings"

// document is the OpenAPI document of a case whose API is imported: its method
// at the path, behind the server's URL.
func document(c *Case) object {
	imported := c.API["Import"].(object)
	method := c.routes()[0].Method
	operation := object{"responses": object{}}
	for _, response := range items(method["MethodResponses"]) {
		operation["responses"].(object)[text(response["StatusCode"])] = object{"description": ""}
	}
	integration, _ := method["Integration"].(object)
	extension := object{"responses": object{}}
	for name, value := range integration {
		switch name {
		case "IntegrationResponses":
			for _, response := range items(value) {
				pattern := text(response["SelectionPattern"])
				if pattern == "" {
					pattern = "default"
				}
				extension["responses"].(object)[pattern] = lowered(response)
			}
		case "IntegrationHttpMethod":
			extension["httpMethod"] = value
		default:
			extension[lower(name)] = value
		}
	}
	operation["x-amazon-apigateway-integration"] = extension
	return object{
		"openapi": "3.0.1",
		"info":    object{"title": "conformance", "version": "1"},
		"servers": []any{object{"url": imported["servers"]}},
		"paths":   object{text(imported["path"]): object{strings.ToLower(text(method["HttpMethod"])): operation}},
	}
}

func items(list any) []object {
	var all []object
	values, _ := list.([]any)
	for _, v := range values {
		if o, ok := v.(object); ok {
			all = append(all, o)
		}
	}
	return all
}

// lowered spells the members as OpenAPI documents do.
func lowered(o object) object {
	all := object{}
	for name, value := range o {
		all[lower(name)] = value
	}
	return all
}

func lower(name string) string { return strings.ToLower(name[:1]) + name[1:] }

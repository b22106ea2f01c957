package openapi

import (
	"net/url"
	"strings"
)

// paths makes the resources and methods.
func (i *importer) paths() {
	base := i.basePath()
	paths, _ := i.document["paths"].(map[string]any)
	for _, path := range sortedKeys(paths) {
		at := "paths." + path
		if strings.HasPrefix(path, "x-") {
			continue
		}
		item := i.object(paths[path])
		switch {
		case !strings.HasPrefix(path, "/"):
			i.fault(at, "a path begins with a slash")
			continue
		case item == nil:
			i.misshapen(paths[path], at, "it is no path item")
			continue
		}
		whole := base + strings.TrimSuffix(path, "/")
		parent := i.resource(whole, at)
		for _, key := range sortedKeys(item) {
			if method, ok := methods[strings.ToLower(key)]; ok {
				i.operation(operation{method: method, path: whole, at: at + "." + key, item: item}, item[key], parent)
			}
		}
	}
}

// methods are the keys of a path item that are operations. The service has no
// method TRACE.
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD", "patch": "PATCH",
	"x-amazon-apigateway-any-method": "ANY",
}

// resource makes the resources that lead to path and gives the last one's ID.
func (i *importer) resource(path, at string) any {
	if path == "" {
		return map[string]any{"Fn::GetAtt": []any{i.LogicalID, "RootResourceId"}}
	}
	if !i.resources[i.id(path)] {
		parent, part := path[:strings.LastIndex(path, "/")], path[strings.LastIndex(path, "/")+1:]
		i.add(path, "Resource", at, map[string]any{"ParentId": i.resource(parent, at), "PathPart": part})
	}
	return i.ref(path)
}

// basePath is what every path begins with, without a slash at its end
// (rule 104).
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
func (i *importer) basePath() string {
	base := strings.Trim(i.declaredBasePath(), "/")
	switch i.BasePath {
	case "prepend":
	case "split":
		_, base, _ = strings.Cut(base, "/")
	default:
		return ""
	}
	if base == "" {
		return ""
	}
	return "/" + base
}

// declaredBasePath is the document's own: "basePath" of version 2.0, the first
// variable of that name, or the path of the first server's URL.
func (i *importer) declaredBasePath() string {
	if base := text(i.document["basePath"]); base != "" {
		return base
	}
	servers, _ := i.document["servers"].([]any)
	for _, s := range servers {
		server, _ := s.(map[string]any)
		variables, _ := server["variables"].(map[string]any)
		if variable, ok := variables["basePath"].(map[string]any); ok {
			return text(variable["default"])
		}
	}
	for _, s := range servers {
		server, _ := s.(map[string]any)
		if u, err := url.Parse(text(server["url"])); err == nil {
			return u.Path
		}
	}
	return ""
}

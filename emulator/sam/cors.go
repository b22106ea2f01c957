package sam

import (
	"maps"
	"slices"
	"strings"
)

// addCORS adds a preflight to every path that has none.
func (t *transformation) addCORS(a *api) {
	cors := a.properties["Cors"]
	if cors == nil {
		return
	}
	settings, ok := cors.(object)
	if !ok || isFunction(settings) {
		settings = object{"AllowOrigin": cors}
	}
	if settings["AllowOrigin"] == nil {
		settings = merged(settings, object{"AllowOrigin": "'*'"}).(object)
	}
	paths, _ := a.document["paths"].(object)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, item := range branches(paths[path]) {
			if item["options"] == nil && item["OPTIONS"] == nil {
				item["options"] = preflight(settings, item)
			}
		}
	}
}

// preflight is the operation that answers OPTIONS with the headers of CORS.
func preflight(settings, item object) object {
	parameters, headers := object{}, object{}
	add := func(name string, value any) {
		if value != nil && value != "" {
			parameters["method.response.header."+name] = value
			headers[name] = object{"type": "string"}
		}
	}
	methods := settings["AllowMethods"]
	if methods == nil {
		methods = "'" + allowedMethods(item) + "'"
	}
	add("Access-Control-Allow-Origin", settings["AllowOrigin"])
	add("Access-Control-Allow-Headers", settings["AllowHeaders"])
	add("Access-Control-Allow-Methods", methods)
	add("Access-Control-Max-Age", settings["MaxAge"])
	if settings["AllowCredentials"] == true {
		add("Access-Control-Allow-Credentials", "'true'")
	}
	return object{
		"consumes":  []any{"application/json"},
		"produces":  []any{"application/json"},
		"responses": object{"200": object{"description": "Default response for CORS method", "headers": headers}},
		integrationKey: object{
			"type":             "mock",
			"requestTemplates": object{"application/json": "{\n  \"statusCode\" : 200\n}\n"},
			"responses": object{"default": object{
				"statusCode": "200", "responseParameters": parameters, "responseTemplates": object{"application/json": "{}\n"},
			}},
		},
	}
}

// allowedMethods are those of the path, with OPTIONS.
func allowedMethods(item object) string {
	methods := []string{"OPTIONS"}
	for key := range item {
		switch {
		case key == anyMethod:
			methods = append(methods, "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
		case isMethod(key):
			methods = append(methods, strings.ToUpper(key))
		}
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ",")
}

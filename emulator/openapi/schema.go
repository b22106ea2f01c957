package openapi

import (
	"regexp"
	"slices"
	"strings"
)

// models makes one model of each named schema.
func (i *importer) models() {
	for _, section := range []string{"definitions", "components.schemas"} {
		schemas, _ := i.lookUp("#/" + strings.ReplaceAll(section, ".", "/")).(map[string]any)
		for _, name := range sortedKeys(schemas) {
			i.addModel(name, schemas[name], section+"."+name)
		}
	}
}

func (i *importer) addModel(name string, schema any, at string) {
	i.add("model "+name, "Model", at, map[string]any{
		"Name": name, "ContentType": "application/json", "Schema": i.schema(schema),
	})
}

// reference matches "$ref" to a named schema.
var reference = regexp.MustCompile(`^#/(?:definitions|components/schemas)/([^/]+)$`)

// model names the model of a schema: the one that it refers to, or a new one of
// its own. "" without a schema.
func (i *importer) model(schema any, at string) string {
	m, _ := schema.(map[string]any)
	if m == nil {
		return ""
	}
	if match := reference.FindStringSubmatch(text(m["$ref"])); match != nil && len(m) == 1 {
		if !i.resources[i.id("model "+match[1])] && !slices.Contains(builtInModels, match[1]) {
			i.fault(at, "there is no schema %q", match[1])
			return ""
		}
		return match[1]
	}
	name := notInNames.ReplaceAllString(at, "")
	if !i.resources[i.id("model "+name)] {
		i.addModel(name, schema, at)
	}
	return name
}

// builtInModels are those that every API has.
var builtInModels = []string{"Empty", "Error"}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]`)

// maxInlined bounds schemas that lead into themselves by way of their parts.
const maxInlined = 1000

// schema gives references to named schemas the form that models have (rule 96),
// and puts what others name in their place.
func (i *importer) schema(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for n, item := range v {
			list[n] = i.schema(item)
		}
		return list
	case map[string]any:
		pointer, isReference := v["$ref"].(string)
		if match := reference.FindStringSubmatch(pointer); match != nil {
			return map[string]any{"$ref": "https://apigateway.amazonaws.com/restapis/" + i.RestAPIID + "/models/" + match[1]}
		}
		if isReference && strings.HasPrefix(pointer, "#/") && i.inlined < maxInlined {
			i.inlined++
			return i.schema(i.lookUp(pointer))
		}
		object := make(map[string]any, len(v))
		for name, item := range v {
			object[name] = i.schema(item)
		}
		return object
	}
	return v
}

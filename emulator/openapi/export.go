package openapi

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
)

// ExportOptions say what of an API its definition leaves out.
type ExportOptions struct {
	Server string // URL of the stage
	RootID string // how resources call the root; "" for what Import made
}

// Export makes an OpenAPI 3.0 document of what defines a REST API. Its import
// gives the same definition, but for what the faults name: a document has no
// place for it. Values that could not be resolved are left out.
//
// Resources are known by LogicalID: others refer to them by {"Ref": LogicalID},
// or by that text alone, as resolved templates do. At is what faults call them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html
func Export(d Definition, o ExportOptions) (document map[string]any, faults []Fault) {
	e := &exporter{
		ExportOptions: o, Definition: d, resources: map[string]Resource{}, names: map[string]string{},
		schemes: map[string]any{}, required: map[string]bool{},
	}
	e.Faults = nil
	for _, r := range d.Resources {
		e.resources[r.LogicalID] = r
	}
	e.authorizers()
	document = e.api()
	maps.Copy(document, some(map[string]any{
		"x-amazon-apigateway-request-validators": e.validators(),
		"x-amazon-apigateway-gateway-responses":  e.gatewayResponses(),
	}))
	paths := e.paths()
	document["paths"] = paths // which may be empty, but not missing
	if components := some(map[string]any{"schemas": e.schemas(), "securitySchemes": e.neededSchemes()}); len(components) > 0 {
		document["components"] = components
	}
	return document, e.Faults
}

type exporter struct {
	ExportOptions
	Definition
	resources map[string]Resource // by LogicalID
	names     map[string]string   // in the document, by LogicalID
	schemes   map[string]any      // security schemes
	required  map[string]bool     // security schemes that methods ask for
	used      []string            // models that methods name
}

func (e *exporter) fault(at, message string) {
	e.Faults = append(e.Faults, Fault{At: at, Message: message, Warning: true})
}

// of lists the resources of a type, in the definition's order.
func (e *exporter) of(kind string) []Resource {
	var found []Resource
	for _, r := range e.Resources {
		if r.Type == "AWS::ApiGateway::"+kind {
			found = append(found, r)
		}
	}
	return found
}

// id is what a reference leads to, "" for none.
func id(v any) string {
	if m, ok := v.(map[string]any); ok {
		return text(m["Ref"])
	}
	return text(v)
}

// api has the properties of the API itself.
func (e *exporter) api() map[string]any {
	p := e.Properties
	configuration, _ := p["EndpointConfiguration"].(map[string]any)
	servers := map[string]any{"url": e.Server}
	if endpoint := some(map[string]any{
		"disableExecuteApiEndpoint": p["DisableExecuteApiEndpoint"],
		"vpcEndpointIds":            configuration["VpcEndpointIds"],
	}); len(endpoint) > 0 {
		servers[endpointKey] = endpoint
	}
	if types := texts(configuration["Types"]); len(types) > 0 {
		e.fault("EndpointConfiguration.Types", "a document doesn't hold the type of endpoint: import it with the parameter endpointConfigurationTypes="+types[0])
	}
	info := some(map[string]any{"title": p["Name"], "version": "1.0", "description": p["Description"]})
	info["title"] = cmp.Or(text(info["title"]), "API")
	mediaTypes := []any{}
	for _, mediaType := range texts(p["BinaryMediaTypes"]) {
		mediaTypes = append(mediaTypes, strings.ReplaceAll(mediaType, "~1", "/"))
	}
	return some(map[string]any{
		"openapi":                                "3.0.1",
		"info":                                   info,
		"servers":                                []any{servers},
		"x-amazon-apigateway-api-key-source":     p["ApiKeySourceType"],
		"x-amazon-apigateway-binary-media-types": mediaTypes,
		"x-amazon-apigateway-minimum-compression-size": p["MinimumCompressionSize"],
		"x-amazon-apigateway-policy":                   p["Policy"],
	})
}

func (e *exporter) validators() map[string]any {
	validators := map[string]any{}
	for _, r := range e.of("RequestValidator") {
		validators[e.name(r, validators)] = some(map[string]any{
			"validateRequestBody":       r.Properties["ValidateRequestBody"],
			"validateRequestParameters": r.Properties["ValidateRequestParameters"],
		})
	}
	return validators
}

func (e *exporter) gatewayResponses() map[string]any {
	responses := map[string]any{}
	for _, r := range e.of("GatewayResponse") {
		responses[text(r.Properties["ResponseType"])] = some(map[string]any{
			"statusCode":         plain(r.Properties["StatusCode"]),
			"responseParameters": r.Properties["ResponseParameters"],
			"responseTemplates":  r.Properties["ResponseTemplates"],
		})
	}
	return responses
}

// name gives a resource its name among those that are taken: its own, as far as
// no other one has it.
func (e *exporter) name(r Resource, taken map[string]any) string {
	name := cmp.Or(text(r.Properties["Name"]), r.LogicalID)
	for taken[name] != nil {
		name += "_"
	}
	e.names[r.LogicalID] = name
	return name
}

// schemas are the models, and those of the models that every API has which
// methods name.
func (e *exporter) schemas() map[string]any {
	schemas := map[string]any{}
	for _, r := range e.of("Model") {
		name := cmp.Or(text(r.Properties["Name"]), r.LogicalID)
		schema := r.Properties["Schema"]
		if written, ok := schema.(string); ok {
			decoder := json.NewDecoder(strings.NewReader(written))
			decoder.UseNumber()
			if err := decoder.Decode(&schema); err != nil {
				e.fault(r.At+".Schema", "the schema is not JSON, and left out: "+err.Error())
				schema = nil
			}
		}
		object, _ := exportedSchema(plain(schema), name).(map[string]any)
		if object == nil {
			object = map[string]any{}
		}
		delete(object, "$schema") // every model is draft 04, and OpenAPI has no such member
		schemas[name] = object
	}
	for _, name := range e.used {
		if schemas[name] == nil && builtInSchemas[name] != nil {
			schemas[name] = builtInSchemas[name]
		}
	}
	return schemas
}

// builtInSchemas are those of the models that every API has.
var builtInSchemas = map[string]map[string]any{
	"Empty": {"title": "Empty Schema", "type": "object"},
	"Error": {"title": "Error Schema", "type": "object", "properties": map[string]any{"message": map[string]any{"type": "string"}}},
}

// modelURL matches the form in which models refer to each other.
var modelURL = regexp.MustCompile(`^https://apigateway\.[^/]+/restapis/[^/]+/models/([^/#]+)$`)

// exportedSchema gives references the form that they have in documents. Those
// into the model itself begin at the document's root there.
func exportedSchema(v any, model string) any {
	const root = "#/components/schemas/"
	switch v := v.(type) {
	case []any:
		for n, item := range v {
			v[n] = exportedSchema(item, model)
		}
	case map[string]any:
		if pointer, ok := v["$ref"].(string); ok {
			if match := modelURL.FindStringSubmatch(pointer); match != nil {
				return map[string]any{"$ref": root + match[1]}
			} else if inside, ok := strings.CutPrefix(pointer, "#"); ok {
				return map[string]any{"$ref": root + model + inside}
			}
		}
		for name, item := range v {
			v[name] = exportedSchema(item, model)
		}
	}
	return v
}

// some leaves out what says nothing: nil, "" and what is empty.
func some(entries map[string]any) map[string]any {
	found := map[string]any{}
	for name, value := range entries {
		switch value := plain(value).(type) {
		case nil:
		case string:
			if value != "" {
				found[name] = value
			}
		case []any:
			if len(value) > 0 {
				found[name] = value
			}
		case map[string]any:
			if len(value) > 0 {
				found[name] = value
			}
		default:
			found[name] = value
		}
	}
	return found
}

// plain copies what JSON can hold. Another value, which could not be resolved,
// is nil, and left out of lists and objects.
func plain(v any) any {
	switch v := v.(type) {
	case bool, string, json.Number:
		return v
	case []any:
		list := []any{}
		for _, item := range v {
			if item = plain(item); item != nil {
				list = append(list, item)
			}
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name, item := range v {
			if item = plain(item); item != nil {
				object[name] = item
			}
		}
		return object
	}
	return nil
}

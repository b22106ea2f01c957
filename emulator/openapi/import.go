// Package openapi makes of an OpenAPI document what API Gateway's import makes
// of it: the resources, methods, models, validators, authorizers and gateway
// responses of a REST API, in the words of CloudFormation. Export goes the other
// way.
//
// A document's way: import.go walks its sections, path.go its paths,
// operation.go makes a method of an operation, with integration.go, security.go
// and schema.go; reference.go follows "$ref". Versions 2.0 and 3.0 differ in few
// places, each of which reads both. What is not a plain value (something that
// could not be resolved before) is passed on as it is.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Options say what the document is imported into.
type Options struct {
	RestAPIID string // physical ID, which models refer to each other by
	LogicalID string // of the RestApi; those of what is made begin with it
	BasePath  string // ignore (default), prepend or split

	// Variables are what "${AWS::Region}" and the like mean in the document.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html
	Variables map[string]string
}

// Definition is what a document defines.
type Definition struct {
	Properties map[string]any // of the RestApi itself
	Resources  []Resource     // parents first
	Faults     []Fault
}

// Resource is one resource of CloudFormation. References among the Properties
// are {"Ref": logical ID}.
type Resource struct {
	LogicalID  string // of a method "Api:GET /orders"
	Type       string // "AWS::ApiGateway::Method"
	At         string // where the document has it: "paths./orders.get"
	Properties map[string]any
}

// Fault is one thing in a document that the service refuses, or leaves out with
// a warning.
type Fault struct {
	At      string
	Message string
	Warning bool
}

// Import reads a document: decoded JSON, with numbers as json.Number.
func Import(document map[string]any, o Options) Definition {
	i := &importer{Options: o, resources: map[string]bool{}}
	i.document, _ = i.fill(document).(map[string]any)
	i.Properties = map[string]any{}
	if text(document["swagger"]) == "" && text(document["openapi"]) == "" {
		i.fault("", "it is no OpenAPI document: neither swagger nor openapi names its version")
		return i.Definition
	}
	i.api()
	i.models()
	i.validators()
	i.gatewayResponses()
	i.authorizers()
	i.paths()
	return i.Definition
}

// fill puts the variables' values in their place, keys left alone.
func (i *importer) fill(v any) any {
	switch v := v.(type) {
	case string:
		for name, value := range i.Variables {
			v = strings.ReplaceAll(v, "${"+name+"}", value)
		}
		return v
	case []any:
		list := make([]any, len(v))
		for n, item := range v {
			list[n] = i.fill(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, item := range v {
			object[name] = i.fill(item)
		}
		return object
	}
	return v
}

type importer struct {
	Options
	Definition
	document  map[string]any
	resources map[string]bool // logical IDs that are made
	inlined   int             // schemas put in the place of a reference
}

func (i *importer) fault(at, format string, args ...any) {
	i.Faults = append(i.Faults, Fault{At: at, Message: fmt.Sprintf(format, args...)})
}

func (i *importer) warn(at, format string, args ...any) {
	i.Faults = append(i.Faults, Fault{At: at, Message: fmt.Sprintf(format, args...), Warning: true})
}

// misshapen notes what has the wrong shape, unless it is a value that could not
// be resolved: then the reason is known already.
func (i *importer) misshapen(v any, at, message string) {
	switch v.(type) {
	case nil, bool, string, json.Number, []any, map[string]any:
		i.fault(at, "%s", message)
	}
}

// add makes a resource; "" as a value leaves the property out.
func (i *importer) add(name, kind, at string, properties map[string]any) {
	maps.DeleteFunc(properties, func(_ string, v any) bool { return v == nil || v == "" })
	properties["RestApiId"] = i.RestAPIID
	id := i.id(name)
	i.resources[id] = true
	i.Resources = append(i.Resources, Resource{id, "AWS::ApiGateway::" + kind, at, properties})
}

// id is the logical ID of what the document calls name.
func (i *importer) id(name string) string { return i.LogicalID + ":" + name }

func (i *importer) ref(name string) map[string]any { return map[string]any{"Ref": i.id(name)} }

// api reads the properties of the API itself.
func (i *importer) api() {
	info, _ := i.document["info"].(map[string]any)
	for property, value := range map[string]any{
		"Name":                   info["title"],
		"Description":            info["description"],
		"ApiKeySourceType":       i.document["x-amazon-apigateway-api-key-source"],
		"BinaryMediaTypes":       i.document["x-amazon-apigateway-binary-media-types"],
		"MinimumCompressionSize": i.document["x-amazon-apigateway-minimum-compression-size"],
		"Policy":                 i.document["x-amazon-apigateway-policy"],
	} {
		if value != nil {
			i.Properties[property] = value
		}
	}
	configuration := map[string]any{}
	for name, value := range i.endpoint() {
		switch name {
		case "disableExecuteApiEndpoint":
			i.Properties["DisableExecuteApiEndpoint"] = value
		default:
			configuration[strings.ToUpper(name[:1])+name[1:]] = value
		}
	}
	if len(configuration) > 0 {
		i.Properties["EndpointConfiguration"] = configuration
	}
}

const endpointKey = "x-amazon-apigateway-endpoint-configuration"

// endpoint is the extension of the document, or of a server in version 3.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
func (i *importer) endpoint() map[string]any {
	servers, _ := i.document["servers"].([]any)
	for _, owner := range append([]any{i.document}, servers...) {
		m, _ := owner.(map[string]any)
		if endpoint, ok := m[endpointKey].(map[string]any); ok {
			return endpoint
		}
	}
	return nil
}

func (i *importer) validators() {
	at := "x-amazon-apigateway-request-validators"
	validators, _ := i.document[at].(map[string]any)
	for _, name := range sortedKeys(validators) {
		validator := i.object(validators[name])
		i.add("validator "+name, "RequestValidator", at+"."+name, map[string]any{
			"Name":                      name,
			"ValidateRequestBody":       validator["validateRequestBody"],
			"ValidateRequestParameters": validator["validateRequestParameters"],
		})
	}
}

func (i *importer) gatewayResponses() {
	at := "x-amazon-apigateway-gateway-responses"
	responses, _ := i.document[at].(map[string]any)
	for _, kind := range sortedKeys(responses) {
		response := i.object(responses[kind])
		i.add("gateway response "+kind, "GatewayResponse", at+"."+kind, map[string]any{
			"ResponseType":       kind,
			"StatusCode":         response["statusCode"],
			"ResponseParameters": response["responseParameters"],
			"ResponseTemplates":  response["responseTemplates"],
		})
	}
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// text reads a string or number, as keys and versions are written in YAML.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// texts reads a list of strings.
func texts(v any) []string {
	list, _ := v.([]any)
	var found []string
	for _, item := range list {
		if s := text(item); s != "" {
			found = append(found, s)
		}
	}
	return found
}

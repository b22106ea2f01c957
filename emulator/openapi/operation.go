package openapi

import (
	"regexp"
	"slices"
	"strings"
)

// operation is one operation on its way to a method.
type operation struct {
	method string
	path   string // whole
	at     string
	item   map[string]any // the path item
	object map[string]any
}

func (i *importer) operation(o operation, value, resource any) {
	o.object = i.object(value)
	if o.object == nil {
		i.misshapen(value, o.at, "it is no operation")
		return
	}
	properties := map[string]any{
		"HttpMethod":         o.method,
		"ResourceId":         resource,
		"OperationName":      o.object["operationId"],
		"RequestParameters":  i.requestParameters(o),
		"RequestModels":      i.requestModels(o),
		"RequestValidatorId": i.validator(o),
		"MethodResponses":    i.methodResponses(o),
		"Integration":        i.integration(o),
	}
	i.authorization(o, properties)
	i.add(o.method+" "+pathOrRoot(o.path), "Method", o.at, properties)
}

func pathOrRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// locations are the places of parameters in the words of method requests.
var locations = map[string]string{"path": "path", "query": "querystring", "header": "header"}

var pathVariable = regexp.MustCompile(`\{([^}+]+)\+?\}`)

// requestParameters are those of the operation over those of its path; whatever
// is declared, variables of the path are required.
func (i *importer) requestParameters(o operation) map[string]any {
	declared := map[string]any{}
	for _, parameter := range i.parameters(o) {
		if location, ok := locations[text(parameter["in"])]; ok {
			required, _ := parameter["required"].(bool)
			declared["method.request."+location+"."+text(parameter["name"])] = required
		}
	}
	for _, variable := range pathVariable.FindAllStringSubmatch(o.path, -1) {
		declared["method.request.path."+variable[1]] = true
	}
	return declared
}

func (i *importer) parameters(o operation) []map[string]any {
	var all []map[string]any
	for _, owner := range []map[string]any{o.item, o.object} {
		list, _ := owner["parameters"].([]any)
		for _, p := range list {
			all = append(all, i.object(p))
		}
	}
	return all
}

// requestModels names the model of each content type: of the requestBody, or of
// a parameter in the body and what the operation consumes.
func (i *importer) requestModels(o operation) map[string]any {
	found := map[string]any{}
	body := i.object(o.object["requestBody"])
	content, _ := body["content"].(map[string]any)
	for _, contentType := range sortedKeys(content) {
		schema := i.object(content[contentType])["schema"]
		if name := i.model(schema, o.at+".requestBody.content."+contentType+".schema"); name != "" {
			found[contentType] = name
		}
	}
	for _, parameter := range i.parameters(o) {
		if parameter["in"] != "body" {
			continue
		}
		name := i.model(parameter["schema"], o.at+".parameters."+text(parameter["name"])+".schema")
		for _, contentType := range i.contentTypes(o, "consumes") {
			if name != "" {
				found[contentType] = name
			}
		}
	}
	return found
}

// contentTypes are what version 2.0 says of a whole operation or document.
func (i *importer) contentTypes(o operation, key string) []string {
	for _, owner := range []map[string]any{o.object, i.document} {
		if types := texts(owner[key]); len(types) > 0 {
			return types
		}
	}
	return []string{"application/json"}
}

// validator refers to the operation's request validator, or the document's.
func (i *importer) validator(o operation) any {
	const key = "x-amazon-apigateway-request-validator"
	name, at := text(o.object[key]), o.at+"."+key
	if name == "" {
		name, at = text(i.document[key]), key
	}
	switch {
	case name == "":
		return nil
	case !i.resources[i.id("validator "+name)]:
		i.warn(at, "there is no request validator %q: requests are not validated", name) // samples of AWS's have such
		return nil
	}
	return i.ref("validator " + name)
}

var status = regexp.MustCompile(`^[1-5]\d\d$`)

// methodResponses are the responses with a status of their own.
func (i *importer) methodResponses(o operation) []any {
	responses, _ := o.object["responses"].(map[string]any)
	found := []any{}
	for _, code := range sortedKeys(responses) {
		if !status.MatchString(code) {
			continue
		}
		response := i.object(responses[code])
		headers, _ := response["headers"].(map[string]any)
		parameters := map[string]any{}
		for name, header := range headers {
			required, _ := i.object(header)["required"].(bool)
			parameters["method.response.header."+name] = required
		}
		found = append(found, map[string]any{
			"StatusCode":         code,
			"ResponseParameters": parameters,
			"ResponseModels":     i.responseModels(o, response, o.at+".responses."+code),
		})
	}
	return found
}

func (i *importer) responseModels(o operation, response map[string]any, at string) map[string]any {
	found := map[string]any{}
	content, _ := response["content"].(map[string]any)
	for _, contentType := range sortedKeys(content) {
		if name := i.model(i.object(content[contentType])["schema"], at+".content."+contentType+".schema"); name != "" {
			found[contentType] = name
		}
	}
	if name := i.model(response["schema"], at+".schema"); name != "" {
		for _, contentType := range i.contentTypes(o, "produces") {
			found[contentType] = name
		}
	}
	return found
}

// Place is where the document has a property of the resource.
func (r Resource) Place(property string) string {
	rest, ok := strings.CutPrefix(property, "Integration")
	if !ok || !strings.HasSuffix(r.Type, "::Method") {
		return r.At
	}
	place := r.At + "." + integrationKey
	names := strings.Split(strings.TrimPrefix(rest, "."), ".")
	if at := slices.Index(names, "IntegrationResponses"); at >= 0 {
		return place + ".responses"
	}
	if key := documentKey(names[0]); key != "" {
		place += "." + strings.Join(append([]string{key}, names[1:]...), ".")
	}
	return place
}

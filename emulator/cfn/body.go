package cfn

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/openapi"
)

// origin tells where a resource that an import made stands in the template.
type origin struct {
	of    *Resource
	place func(property string) string
}

// importBodies makes the resources of REST APIs that an OpenAPI document defines.
func (a *Assembly) importBodies() {
	for _, r := range a.Resources("AWS::ApiGateway::RestApi") {
		if document, property := r.document(); document != nil {
			r.importDocument(document, property)
		}
	}
}

// document gives the API's OpenAPI document and the property that has it.
func (r *Resource) document() (document map[string]any, property string) {
	switch body := r.Value("Body").(type) {
	case map[string]any:
		return body, "Body"
	case string:
		return r.parseDocument("Body", "", []byte(body)), "Body"
	}
	if !r.Has("BodyS3Location") {
		return nil, ""
	}
	file, err := r.local("BodyS3Location")
	if err != nil {
		r.Problems.add(r.Problem("BodyS3Location", "the document is "+err.Error(),
			hintFor(err, "name it by its path from the template, or put it into Body")))
		return nil, ""
	}
	content, err := r.Stack.assembly.readPart(file)
	if err != nil {
		r.Problems.add(r.Problem("BodyS3Location", err.Error(), ""))
		return nil, ""
	}
	return r.parseDocument("BodyS3Location", file, content), "BodyS3Location"
}

// parseDocument reads the text of an OpenAPI document, JSON or YAML.
func (r *Resource) parseDocument(property, file string, content []byte) map[string]any {
	d, err := parseText(file, content)
	if err != nil {
		r.Problems.add(r.Problem(property, strings.TrimPrefix(Displayed(file)+":"+err.Error(), ":"), ""))
		return nil
	}
	document, ok := d.tree.(map[string]any)
	if !ok {
		r.Problems.add(r.Problem(property, "it is "+kindOf(d.tree)+", not an OpenAPI document", ""))
	}
	return document
}

func (r *Resource) importDocument(document map[string]any, property string) {
	parameters := r.StringMap("Parameters")
	definition := openapi.Import(document, openapi.Options{
		RestAPIID: r.Ref(), LogicalID: r.LogicalID, BasePath: cmp.Or(parameters["basepath"], parameters["basePath"]),
		Variables: map[string]string{
			"AWS::AccountId": r.Stack.AccountID, "AWS::Partition": r.Stack.partition(), "AWS::Region": r.Stack.Region,
		},
	})
	if types := parameters["endpointConfigurationTypes"]; types != "" {
		configuration, _ := definition.Properties["EndpointConfiguration"].(map[string]any)
		if configuration == nil {
			configuration = map[string]any{}
		}
		configuration["Types"] = commaList(types)
		definition.Properties["EndpointConfiguration"] = configuration
	}
	for _, name := range slices.Sorted(maps.Keys(definition.Properties)) {
		r.Properties[name] = r.merged(name, definition.Properties[name])
	}
	for _, fault := range definition.Faults {
		p := r.Problem(place(property, fault.At), fault.Message, "")
		if fault.Warning && !r.Bool("FailOnWarnings") {
			p.Effect = Ignored
		}
		r.Problems.add(p)
	}
	for _, made := range definition.Resources {
		r.Stack.derive(r, property, made)
	}
}

// merged puts the document's value of one of the API's own properties over the
// template's. Lists and objects are merged unless the document is to overwrite.
func (r *Resource) merged(property string, imported any) any {
	own := r.Properties[property]
	switch {
	case own == nil:
		return imported
	case property == "Name":
		return own
	case r.String("Mode") == "overwrite":
		return imported
	}
	switch imported := imported.(type) {
	case []any:
		list, _ := own.([]any)
		return append(slices.Clone(list), imported...)
	case map[string]any:
		object, _ := own.(map[string]any)
		both := maps.Clone(object)
		maps.Copy(both, imported)
		return both
	}
	return imported
}

// derive adds a resource that an import made of a part of another one.
func (s *Stack) derive(from *Resource, property string, made openapi.Resource) {
	r := &Resource{
		Stack: s, LogicalID: made.LogicalID, Type: made.Type, Properties: map[string]any{},
		raw:    rawResource{kind: made.Type, properties: made.Properties},
		states: map[string]state{}, references: map[*Resource]bool{},
		origin: &origin{from, func(p string) string { return place(property, made.Place(p)) }},
	}
	s.resources[r.LogicalID] = r
	s.Resources = append(s.Resources, r)
	for _, name := range slices.Sorted(maps.Keys(made.Properties)) {
		if fault, found := firstFailed(r.property(name)); found {
			r.Problems.add(fault.(Unresolved).Reason)
		}
	}
}

// place joins a property and a place in its value.
func place(property, at string) string { return strings.TrimSuffix(property+"."+at, ".") }

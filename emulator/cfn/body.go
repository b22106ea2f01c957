package cfn

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
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
	file := r.asset(r.String("BodyS3Location.Key"))
	if file == "" {
		r.Problems.add(r.Problem("BodyS3Location", "the document is no file of the assembly", "put it into Body"))
		return nil, ""
	}
	content, err := os.ReadFile(file)
	if err != nil {
		r.Problems.add(r.Problem("BodyS3Location", err.Error(), ""))
		return nil, ""
	}
	return r.parseDocument("BodyS3Location", file, content), "BodyS3Location"
}

// parseDocument reads the text of an OpenAPI document, JSON or YAML.
func (r *Resource) parseDocument(property, file string, content []byte) map[string]any {
	tree, err := parseText(file, content)
	document, ok := tree.(map[string]any)
	switch {
	case err != nil:
		r.Problems.add(r.Problem(property, strings.TrimPrefix(file+":"+err.Error(), ":"), ""))
	case !ok:
		r.Problems.add(r.Problem(property, "it is "+kindOf(tree)+", not an OpenAPI document", ""))
	}
	return document
}

// asset is the file of the assembly that an S3 key names by its hash.
func (r *Resource) asset(key string) string {
	hash, _, _ := strings.Cut(filepath.Base(key), ".")
	name := r.Stack.assets.Files[hash].Source.Path
	if name == "" || !filepath.IsLocal(name) {
		return ""
	}
	return filepath.Join(filepath.Dir(r.Stack.file), name)
}

func (r *Resource) importDocument(document map[string]any, property string) {
	parameters := r.StringMap("Parameters")
	definition := openapi.Import(document, openapi.Options{
		RestAPIID: r.Ref(), LogicalID: r.LogicalID, BasePath: cmp.Or(parameters["basepath"], parameters["basePath"]),
	})
	if types := parameters["endpointConfigurationTypes"]; types != "" {
		definition.Properties["EndpointConfiguration"] = map[string]any{"Types": commaList(types)}
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

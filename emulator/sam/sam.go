// Package sam applies the macro AWS::Serverless-2016-10-31 to a template, as far
// as REST APIs and what stands behind them are concerned: the template's
// AWS::Serverless resources become the ones that CloudFormation knows.
//
// A template's way: globals.go merges the section Globals into the resources,
// api.go collects the APIs, function.go and state_machine.go add routes to them
// from their events (event.go), cors.go and auth.go complete the documents, and
// api.go writes each API out as RestApi, Deployment and Stage. Intrinsic
// functions stay as they are; nothing is resolved here.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
package sam

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Macro is the name of the transform that the package applies.
const Macro = "AWS::Serverless-2016-10-31"

// Fault is one thing in a template that the macro refuses.
type Fault struct {
	LogicalID string
	Property  string
	Message   string
}

// object is a JSON object.
type object = map[string]any

// Transform applies the macro to a template, decoded and with short-form
// functions in their long form; it is changed in place. resolve gives the text of
// a function of parameters, false for one that can't be known yet.
//
// origins tells of what is made, by its path ("Resources.Role"), what it is made
// of.
func Transform(template map[string]any, resolve func(any) (string, bool)) (origins map[string]string, faults []Fault) {
	resources, _ := template["Resources"].(object)
	if resources == nil {
		return nil, nil
	}
	t := &transformation{resources: resources, resolve: resolve, apis: map[string]*api{}, references: map[string]string{}, origins: map[string]string{}}
	t.mergeGlobals(template)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		if r, ok := t.resource(id); ok && r.kind == apiType {
			t.addAPI(r)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		if r, ok := t.resource(id); ok && handlers[r.kind] != nil {
			handlers[r.kind](t, r)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.apis)) {
		t.writeAPI(t.apis[id])
	}
	t.rewriteReferences(template)
	if len(t.conditions) > 0 {
		conditions, _ := template["Conditions"].(object)
		if conditions == nil {
			conditions = object{}
			template["Conditions"] = conditions
		}
		maps.Copy(conditions, t.conditions)
	}
	return t.origins, t.faults
}

// The types of the macro.
const (
	apiType          = "AWS::Serverless::Api"
	functionType     = "AWS::Serverless::Function"
	stateMachineType = "AWS::Serverless::StateMachine"
)

// handlers is the table of types that become something else, without apiType,
// which needs the routes of the others first. A type that is not in it stays: it
// has no part in an API.
var handlers = map[string]func(*transformation, resource){
	"AWS::Serverless::Application":  (*transformation).application,
	functionType:                    (*transformation).function,
	"AWS::Serverless::HttpApi":      (*transformation).httpAPI,
	"AWS::Serverless::LayerVersion": (*transformation).layerVersion,
	"AWS::Serverless::SimpleTable":  (*transformation).simpleTable,
	stateMachineType:                (*transformation).stateMachine,
}

type transformation struct {
	resources  object
	resolve    func(any) (string, bool)
	globals    object
	apis       map[string]*api
	conditions object
	references map[string]string // "Function.Alias" → logical ID
	origins    map[string]string
	faults     []Fault
}

// resource is one resource of the template, before and after.
type resource struct {
	id         string
	kind       string
	properties object
	entry      object // with its Condition, DependsOn and Metadata
}

func (t *transformation) resource(id string) (resource, bool) {
	entry, _ := t.resources[id].(object)
	kind, _ := entry["Type"].(string)
	properties, ok := entry["Properties"].(object)
	if !ok {
		properties = object{}
	}
	return resource{id, kind, properties, entry}, entry != nil
}

// replace makes another resource of r, under its logical ID.
func (t *transformation) replace(r resource, kind string, properties object) {
	t.write(r, r.id, kind, properties)
	made := t.resources[r.id].(object)
	maps.Copy(made, take(r.entry, "Metadata", "DeletionPolicy"))
}

// write adds a resource that comes with r, and under the same condition.
func (t *transformation) write(r resource, id, kind string, properties object) {
	maps.DeleteFunc(properties, func(_ string, v any) bool { return v == nil })
	made := object{"Type": kind, "Properties": properties}
	for _, name := range []string{"Condition", "DependsOn"} {
		if value, ok := r.entry[name]; ok && (name == "Condition" || id == r.id) {
			made[name] = value
		}
	}
	t.resources[id] = made
	t.origins["Resources."+id] = "Resources." + r.id
}

func (t *transformation) fault(id, property, format string, args ...any) {
	t.faults = append(t.faults, Fault{LogicalID: id, Property: property, Message: fmt.Sprintf(format, args...)})
}

func ref(id string) object              { return object{"Ref": id} }
func attribute(id, name string) object  { return object{"Fn::GetAtt": []any{id, name}} }
func sub(text string) object            { return object{"Fn::Sub": text} }
func subWith(text string, o object) any { return object{"Fn::Sub": []any{text, o}} }

// take copies the named properties, those that are there.
func take(from object, names ...string) object {
	taken := object{}
	for _, name := range names {
		if value, ok := from[name]; ok {
			taken[name] = value
		}
	}
	return taken
}

// tags gives a map of tags the form of a list.
func tags(v any) any {
	entries, ok := v.(object)
	if !ok {
		return v
	}
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		list = append(list, object{"Key": key, "Value": entries[key]})
	}
	return list
}

// text is the text of a value that has to be plain, or a function of parameters.
func (t *transformation) text(v any) string {
	if o, ok := v.(object); ok && isFunction(o) {
		resolved, _ := t.resolve(v)
		return resolved
	}
	return text(v)
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// letters keeps of a text what a logical ID may have.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

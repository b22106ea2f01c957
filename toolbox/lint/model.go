package lint

import (
	"errors"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// allows says whether the varied input reaches the template: a method may
// require parameters, and a model bodies.
func (x *trial) allows(v variation) bool {
	m := x.method
	if v.change == replaced && x.in.body.isLeaf() && !x.in.opaque {
		return false // nothing reads the body
	}
	if m == nil {
		return true
	}
	if x.isResponse { // functions and AWS services answer with JSON
		return v.change != replaced || m.Integration.Kind == gateway.KindHTTP || m.Integration.Kind == gateway.KindVPCLink
	}
	if v.change == absent && m.ValidateParams && v.field.root() != x.in.body {
		for target, required := range m.RequestParameters {
			name := target[strings.LastIndexByte(target, '.')+1:]
			if required && name == v.field.name {
				return false
			}
		}
	}
	if v.change != replaced && v.field.root() != x.in.body || !m.ValidateBody {
		return true
	}
	ordinary := x.refused(variation{})
	for _, place := range x.refused(v) {
		if !slices.Contains(ordinary, place) || v.field != nil && place == v.field.pointer() {
			return false
		}
	}
	return true
}

// refused lists the places of the body, as JSON pointers, that the method's
// models refuse.
func (x *trial) refused(v variation) []string {
	var places []string
	for _, model := range x.method.RequestModels {
		err := model.Validate([]byte(x.in.bodyOf(v)))
		if invalid, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
			places = append(places, leavesOf(invalid)...)
		} else if err != nil {
			places = append(places, "no JSON")
		}
	}
	return places
}

func leavesOf(err *jsonschema.ValidationError) []string {
	if len(err.Causes) == 0 {
		return []string{"/" + strings.Join(err.InstanceLocation, "/")}
	}
	var places []string
	for _, cause := range err.Causes {
		places = append(places, leavesOf(cause)...)
	}
	return places
}

// pointer is where ordinary input has the field, of a list in its last element
// but for what only the first has.
func (f *field) pointer() string {
	switch {
	case f.parent == nil:
		return ""
	case f.name == "":
		return f.parent.pointer() + "/0"
	}
	return f.parent.pointer() + "/" + f.name
}

package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var errForm = errors.New("write NAME=VALUE")

// SetParam sets a parameter by what names it in a mapping: "path.id=o-1",
// "querystring.city=Oslo", "header.Accept=text/xml".
func (in *Input) SetParam(given string) error {
	name, value, ok := strings.Cut(given, "=")
	place, name, named := strings.Cut(name, ".")
	if !ok || !named {
		return errors.New("write PLACE.NAME=VALUE, path.id=o-1 for example")
	}
	fields := map[string]*Fields{"path": &in.Params.Path, "querystring": &in.Params.Querystring, "header": &in.Params.Header}[place]
	if fields == nil {
		return fmt.Errorf("there is no %s: write path, querystring or header", place)
	}
	*fields = slices.Clone(*fields)
	fields.Set(name, value)
	return nil
}

// SetContext sets a member of $context: "stage=test", "identity.sourceIp=192.0.2.7".
func (in *Input) SetContext(given string) error {
	path, value, ok := strings.Cut(given, "=")
	if !ok {
		return errForm
	}
	names := strings.Split(path, ".")
	in.Context = in.WholeContext()
	object := in.Context
	for _, name := range names[:len(names)-1] {
		inner, _ := object[name].(map[string]any)
		inner = maps.Clone(inner)
		if inner == nil {
			inner = map[string]any{}
		}
		object[name] = inner
		object = inner
	}
	object[names[len(names)-1]] = value
	return nil
}

// SetStageVariable sets a stage variable.
func (in *Input) SetStageVariable(name, value string) {
	in.StageVariables = maps.Clone(in.StageVariables)
	if in.StageVariables == nil {
		in.StageVariables = map[string]string{}
	}
	in.StageVariables[name] = value
}

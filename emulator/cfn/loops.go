package cfn

import (
	"maps"
	"slices"
	"strings"
)

const loopPrefix = "Fn::ForEach::"

// maxLoopEntries bounds what loops within loops make.
const maxLoopEntries = 1 << 14

// expandLoops puts what Fn::ForEach makes in its place. Collections may use
// parameters and mappings.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
func (s *Stack) expandLoops(sections map[string]any) {
	l := loops{scope{stack: s, problems: &s.assembly.Problems}, 0}
	for _, name := range []string{"Conditions", "Resources", "Outputs"} {
		if section, ok := sections[name].(map[string]any); ok {
			l.path = name
			sections[name] = l.expand(section)
		}
	}
}

type loops struct {
	scope
	made int
}

func (l *loops) expand(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = l.expand(v[i])
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			item := v[key]
			if !strings.HasPrefix(key, loopPrefix) {
				v[key] = l.expand(item)
				continue
			}
			delete(v, key)
			for name, made := range l.loop(key, item) {
				v[name] = made
				l.stack.document.derive(within(l.path, name), within(l.path, key))
			}
		}
	}
	return v
}

// loop makes the entries of one Fn::ForEach: [identifier, collection, {key: value}].
func (l *loops) loop(name string, argument any) map[string]any {
	list, _ := argument.([]any)
	at := l.at(name)
	if len(list) != 3 {
		at.fail("write [identifier, collection, {key: value}]", "%s has the wrong arguments", name)
		return nil
	}
	identifier := text(list[0])
	body, isObject := list[2].(map[string]any)
	collection, isList := at.value(list[1]).([]any)
	if identifier == "" || !isObject || !isList {
		at.fail("write [identifier, collection, {key: value}]", "%s needs a name, a list and an object", name)
		return nil
	}
	made := map[string]any{}
	for _, item := range collection {
		value, ok := scalar(item)
		if l.made++; !ok || l.made > maxLoopEntries {
			at.fail("", "%s can't be repeated for %s", name, kindOf(item))
			return made
		}
		filled := map[string]any{}
		for key, template := range body {
			filled[substitute(key, identifier, value)] = fill(template, identifier, value)
		}
		entries, _ := l.expand(filled).(map[string]any)
		maps.Copy(made, entries)
	}
	return made
}

// fill puts the loop's value for its identifier everywhere in v.
func fill(v any, identifier, value string) any {
	switch v := v.(type) {
	case string:
		return substitute(v, identifier, value)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = fill(item, identifier, value)
		}
		return list
	case map[string]any:
		if v["Ref"] == identifier && len(v) == 1 {
			return value
		}
		object := make(map[string]any, len(v))
		for key, item := range v {
			object[substitute(key, identifier, value)] = fill(item, identifier, value)
		}
		return object
	}
	return v
}

// substitute fills "${identifier}", and "&{identifier}" by what of the value a
// logical ID may have.
func substitute(text, identifier, value string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, value)
	return strings.NewReplacer("${"+identifier+"}", value, "&{"+identifier+"}", plain).Replace(text)
}

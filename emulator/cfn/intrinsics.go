package cfn

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// intrinsic evaluates one function. It resolves its argument itself, because
// Fn::If must leave one branch alone; it returns Unresolved after a problem.
type intrinsic func(s scope, argument any) any

// intrinsics is the table of functions; filled in init because the functions
// call back into it.
var intrinsics map[string]intrinsic

func init() {
	intrinsics = map[string]intrinsic{
		"Ref":                (scope).fnRef,
		"Condition":          (scope).fnCondition,
		"Fn::And":            (scope).fnAnd,
		"Fn::Base64":         (scope).fnBase64,
		"Fn::Cidr":           (scope).fnCidr,
		"Fn::Equals":         (scope).fnEquals,
		"Fn::FindInMap":      (scope).fnFindInMap,
		"Fn::GetAtt":         (scope).fnGetAtt,
		"Fn::GetAZs":         (scope).fnGetAZs,
		"Fn::GetStackOutput": (scope).fnGetStackOutput,
		"Fn::If":             (scope).fnIf,
		"Fn::ImportValue":    (scope).fnImportValue,
		"Fn::Join":           (scope).fnJoin,
		"Fn::Length":         (scope).fnLength,
		"Fn::Not":            (scope).fnNot,
		"Fn::Or":             (scope).fnOr,
		"Fn::Select":         (scope).fnSelect,
		"Fn::Split":          (scope).fnSplit,
		"Fn::Sub":            (scope).fnSub,
		"Fn::ToJsonString":   (scope).fnToJSONString,
		"Fn::Transform":      (scope).fnTransform,
	}
}

// arguments resolves a function's list of arguments, at least least of them.
func (s scope) arguments(name string, v any, least, most int, shape string) ([]any, any) {
	resolved := s.value(v)
	if failed(resolved) {
		return nil, resolved
	}
	list, ok := resolved.([]any)
	if !ok || len(list) < least || len(list) > most {
		return nil, s.fail("write "+shape, "%s has the wrong arguments", name)
	}
	for _, item := range list {
		if failed(item) {
			return nil, item
		}
	}
	return list, nil
}

// text resolves one argument that must be a string.
func (s scope) text(name string, v any) (string, any) {
	resolved := s.value(v)
	if failed(resolved) {
		return "", resolved
	}
	text, ok := scalar(resolved)
	if !ok {
		return "", s.fail("", "%s needs a string, not %s", name, kindOf(resolved))
	}
	return text, nil
}

func failed(v any) bool {
	_, is := v.(Unresolved)
	return is
}

func (s scope) fnJoin(v any) any {
	args, fault := s.arguments("Fn::Join", v, 2, 2, `{"Fn::Join": [delimiter, [values]]}`)
	if fault != nil {
		return fault
	}
	delimiter, isText := args[0].(string)
	list, isList := args[1].([]any)
	if !isText || !isList {
		return s.fail("", "Fn::Join needs a delimiter and a list, not %s and %s", kindOf(args[0]), kindOf(args[1]))
	}
	parts := make([]string, len(list))
	for i, item := range list {
		if failed(item) {
			return item
		}
		text, ok := scalar(item)
		if !ok {
			return s.fail("", "Fn::Join joins strings; value %d is %s", i, kindOf(item))
		}
		parts[i] = text
	}
	return strings.Join(parts, delimiter)
}

func (s scope) fnSplit(v any) any {
	args, fault := s.arguments("Fn::Split", v, 2, 2, `{"Fn::Split": [delimiter, string]}`)
	if fault != nil {
		return fault
	}
	delimiter, ok := args[0].(string)
	source, isText := scalar(args[1])
	if !ok || delimiter == "" || !isText {
		return s.fail("", "Fn::Split needs a delimiter and a string, not %s and %s", kindOf(args[0]), kindOf(args[1]))
	}
	var parts []any
	for part := range strings.SplitSeq(source, delimiter) {
		parts = append(parts, part)
	}
	return parts
}

func (s scope) fnSelect(v any) any {
	args, fault := s.arguments("Fn::Select", v, 2, 2, `{"Fn::Select": [index, [values]]}`)
	if fault != nil {
		return fault
	}
	position, _ := scalar(args[0])
	index, err := strconv.Atoi(position)
	list, isList := args[1].([]any)
	switch {
	case err != nil || !isList:
		return s.fail("", "Fn::Select needs an index and a list, not %s and %s", kindOf(args[0]), kindOf(args[1]))
	case index < 0 || index >= len(list):
		return s.fail("", "Fn::Select has no value %d: the list has %d", index, len(list))
	}
	return list[index]
}

func (s scope) fnBase64(v any) any {
	text, fault := s.text("Fn::Base64", v)
	if fault != nil {
		return fault
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

func (s scope) fnLength(v any) any {
	resolved := s.value(v)
	if failed(resolved) {
		return resolved
	}
	list, ok := resolved.([]any)
	if !ok {
		return s.fail("", "Fn::Length counts a list, not %s", kindOf(resolved))
	}
	return json.Number(strconv.Itoa(len(list)))
}

func (s scope) fnToJSONString(v any) any {
	resolved := s.value(v)
	if fault, found := firstFailed(resolved); found {
		return fault
	}
	switch resolved.(type) {
	case map[string]any, []any:
	default:
		return s.fail("", "Fn::ToJsonString needs an object or a list, not %s", kindOf(resolved))
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(resolved); err != nil {
		return s.fail("", "Fn::ToJsonString: %v", err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// firstFailed finds an unresolved part of a value.
func firstFailed(v any) (any, bool) {
	switch v := v.(type) {
	case Unresolved:
		return v, true
	case []any:
		for _, item := range v {
			if fault, found := firstFailed(item); found {
				return fault, true
			}
		}
	case map[string]any:
		for _, item := range v {
			if fault, found := firstFailed(item); found {
				return fault, true
			}
		}
	}
	return nil, false
}

func (s scope) fnFindInMap(v any) any {
	args, fault := s.arguments("Fn::FindInMap", v, 3, 4, `{"Fn::FindInMap": [map, first key, second key]}`)
	if fault != nil {
		return fault
	}
	var keys [3]string
	for i := range keys {
		key, ok := scalar(args[i])
		if !ok {
			return s.fail("", "Fn::FindInMap needs strings, not %s", kindOf(args[i]))
		}
		keys[i] = key
	}
	first, _ := s.stack.template.mappings[keys[0]].(map[string]any)
	second, _ := first[keys[1]].(map[string]any)
	if found, ok := second[keys[2]]; ok {
		return s.value(found)
	}
	if len(args) == 4 {
		if options, ok := args[3].(map[string]any); ok {
			if def, ok := options["DefaultValue"]; ok {
				return def
			}
		}
	}
	return s.fail("", "the mapping %s has no %s, %s", keys[0], keys[1], keys[2])
}

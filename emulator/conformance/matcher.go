package conformance

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// mismatches says where got is not what want asks for. Want is decoded JSON
// whose leaves may be matchers: {"$match": re} and the like.
func mismatches(place string, want, got any, subset bool) []string {
	if m, ok := want.(map[string]any); ok {
		if name, argument, isMatcher := matcher(m); isMatcher {
			return matchLeaf(place, name, argument, got)
		}
		return matchObject(place, m, got, subset)
	}
	if list, ok := want.([]any); ok {
		return matchList(place, list, got, subset)
	}
	if n, ok := want.(json.Number); ok {
		if equalNumbers(n.String(), text(got)) {
			return nil
		}
	} else if want == got {
		return nil
	}
	return []string{fmt.Sprintf("%s: want %s, got %s", place, show(want), show(got))}
}

func matcher(m map[string]any) (name string, argument any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, argument := range m {
		if strings.HasPrefix(name, "$") {
			return name, argument, true
		}
	}
	return "", nil, false
}

func matchLeaf(place, name string, argument, got any) []string {
	ok := false
	switch name {
	case "$any":
		ok = true
	case "$match":
		ok = got != nil && regexp.MustCompile(argument.(string)).MatchString(text(got))
	case "$type":
		_, isNumber := got.(json.Number)
		ok = argument == "number" && isNumber
	case "$length":
		list, isList := got.([]any)
		ok = isList && equalNumbers(argument.(json.Number).String(), fmt.Sprint(len(list)))
	case "$joined":
		ok = argument == got
	case "$json":
		var value any
		if err := decode([]byte(text(got)), &value); err == nil {
			return mismatches(place+"(json)", argument, value, false)
		}
	}
	if ok {
		return nil
	}
	return []string{fmt.Sprintf("%s: want %s %s, got %s", place, name, show(argument), show(got))}
}

func matchObject(place string, want map[string]any, got any, subset bool) []string {
	object, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: want an object, got %s", place, show(got))}
	}
	var found []string
	for name, w := range want {
		g, present := object[name]
		if !present {
			if _, isMatcher := w.(map[string]any); w != nil || isMatcher {
				found = append(found, fmt.Sprintf("%s.%s: missing", place, name))
			}
			continue
		}
		found = append(found, mismatches(place+"."+name, w, g, subset)...)
	}
	for name := range object {
		if _, expected := want[name]; !expected && !subset {
			found = append(found, fmt.Sprintf("%s.%s: not expected, got %s", place, name, show(object[name])))
		}
	}
	return found
}

func matchList(place string, want []any, got any, subset bool) []string {
	list, ok := got.([]any)
	if !ok || len(list) != len(want) {
		return []string{fmt.Sprintf("%s: want %s, got %s", place, show(want), show(got))}
	}
	var found []string
	for i := range want {
		found = append(found, mismatches(fmt.Sprintf("%s[%d]", place, i), want[i], list[i], subset)...)
	}
	return found
}

func equalNumbers(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

// text is a scalar as it prints.
func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func show(v any) string {
	const longest = 300
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	if len(b) > longest {
		return string(b[:longest]) + "…"
	}
	return string(b)
}

package sam

import (
	"maps"
	"slices"
)

// mergeGlobals puts what the section Globals says of a type below what each of
// its resources says.
func (t *transformation) mergeGlobals(template object) {
	t.globals, _ = template["Globals"].(object)
	for _, name := range slices.Sorted(maps.Keys(t.globals)) {
		common, _ := t.globals[name].(object)
		for _, id := range slices.Sorted(maps.Keys(t.resources)) {
			if r, ok := t.resource(id); ok && r.kind == "AWS::Serverless::"+name {
				r.entry["Properties"] = merged(common, r.properties)
			}
		}
	}
}

// merged puts own over common: objects are merged, lists joined, all else
// replaced.
func merged(common, own any) any {
	switch own := own.(type) {
	case object:
		base, ok := common.(object)
		if !ok || isFunction(base) || isFunction(own) {
			return own
		}
		both := maps.Clone(base)
		for key, value := range own {
			if below, ok := base[key]; ok {
				value = merged(below, value)
			}
			both[key] = value
		}
		return both
	case []any:
		if base, ok := common.([]any); ok {
			return append(slices.Clone(base), own...)
		}
	}
	return own
}

// isFunction tells an intrinsic function from data.
func isFunction(o object) bool {
	for name := range o {
		return len(o) == 1 && (name == "Ref" || len(name) > 4 && name[:4] == "Fn::")
	}
	return false
}

package cfn

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The accessors below read a property by its path: "Integration.Uri",
// "ContainerDefinitions.0.Name". A missing one gives the zero value. One of the
// wrong shape does too, and is noted in Problems; one that is Unresolved was
// noted when the template was loaded. Not for use by several goroutines.

// Value is the property as it is, nil when missing.
func (r *Resource) Value(path string) any {
	var value any = r.Properties
	for key := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Has says whether the property is there.
func (r *Resource) Has(path string) bool { return r.Value(path) != nil }

// String reads text; numbers and booleans are written out, as CloudFormation does.
func (r *Resource) String(path string) string {
	v := r.Value(path)
	text, ok := scalar(v)
	r.expect(path, v, ok, "a string")
	return text
}

// Strings reads a list of texts.
func (r *Resource) Strings(path string) []string {
	list := r.List(path)
	all := make([]string, 0, len(list))
	for i := range list {
		all = append(all, r.String(path+"."+strconv.Itoa(i)))
	}
	return all
}

// Int reads a whole number, written as number or text.
func (r *Resource) Int(path string) int {
	v := r.Value(path)
	n, ok := whole(v)
	r.expect(path, v, ok, "a whole number")
	return n
}

// Float reads a number, written as number or text.
func (r *Resource) Float(path string) float64 {
	v := r.Value(path)
	text, _ := scalar(v)
	n, err := json.Number(text).Float64()
	r.expect(path, v, err == nil, "a number")
	return n
}

// Bool reads a boolean, written as such or as text.
func (r *Resource) Bool(path string) bool {
	v := r.Value(path)
	text, _ := scalar(v)
	r.expect(path, v, text == "true" || text == "false", "a boolean")
	return text == "true"
}

// Map reads an object.
func (r *Resource) Map(path string) map[string]any {
	v := r.Value(path)
	m, ok := v.(map[string]any)
	r.expect(path, v, ok, "an object")
	return m
}

// StringMap reads an object of texts. Keys may have dots.
func (r *Resource) StringMap(path string) map[string]string {
	entries := r.Map(path)
	all := make(map[string]string, len(entries))
	for key, v := range entries {
		text, ok := scalar(v)
		r.expect(path+"."+key, v, ok, "a string")
		if ok {
			all[key] = text
		}
	}
	return all
}

// List reads a list.
func (r *Resource) List(path string) []any {
	v := r.Value(path)
	list, ok := v.([]any)
	r.expect(path, v, ok, "a list")
	return list
}

func (r *Resource) expect(path string, v any, ok bool, want string) {
	if ok || v == nil || failed(v) {
		return
	}
	r.Problems.add(r.Problem(path, "the property is "+kindOf(v)+" where "+want+" is needed", ""))
}

package render

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// written is what templates set in overrides.
func written(o *gateway.Overrides) map[string]any {
	all := map[string]any{}
	put := func(override, member string, value any) {
		m, ok := all[override].(map[string]any)
		if !ok {
			m = map[string]any{}
			all[override] = m
		}
		m[member] = value
	}
	for _, part := range []struct {
		override, member string
		fields           []gateway.Field
	}{
		{"requestOverride", "path", o.RequestPath()},
		{"requestOverride", "querystring", o.RequestQuerystring()},
		{"requestOverride", "header", o.RequestHeader()},
		{"responseOverride", "header", o.ResponseHeader()},
	} {
		values := map[string]any{}
		for _, f := range part.fields {
			switch before := values[f.Name].(type) {
			case nil:
				values[f.Name] = f.Value
			case []any:
				values[f.Name] = append(before, f.Value)
			default:
				values[f.Name] = []any{before, f.Value}
			}
		}
		if len(values) > 0 {
			put(part.override, part.member, values)
		}
	}
	if status, ok := o.ResponseStatus(); ok {
		put("responseOverride", "status", float64(status))
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// OverrideLines are the overrides as a template would set them, sorted:
// $context.responseOverride.status = 404.
func (r *Result) OverrideLines() []string {
	var lines []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		if m, ok := v.(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(m)) {
				walk(path+"."+name, m[name])
			}
			return
		}
		value, _ := json.Marshal(v) // a text, a number or a list of texts
		lines = append(lines, path+" = "+string(value))
	}
	walk("$context", map[string]any(r.Overrides))
	return lines
}

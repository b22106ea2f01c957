package sam

import (
	"strings"
)

// rewriteReferences gives {"Ref": "Function.Alias"} and the like the logical IDs
// of the resources that the macro made.
func (t *transformation) rewriteReferences(template object) {
	for _, name := range []string{"Resources", "Outputs", "Conditions"} {
		t.rewrite(template[name])
	}
}

func (t *transformation) rewrite(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			t.rewrite(item)
		}
	case object:
		if id, ok := t.references[text(v["Ref"])]; ok && len(v) == 1 {
			v["Ref"] = id
		}
		switch template := v["Fn::Sub"].(type) {
		case string:
			v["Fn::Sub"] = t.rewriteText(template)
		case []any:
			if len(template) == 2 {
				template[0] = t.rewriteText(text(template[0]))
			}
		}
		for _, item := range v {
			t.rewrite(item)
		}
	}
}

func (t *transformation) rewriteText(template string) string {
	for reference, id := range t.references {
		template = strings.ReplaceAll(template, "${"+reference+"}", "${"+id+"}")
	}
	return template
}

package openapi

import "strings"

// maxReferences bounds references that lead to references.
const maxReferences = 32

// object reads an object, and follows "$ref" to a place in the document.
func (i *importer) object(v any) map[string]any {
	for range maxReferences {
		m, _ := v.(map[string]any)
		pointer, isReference := m["$ref"].(string)
		if !isReference {
			return m
		}
		v = i.lookUp(pointer)
	}
	return nil
}

// lookUp gives what a JSON pointer ("#/components/parameters/id") names, nil
// when there is nothing.
func (i *importer) lookUp(pointer string) any {
	path, ok := strings.CutPrefix(pointer, "#/")
	if !ok {
		return nil
	}
	var value any = i.document
	for name := range strings.SplitSeq(path, "/") {
		m, _ := value.(map[string]any)
		value = m[strings.NewReplacer("~1", "/", "~0", "~").Replace(name)]
	}
	return value
}

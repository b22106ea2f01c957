// Package templatetest helps tests to state what stands in a synthesized template.
package templatetest

import (
	"fmt"
	"regexp"
	"strings"
)

// hashSuffix is what CDK appends to logical IDs.
var hashSuffix = regexp.MustCompile(`[0-9A-F]{8}$`)

// PlainID is a logical ID without CDK's hash.
func PlainID(logicalID string) string { return hashSuffix.ReplaceAllString(logicalID, "") }

// Text writes a value of a template as text, references as ${Orders.Arn}.
func Text(value any) string {
	function, ok := value.(map[string]any)
	if !ok || len(function) != 1 {
		return fmt.Sprint(value)
	}
	if id, ok := function["Ref"].(string); ok {
		return "${" + PlainID(id) + "}"
	}
	if attribute, ok := function["Fn::GetAtt"].([]any); ok {
		return fmt.Sprintf("${%s.%s}", PlainID(attribute[0].(string)), attribute[1])
	}
	if text, ok := function["Fn::Sub"].(string); ok {
		return text
	}
	if join, ok := function["Fn::Join"].([]any); ok {
		var text strings.Builder
		for _, part := range join[1].([]any) {
			text.WriteString(Text(part))
		}
		return text.String()
	}
	return fmt.Sprint(value)
}

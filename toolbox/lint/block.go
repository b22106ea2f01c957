package lint

import (
	"os"
	"regexp"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// blockHeader ends the line of a YAML key whose value is the lines below, as they
// are.
var blockHeader = regexp.MustCompile(`:\s*(!Sub\s+)?\|[-+0-9]*\s*(#.*)?$`)

// inBlock is the place in the CloudFormation template of a place in a mapping
// template that stands there in lines of its own; false of any other.
func inBlock(property doctor.Where, line, column int) (doctor.Where, bool) {
	text, err := os.ReadFile(property.File)
	lines := strings.Split(string(text), "\n")
	if err != nil || property.Line == 0 || property.Line+line > len(lines) || !blockHeader.MatchString(lines[property.Line-1]) {
		return property, false
	}
	indent := 0
	for _, first := range lines[property.Line:] {
		if content := strings.TrimLeft(first, " "); strings.TrimSpace(content) != "" {
			indent = len(first) - len(content)
			break
		}
	}
	property.Line, property.Column = property.Line+line, column+indent
	return property, true
}

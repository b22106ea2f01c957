package doctor

import (
	"os"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// places are the lines of a template's values. JSON is read as the YAML that
// it is.
type places struct{ resources *yaml.Node }

// place finds a property in a template's file, or the nearest value around it:
// what an intrinsic function makes has no place of its own. The line is 0 when
// the file can't be read that way.
func (s *Subject) place(file, logicalID, property string) (string, int) {
	if file == "" {
		return "", 0
	}
	p, known := s.places[file]
	if !known {
		p = readPlaces(file)
		s.places[file] = p
	}
	return cfn.Displayed(file), p.line(logicalID, property)
}

func readPlaces(file string) *places {
	text, err := os.ReadFile(file)
	if err != nil {
		return &places{}
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil || len(document.Content) == 0 {
		return &places{}
	}
	_, resources, _ := member(document.Content[0], "Resources")
	return &places{resources}
}

func (p *places) line(logicalID, property string) int {
	at, value, _ := member(p.resources, logicalID)
	if at == nil {
		return 0
	}
	_, value, _ = member(value, "Properties")
	for property != "" {
		key, next, rest := member(value, property)
		if key == nil {
			break
		}
		at, value, property = key, next, rest
	}
	return at.Line
}

// member finds the entry of a node that a path with dots begins with: its key,
// its value and the rest of the path. Keys may have dots, the longest one counts.
func member(n *yaml.Node, path string) (key, value *yaml.Node, rest string) {
	if n == nil {
		return nil, nil, ""
	}
	if n.Kind == yaml.SequenceNode {
		return item(n, path)
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		behind, found := strings.CutPrefix(path, n.Content[i].Value)
		if !found || behind != "" && behind[0] != '.' {
			continue
		}
		if key == nil || len(n.Content[i].Value) > len(key.Value) {
			key, value, rest = n.Content[i], n.Content[i+1], strings.TrimPrefix(behind, ".")
		}
	}
	return key, value, rest
}

func item(n *yaml.Node, path string) (key, value *yaml.Node, rest string) {
	index, rest, _ := strings.Cut(path, ".")
	for i, entry := range n.Content {
		if index == itoa(i) {
			return entry, entry, rest
		}
	}
	return nil, nil, ""
}

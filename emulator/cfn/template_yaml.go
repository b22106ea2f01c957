package cfn

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxYAMLNodes bounds what aliases can expand to.
const maxYAMLNodes = 1 << 18

// parseYAML reads YAML with CloudFormation's short tags (!Ref, !Sub …) into the
// tree that parseJSON gives.
func parseYAML(text []byte) (any, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return nil, errors.New("empty template")
	}
	reader := yamlReader{open: map[*yaml.Node]bool{}}
	return reader.value(document.Content[0])
}

type yamlReader struct {
	nodes int
	open  map[*yaml.Node]bool // aliases being followed
}

func (y *yamlReader) value(n *yaml.Node) (any, error) {
	if y.nodes++; y.nodes > maxYAMLNodes {
		return nil, yamlFault(n, "too many values (aliases that multiply?)")
	}
	function, tagged := shortForm(n.Tag)
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") && !tagged {
		return nil, yamlFault(n, "unknown tag %s", n.Tag)
	}
	v, err := y.plain(n, tagged)
	if err != nil || !tagged {
		return v, err
	}
	if attribute, ok := v.(string); ok && function == "Fn::GetAtt" {
		name, rest, _ := strings.Cut(attribute, ".")
		v = []any{name, rest}
	}
	return map[string]any{function: v}, nil
}

// shortForm gives the function that a tag stands for.
func shortForm(tag string) (string, bool) {
	name, ok := strings.CutPrefix(tag, "!")
	if !ok || strings.HasPrefix(name, "!") {
		return "", false
	}
	if name == "Ref" || name == "Condition" {
		return name, true
	}
	_, known := intrinsics["Fn::"+name]
	return "Fn::" + name, known
}

func (y *yamlReader) plain(n *yaml.Node, tagged bool) (any, error) {
	switch n.Kind {
	case yaml.AliasNode:
		if y.open[n.Alias] {
			return nil, yamlFault(n, "the alias %s contains itself", n.Value)
		}
		y.open[n.Alias] = true
		defer delete(y.open, n.Alias)
		return y.value(n.Alias)
	case yaml.MappingNode:
		return y.mapping(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			v, err := y.value(item)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	}
	if tagged {
		return n.Value, nil
	}
	return yamlScalar(n)
}

func (y *yamlReader) mapping(n *yaml.Node) (any, error) {
	m := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			return nil, yamlFault(key, "a key is plain text")
		}
		if _, twice := m[key.Value]; twice {
			return nil, yamlFault(key, "key %q occurs twice", key.Value)
		}
		v, err := y.value(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		m[key.Value] = v
	}
	return m, nil
}

// yamlScalar keeps dates as text: Version: 2012-10-17 is a string.
func yamlScalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		v, err := strconv.ParseBool(strings.ToLower(n.Value))
		if err != nil {
			return nil, yamlFault(n, "%q is no boolean", n.Value)
		}
		return v, nil
	case "!!int", "!!float":
		return yamlNumber(n)
	}
	return n.Value, nil
}

// yamlNumber keeps the spelling of decimal numbers, and gives the value of
// hexadecimal and octal ones. An account ID with a leading zero stays text, as
// in CloudFormation's reader.
func yamlNumber(n *yaml.Node) (any, error) {
	if json.Valid([]byte(n.Value)) {
		return json.Number(n.Value), nil
	}
	if strings.HasPrefix(n.Value, "0x") || strings.HasPrefix(n.Value, "0o") {
		var v int64
		if err := n.Decode(&v); err != nil {
			return nil, yamlFault(n, "%q is no number", n.Value)
		}
		return json.Number(strconv.FormatInt(v, 10)), nil
	}
	return n.Value, nil
}

func yamlFault(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%d:%d: %s", n.Line, n.Column, fmt.Sprintf(format, args...))
}

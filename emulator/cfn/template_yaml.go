package cfn

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// maxYAMLNodes bounds what aliases can expand to.
const maxYAMLNodes = 1 << 18

// parseYAML reads YAML with CloudFormation's short tags (!Ref, !Sub …) into the
// tree that parseJSON gives.
func parseYAML(text []byte) (*document, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, errors.New(yamlLine.ReplaceAllString(err.Error(), "$1: "))
	}
	if len(root.Content) == 0 {
		return nil, errors.New("empty template")
	}
	reader := yamlReader{document: &document{places: map[string]string{}}, open: map[*yaml.Node]bool{}}
	var err error
	reader.tree, err = reader.value("", root.Content[0])
	return reader.document, err
}

// yamlLine is how the YAML package begins an error.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

type yamlReader struct {
	*document
	nodes int
	open  map[*yaml.Node]bool // aliases being followed
}

func (y *yamlReader) value(path string, n *yaml.Node) (any, error) {
	if y.nodes++; y.nodes > maxYAMLNodes {
		return nil, yamlFault(n, "too many values (aliases that multiply?)")
	}
	if err := y.enter(); err != nil {
		return nil, yamlFault(n, "%w", err)
	}
	defer y.leave()
	function, tagged := shortForm(n.Tag)
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") && !tagged {
		return nil, yamlFault(n, "unknown tag %s", n.Tag)
	}
	v, err := y.plain(path, n, tagged)
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

func (y *yamlReader) plain(path string, n *yaml.Node, tagged bool) (any, error) {
	switch n.Kind {
	case yaml.AliasNode:
		if y.open[n.Alias] {
			return nil, yamlFault(n, "the alias %s contains itself", n.Value)
		}
		y.open[n.Alias] = true
		defer delete(y.open, n.Alias)
		return y.value(path, n.Alias)
	case yaml.MappingNode:
		return y.mapping(path, n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for i, item := range n.Content {
			at := within(path, strconv.Itoa(i))
			y.note(at, yamlPlace(item), false)
			v, err := y.value(at, item)
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

func (y *yamlReader) mapping(path string, n *yaml.Node) (any, error) {
	m, own := make(map[string]any, len(n.Content)/2), map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, yamlFault(key, "a key is plain text")
		}
		at := within(path, key.Value)
		v, err := y.value(at, n.Content[i+1])
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			if err := merge(m, own, v); err != nil {
				return nil, yamlFault(key, "%w", err)
			}
			continue
		}
		y.note(at, yamlPlace(key), own[key.Value])
		m[key.Value], own[key.Value] = v, true
	}
	return m, nil
}

// merge adds what "<<" names, an object or a list of them, below the keys that
// the object has itself.
func merge(m map[string]any, own map[string]bool, v any) error {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, item := range list {
		from, ok := item.(map[string]any)
		if !ok {
			return fmt.Errorf("<< merges objects, not %s", kindOf(item))
		}
		for name, value := range from {
			if _, known := m[name]; !known && !own[name] {
				m[name] = value
			}
		}
	}
	return nil
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

func yamlPlace(n *yaml.Node) string { return fmt.Sprintf("%d:%d", n.Line, n.Column) }

func yamlFault(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s: %w", yamlPlace(n), fmt.Errorf(format, args...))
}

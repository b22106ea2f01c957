package lint

import "github.com/apigw-integrations/apigw-integrations/emulator/vtl"

// reference follows the steps of a reference, by what is known of $input, $util
// and the others first.
func (in *input) reference(p *vtl.Syntax) meaning {
	steps := p.Steps
	var m meaning
	switch p.Name {
	case "input":
		if len(steps) == 0 {
			return m
		}
		m, steps = in.ofInput(steps[0]), steps[1:]
	case "util":
		if len(steps) == 0 {
			return m
		}
		m, steps = in.ofUtil(steps[0]), steps[1:]
	case "context":
		m.fields = []*field{in.context}
	case "stageVariables":
		m.fields = []*field{in.stageVariables}
	default:
		if v := in.vars[p.Name]; v != nil {
			m = *v
		}
	}
	for _, step := range steps {
		m = in.step(m, step)
	}
	return m
}

func (in *input) ofInput(step *vtl.Syntax) meaning {
	var args []meaning
	for _, a := range step.Args {
		args = append(args, in.meaning(a))
	}
	switch {
	case step.Kind == vtl.SyntaxProperty && step.Name == "body":
		in.opaque = true
		return meaning{text: []*field{in.body}}
	case step.Name == "params" && len(args) == 0:
		return meaning{fields: []*field{in.params}}
	case step.Name == "params":
		return named(args[0], in.param.member)
	case step.Name == "path" || step.Name == "json":
		var m meaning
		for _, a := range args {
			for _, path := range a.words {
				f, spread := in.body.at(path)
				switch {
				case step.Name == "json":
					m.text = append(m.text, f)
				case spread:
					m.spread = append(m.spread, f)
				default:
					m.fields = append(m.fields, f)
				}
			}
		}
		return m
	}
	return meaning{}
}

func (in *input) ofUtil(step *vtl.Syntax) meaning {
	var m meaning
	for _, a := range step.Args {
		argument := in.meaning(a)
		switch step.Name {
		case "base64Decode":
			for _, f := range argument.fields {
				f.isBase64 = true
			}
			m.fields = append(m.fields, argument.fields...)
		case "parseJson":
			m.fields = append(m.fields, argument.text...)
			for _, f := range argument.fields {
				m.fields = append(m.fields, f.asJSON())
			}
		default: // the same value, written in another way
			m.fields = append(m.fields, argument.fields...)
			m.words = append(m.words, argument.words...)
		}
	}
	return m
}

// named gives the members that words name.
func named(words meaning, member func(string) *field) meaning {
	var m meaning
	for _, word := range words.words {
		m.fields = append(m.fields, member(word))
	}
	return m
}

// javaProperties are those that texts and lists have, not the fields of an object.
var javaProperties = map[string]bool{"class": true, "empty": true, "bytes": true}

func (in *input) step(m meaning, step *vtl.Syntax) meaning {
	var key meaning
	for _, a := range step.Args {
		key = in.meaning(a)
	}
	switch {
	case step.Kind == vtl.SyntaxProperty && javaProperties[step.Name]:
		return meaning{}
	case step.Kind == vtl.SyntaxProperty:
		return m.member(step.Name)
	case step.Kind == vtl.SyntaxIndex, step.Name == "get" || step.Name == "getOrDefault":
		return m.get(key)
	case step.Name == "keySet":
		m.listEntries()
		return meaning{keys: m.fields}
	case step.Name == "entrySet":
		m.listEntries()
		return meaning{entries: m.fields}
	case step.Name == "values":
		m.listEntries()
		return meaning{spread: entriesOf(m.fields)}
	case step.Name == "getValue":
		return meaning{fields: entriesOf(m.entries)}
	case step.Name == "equals":
		compare(m, key)
	case step.Name == "iterator", step.Name == "toString", step.Name == "trim":
		return m
	}
	return meaning{}
}

func (m meaning) listEntries() {
	for _, f := range m.fields {
		f.entries()
	}
}

func entriesOf(maps []*field) []*field {
	var all []*field
	for _, f := range maps {
		all = append(all, f.entries())
	}
	return all
}

func (m meaning) member(name string) meaning {
	var to meaning
	for _, f := range m.fields {
		to.fields = append(to.fields, f.member(name))
	}
	if name == "value" {
		to.fields = append(to.fields, entriesOf(m.entries)...)
	}
	return to
}

// get is .get(key) and [key]: of a list by number, of a map by what it says.
func (m meaning) get(key meaning) meaning {
	var to meaning
	for _, f := range m.fields {
		for _, word := range key.words {
			if isIndex(word) {
				to.fields = append(to.fields, f.elements())
			} else {
				to.fields = append(to.fields, f.member(word))
			}
		}
		if len(key.keys) > 0 {
			to.fields = append(to.fields, f.entries())
		}
	}
	to.fields = append(to.fields, m.spread...)
	return to
}

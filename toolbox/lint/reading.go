package lint

import (
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// input is what a template reads, found in its text: each field that a
// reference can lead to, whichever branch it stands in.
type input struct {
	body                      *field
	path, querystring, header *field
	param                     *field // $input.params(name), which may be any of the three
	context, stageVariables   *field
	opaque                    bool // a body that is read as text

	params *field // the three by name
	vars   map[string]*meaning
	macros map[string]*vtl.Syntax
	grown  bool
}

// meaning is what an expression can stand for.
type meaning struct {
	fields  []*field
	spread  []*field // elements of a list that a JSONPath made
	text    []*field // their JSON as text
	keys    []*field // the keys of these maps
	entries []*field // the entries of these maps
	words   []string // constants
}

// Limits of reading: a template can walk down its input without end.
const (
	maxPasses   = 6  // over the template, as long as a variable gets a further meaning
	maxMeanings = 32 // of one variable, and of the constants that it can be
)

func readInput(parts []*vtl.Syntax) *input {
	in := &input{
		body: &field{name: "$"}, param: &field{name: "parameter"}, context: &field{name: "$context"},
		stageVariables: &field{name: "stage variable"},
		params:         &field{}, vars: map[string]*meaning{}, macros: map[string]*vtl.Syntax{},
	}
	in.path, in.querystring, in.header = in.params.member("path"), in.params.member("querystring"), in.params.member("header")
	for _, f := range in.params.members {
		f.parent = nil // so that each is a root of its own
	}
	for _, p := range parts {
		if p.Kind == vtl.SyntaxMacro {
			in.macros[p.Name] = p
		}
	}
	in.grown = true
	for pass := 0; in.grown && pass < maxPasses; pass++ {
		in.grown = false
		in.read(parts)
	}
	return in
}

// roots are the parts of the input that can be varied.
func (in *input) roots() []*field {
	return []*field{in.body, in.path, in.querystring, in.header, in.param, in.context}
}

// fields lists every field of the roots, without these themselves.
func (in *input) fields() []*field {
	var all []*field
	for _, root := range in.roots() {
		root.each(func(f *field) {
			if f != root {
				all = append(all, f)
			}
		})
	}
	return all
}

func (in *input) read(parts []*vtl.Syntax) {
	for _, p := range parts {
		switch p.Kind {
		case vtl.SyntaxSet:
			m := in.meaning(p.Args[1])
			in.meaning(p.Args[0])
			if len(p.Args[0].Steps) == 0 {
				in.assign(p.Args[0].Name, m)
			}
		case vtl.SyntaxForeach:
			for _, list := range p.Args {
				in.assign(p.Name, each(in.meaning(list)))
			}
		case vtl.SyntaxCall:
			in.call(p)
		default:
			in.meaning(p)
		}
		if p.Kind != vtl.SyntaxQuoted {
			in.read(p.Body)
		}
	}
}

// call gives the parameters of a macro what they stand for.
func (in *input) call(p *vtl.Syntax) {
	macro := in.macros[p.Name]
	for i, a := range p.Args {
		m := in.meaning(a)
		if macro != nil && i < len(macro.Params) {
			in.assign(macro.Params[i], m)
		}
	}
}

// each is what the variable of a loop stands for.
func each(list meaning) meaning {
	var m meaning
	for _, f := range list.fields {
		m.fields = append(m.fields, f.elements())
	}
	m.fields = append(m.fields, list.spread...)
	m.keys, m.entries, m.words = list.keys, list.entries, list.words
	return m
}

// assign adds to what a variable can stand for.
func (in *input) assign(name string, m meaning) {
	v := in.vars[name]
	if v == nil {
		v = &meaning{}
		in.vars[name] = v
	}
	for _, group := range []struct{ to, from *[]*field }{
		{&v.fields, &m.fields}, {&v.spread, &m.spread}, {&v.text, &m.text}, {&v.keys, &m.keys}, {&v.entries, &m.entries},
	} {
		for _, f := range *group.from {
			if len(*group.to) < maxMeanings && !slices.Contains(*group.to, f) {
				*group.to = append(*group.to, f)
				in.grown = true
			}
		}
	}
	for _, word := range m.words {
		if len(v.words) < maxMeanings && !slices.Contains(v.words, word) {
			v.words = append(v.words, word)
			in.grown = true
		}
	}
}

// meaning reads an expression.
func (in *input) meaning(p *vtl.Syntax) meaning {
	switch p.Kind {
	case vtl.SyntaxReference:
		return in.reference(p)
	case vtl.SyntaxConstant, vtl.SyntaxText:
		return meaning{words: []string{p.Text}}
	case vtl.SyntaxQuoted: // a copy of what stands in it
		var m meaning
		for _, part := range p.Body {
			m = in.meaning(part)
		}
		in.read(p.Body)
		if len(p.Body) == 1 {
			return m
		}
		return meaning{}
	}
	var all []meaning
	for _, a := range p.Args {
		all = append(all, in.meaning(a))
	}
	if p.Kind == vtl.SyntaxOperation && p.Name == "==" {
		compare(all[0], all[1])
		compare(all[1], all[0])
	}
	if p.Kind == vtl.SyntaxOperation && p.Name == "list" {
		var m meaning
		for _, item := range all {
			m.words = append(m.words, item.words...)
		}
		return m
	}
	return meaning{}
}

func compare(fields, constants meaning) {
	for _, f := range fields.fields {
		for _, word := range constants.words {
			f.compared(word)
		}
	}
}

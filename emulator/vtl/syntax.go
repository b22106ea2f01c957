package vtl

import (
	"maps"
	"slices"
	"strings"
)

// Syntax is a part of a template as it is written, for those who read templates
// without rendering them.
type Syntax struct {
	Kind         SyntaxKind
	Line, Column int       // 0 for what has no place of its own: constants, for example
	Name         string    // of the variable, property, method or macro; the operator
	Text         string    // of a Text, or a Constant that is one; a Reference as written
	Params       []string  // of a Macro
	Args         []*Syntax // conditions, arguments, operands; of a Set the variable and its value
	Steps        []*Syntax // of a Reference: each Property, Method or Index behind the variable
	Body         []*Syntax // what is rendered within
}

// SyntaxKind is what a part of a template is.
type SyntaxKind int

// The kinds of parts, with what of Syntax they have.
const (
	SyntaxText      SyntaxKind = iota // Text
	SyntaxReference                   // Name, Steps
	SyntaxProperty                    // Name
	SyntaxMethod                      // Name, Args
	SyntaxIndex                       // Args: one
	SyntaxSet                         // Args: a Reference, a value
	SyntaxIf                          // Body: a Branch each, the last is the #else
	SyntaxBranch                      // Args: the condition, none of #else; Body
	SyntaxForeach                     // Name, Args: the list; Body
	SyntaxMacro                       // Name, Params, Body
	SyntaxCall                        // of a macro: Name, Args, Body
	SyntaxDefine                      // Name, Body
	SyntaxEvaluate                    // Args: the text
	SyntaxConstant                    // Text
	SyntaxQuoted                      // a text in double quotes with references: Body
	SyntaxOperation                   // Name: the operator, "list", "map" or "range"; Args
)

// Syntax is the whole template: its macros by the order of their names, then its
// text.
func (t *Template) Syntax() []*Syntax {
	var all []*Syntax
	for _, name := range slices.Sorted(maps.Keys(t.unit.macros)) {
		m := t.unit.macros[name]
		s := &Syntax{Kind: SyntaxMacro, Name: m.name, Body: t.unit.syntaxOf(m.body)}
		for _, p := range m.params {
			s.Params = append(s.Params, p.reference[1:])
		}
		all = append(all, s)
	}
	return append(all, t.unit.syntaxOf(t.root)...)
}

// Walk visits the parts in the order of the template, each before those within
// it; not those within one for which visit is false.
func Walk(parts []*Syntax, visit func(*Syntax) bool) {
	for _, s := range parts {
		if !visit(s) {
			continue
		}
		Walk(s.Args, visit)
		Walk(s.Steps, visit)
		Walk(s.Body, visit)
	}
}

func (u *unit) syntaxOf(b block) []*Syntax {
	var all []*Syntax
	for i := range b {
		if s := u.statementSyntax(b[i].node); s != nil {
			all = append(all, s)
		}
	}
	return all
}

// statementSyntax is nil of what renders nothing and has no parts.
func (u *unit) statementSyntax(n node) *Syntax {
	switch n := n.(type) {
	case verbatim:
		return &Syntax{Kind: SyntaxText, Text: string(n)}
	case *reference:
		return u.referenceSyntax(n)
	case *set:
		return placed(SyntaxSet, n.at, &Syntax{Args: []*Syntax{u.referenceSyntax(n.left), u.exprSyntax(n.right)}})
	case *ifStatement:
		s := &Syntax{Kind: SyntaxIf}
		for _, b := range n.branches {
			s.Body = append(s.Body, &Syntax{Kind: SyntaxBranch, Line: b.line, Args: u.exprs(b.condition), Body: u.syntaxOf(b.body)})
		}
		s.Body = append(s.Body, &Syntax{Kind: SyntaxBranch, Body: u.syntaxOf(n.otherwise.body)})
		return s
	case *foreach:
		return placed(SyntaxForeach, n.at, &Syntax{Name: u.names[n.element], Args: u.exprs(n.list), Body: u.syntaxOf(n.body)})
	case *macroCall:
		s := &Syntax{Name: n.name, Body: u.syntaxOf(n.body)}
		for _, a := range n.args {
			s.Args = append(s.Args, u.exprSyntax(a.expr))
		}
		return placed(SyntaxCall, n.at, s)
	case *define:
		return &Syntax{Kind: SyntaxDefine, Name: u.names[n.slot], Body: u.syntaxOf(n.body)}
	case *evaluate:
		return placed(SyntaxEvaluate, n.at, &Syntax{Args: u.exprs(n.text)})
	}
	return nil
}

func (u *unit) referenceSyntax(r *reference) *Syntax {
	if r.escaped || r.plain || r.void {
		return &Syntax{Kind: SyntaxText, Text: r.literal}
	}
	s := placed(SyntaxReference, r.at, &Syntax{Name: r.name, Text: r.literal})
	for _, step := range r.steps {
		switch step := step.(type) {
		case *property:
			s.Steps = append(s.Steps, placed(SyntaxProperty, step.at, &Syntax{Name: step.name}))
		case *call:
			s.Steps = append(s.Steps, placed(SyntaxMethod, step.at, &Syntax{Name: step.name, Args: u.exprs(step.args...)}))
		case *index:
			s.Steps = append(s.Steps, placed(SyntaxIndex, step.at, &Syntax{Args: u.exprs(step.arg)}))
		}
	}
	return s
}

func (u *unit) exprSyntax(x expr) *Syntax {
	operation := func(name string, args ...expr) *Syntax {
		return &Syntax{Kind: SyntaxOperation, Name: name, Args: u.exprs(args...)}
	}
	switch x := x.(type) {
	case *reference:
		return u.referenceSyntax(x)
	case constant:
		return &Syntax{Kind: SyntaxConstant, Text: constantOf(x.v)}
	case boolean:
		return &Syntax{Kind: SyntaxConstant, Text: Text(bool(x))}
	case *interpolation:
		return placed(SyntaxQuoted, x.at, &Syntax{Body: u.quotedSyntax(x)})
	case listLiteral:
		return operation("list", x...)
	case mapLiteral:
		s := operation("map")
		for _, pair := range x {
			s.Args = append(s.Args, u.exprs(pair[0], pair[1])...)
		}
		return s
	case *rangeLiteral:
		return operation("range", x.from, x.to)
	case *not:
		return operation("!", x.x)
	case *both:
		return operation("&&", x.left, x.right)
	case *either:
		return operation("||", x.left, x.right)
	case *equality:
		return operation("==", x.left, x.right)
	case *relation:
		return operation("<", x.left, x.right)
	case *arithmetic:
		return operation(string(x.op), x.left, x.right)
	}
	return &Syntax{Kind: SyntaxConstant}
}

func (u *unit) quotedSyntax(x *interpolation) []*Syntax {
	body := u.syntaxOf(x.block.(block))
	if last := len(body) - 1; x.padded && last >= 0 && body[last].Kind == SyntaxText {
		if body[last].Text = strings.TrimSuffix(body[last].Text, " "); body[last].Text == "" {
			return body[:last]
		}
	}
	return body
}

func (u *unit) exprs(all ...expr) []*Syntax {
	var parts []*Syntax
	for _, x := range all {
		if x != nil {
			parts = append(parts, u.exprSyntax(x))
		}
	}
	return parts
}

func constantOf(v Value) string {
	if v == nil {
		return ""
	}
	return Text(v)
}

func placed(kind SyntaxKind, at position, s *Syntax) *Syntax {
	s.Kind, s.Line, s.Column = kind, at.line, at.column
	return s
}

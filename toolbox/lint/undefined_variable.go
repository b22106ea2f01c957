package lint

import (
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var undefinedVariable = Rule{
	ID:       "undefined-variable",
	Severity: doctor.Warning,
	Evidence: doctor.Recorded,
	Title:    "A variable is read that nothing sets",
	Why:      "it is null: it prints nothing, and no condition with it holds",
	Fix:      "correct the name, or #set it before; write a dollar that is meant as text by a variable: #set($dollar = '$')",
	Doc:      templateReference,
	check: eachTemplate(func(x *examination, t *template) {
		known := setIn(t.parsed.Syntax())
		vtl.Walk(t.parsed.Syntax(), func(s *vtl.Syntax) bool {
			if s.Kind == vtl.SyntaxReference && !known[s.Name] && !isAppSync(s) {
				x.findIn(t, s.Line, s.Column, "nothing sets $%s%s", s.Name, didYouMean(s.Name, known))
			}
			return true
		})
	}),
}

// ofService are the variables that every template has, those of loops and
// macros included.
var ofService = []string{"input", "util", "context", "stageVariables", "foreach", "velocityCount", "velocityHasNext", "bodyContent"}

// setIn are the variables that there can be, wherever the template sets them.
func setIn(parts []*vtl.Syntax) map[string]bool {
	known := map[string]bool{}
	for _, name := range ofService {
		known[name] = true
	}
	vtl.Walk(parts, func(s *vtl.Syntax) bool {
		switch s.Kind {
		case vtl.SyntaxSet:
			known[s.Args[0].Name] = true
		case vtl.SyntaxForeach, vtl.SyntaxDefine:
			known[s.Name] = true
		case vtl.SyntaxMacro:
			for _, name := range s.Params {
				known[name] = true
			}
		}
		return true
	})
	return known
}

// didYouMean names the variable that differs in case only, or in a letter at
// the end.
func didYouMean(name string, known map[string]bool) string {
	var near []string
	for other := range known {
		if strings.EqualFold(other, name) || other+"s" == name || name+"s" == other {
			near = append(near, "$"+other)
		}
	}
	if len(near) == 0 {
		return ""
	}
	slices.Sort(near)
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

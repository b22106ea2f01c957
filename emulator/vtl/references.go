package vtl

// Reference is a place of a template that reads a variable.
type Reference struct {
	Name         string   // without the dollar: "stageVariables"
	Path         []string // the constant names behind it, up to the first that is not: .a, ["a"] and .get("a")
	Line, Column int
}

// References lists what the template reads and sets in the order of its text,
// arguments before what they are given to. What is escaped or made at rendering
// (#evaluate) is not among it.
func (t *Template) References() []Reference {
	var all []Reference
	for _, r := range t.unit.references {
		if r.escaped || r.plain || r.void {
			continue
		}
		all = append(all, Reference{Name: r.name, Path: constantPath(r.steps), Line: r.at.line, Column: r.at.column})
	}
	return all
}

func constantPath(steps []step) []string {
	var path []string
	for _, s := range steps {
		name, ok := constantName(s)
		if !ok {
			break
		}
		path = append(path, name)
	}
	return path
}

func constantName(s step) (string, bool) {
	switch s := s.(type) {
	case *property:
		return s.name, true
	case *index:
		return constantText(s.arg)
	case *call:
		if s.name == "get" && len(s.args) == 1 {
			return constantText(s.args[0])
		}
	}
	return "", false
}

func constantText(e expr) (string, bool) {
	c, _ := e.(constant)
	text, ok := c.v.(string)
	return text, ok
}

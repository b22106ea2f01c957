package vtl

import "strings"

// class reads a bracketed class. Java has unions and intersections of classes;
// .NET has neither, so they become alternatives and lookaheads.
func (w *regexWriter) class() (string, bool) {
	w.i++
	negated := strings.HasPrefix(w.p[w.i:], "^")
	if negated {
		w.i++
	}
	var left []string // of &&
	var union []string
	var set strings.Builder
	end := func() string {
		if set.Len() > 0 {
			union = append([]string{bracket(set.String(), false)}, union...)
			set.Reset()
		}
		all := strings.Join(union, "|")
		if len(union) != 1 {
			all = "(?:" + all + ")"
		}
		union = nil
		return all
	}
	for w.i < len(w.p) {
		switch rest := w.p[w.i:]; {
		case rest[0] == ']' && (set.Len() > 0 || union != nil || left != nil):
			w.i++
			if left == nil && union == nil {
				return bracket(set.String(), negated), true
			}
			all := end()
			for _, l := range left {
				all = "(?=" + l + ")" + all
			}
			if negated {
				return "(?:(?!" + all + `)[\s\S])`, true
			}
			return "(?:" + all + ")", true
		case strings.HasPrefix(rest, "&&"):
			w.i += 2
			if set.Len() > 0 || union != nil {
				left = append(left, end())
			}
		case rest[0] == '[':
			inner, ok := w.class()
			if !ok {
				return "", false
			}
			union = append(union, inner)
		case rest[0] == '\\':
			w.classEscape(&set, &union)
		case rest[0] == ']':
			set.WriteString(`\]`)
			w.i++
		default:
			set.WriteByte(rest[0])
			w.i++
		}
	}
	return "", false
}

func (w *regexWriter) classEscape(set *strings.Builder, union *[]string) {
	if rest := w.p[w.i:]; strings.HasPrefix(rest, `\Q`) {
		quoted, _, _ := strings.Cut(rest[2:], `\E`)
		w.i = min(w.i+len(quoted)+4, len(w.p))
		for _, r := range quoted {
			if strings.ContainsRune(`\]^-[`, r) {
				set.WriteByte('\\')
			}
			set.WriteRune(r)
		}
		return
	}
	name := w.escapeName()
	switch s, negated, ok := w.javaClass(name); {
	case ok && negated:
		*union = append(*union, bracket(s, true))
	case ok:
		set.WriteString(s)
	default:
		set.WriteString(`\` + name)
	}
}

package vtl

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/dlclark/regexp2"
)

// javaClasses are the escapes that mean other characters in Java than in .NET,
// whose syntax regexp2 has; written to stand within [ ].
var javaClasses = map[string]string{
	"d": "0-9", "w": "a-zA-Z0-9_", "s": ` \t\n\x0B\f\r`, "h": ` \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000`,
	"v":        `\n\x0B\f\r\x85\u2028\u2029`,
	"p{Lower}": "a-z", "p{Upper}": "A-Z", "p{Alpha}": "a-zA-Z", "p{Digit}": "0-9", "p{Alnum}": "a-zA-Z0-9",
	"p{Punct}": `!-/:-@\[-` + "`" + `{-~`, "p{Graph}": "!-~", "p{Print}": " -~", "p{Blank}": ` \t`,
	"p{Cntrl}": `\x00-\x1F\x7F`, "p{XDigit}": "0-9a-fA-F", "p{Space}": ` \t\n\x0B\f\r`, "p{ASCII}": `\x00-\x7F`,
	"p{IsAlphabetic}": `\p{L}\p{Nl}`, "p{IsDigit}": `\p{Nd}`, "p{IsLetter}": `\p{L}`,
	"p{IsUppercase}": `\p{Lu}`, "p{IsLowercase}": `\p{Ll}`, "p{javaUpperCase}": `\p{Lu}`, "p{javaLowerCase}": `\p{Ll}`,
	"p{javaLetter}": `\p{L}`, "p{javaDigit}": `\p{Nd}`, "p{javaLetterOrDigit}": `\p{L}\p{Nd}`,
}

var (
	// dotAll finds the flag with which a dot matches newlines too.
	dotAll = regexp.MustCompile(`\(\?[a-zA-Z]*s`)
	// unicodeClasses finds the flag with which \w and its like know all scripts.
	unicodeClasses = regexp.MustCompile(`\(\?[a-zA-Z]*U`)
	quantifier     = regexp.MustCompile(`^(?:[*+?]|\{\d+(?:,\d*)?\})`)
	groupName      = regexp.MustCompile(`^\(\?<([a-zA-Z][a-zA-Z0-9]*)>`)
	script         = regexp.MustCompile(`^([pP]\{)(?:Is|IN|sc=|script=|gc=)`)
)

// regexWriter writes a Java pattern in regexp2's syntax.
type regexWriter struct {
	p       string
	i       int // the next byte of p
	out     []byte
	atom    int            // where in out the last atom begins, to which a quantifier belongs
	opened  []int          // where in out the open groups begin
	groups  map[string]int // numbers of the named groups
	count   int            // of groups
	dot     string
	unicode bool
}

// dotNetPattern writes a Java pattern in regexp2's syntax, in which named
// groups become numbered ones; false if Java refuses it.
func dotNetPattern(p string) (string, map[string]int, bool) {
	w := &regexWriter{p: p, groups: map[string]int{}, dot: `[^\n\r\x85\u2028\u2029]`, unicode: unicodeClasses.MatchString(p)}
	if dotAll.MatchString(p) {
		w.dot = "."
	}
	for w.i < len(p) {
		if !w.next() {
			return "", nil, false
		}
	}
	return string(w.out), w.groups, true
}

func (w *regexWriter) next() bool {
	if q := quantifier.FindString(w.p[w.i:]); q != "" {
		w.quantify(q)
		return true
	}
	start := len(w.out)
	switch c := w.p[w.i]; c {
	case '{':
		return false
	case '\\':
		w.write(w.escape(), 0)
	case '[':
		class, ok := w.class()
		if !ok {
			return false
		}
		w.write(class, 0)
	case '.':
		w.write(w.dot, 1)
	case '(':
		return w.open()
	case ')':
		w.write(")", 1)
		if n := len(w.opened); n > 0 {
			start, w.opened = w.opened[n-1], w.opened[:n-1]
		}
	default:
		w.write(w.p[w.i:w.i+1], 1)
		if c >= 0x80 && c < 0xC0 { // the rest of a character
			start = w.atom
		}
	}
	w.atom = start
	return true
}

// write appends text for n bytes of the pattern.
func (w *regexWriter) write(text string, n int) {
	w.out = append(w.out, text...)
	w.i += n
}

// quantify writes a quantifier. A possessive one, which .NET has not, makes an
// atomic group.
func (w *regexWriter) quantify(q string) {
	w.write(q, len(q))
	if strings.HasPrefix(w.p[w.i:], "+") {
		w.i++
		w.out = append(w.out[:w.atom], "(?>"+string(w.out[w.atom:])+")"...)
	} else if strings.HasPrefix(w.p[w.i:], "?") {
		w.write("?", 1)
	}
}

// open reads what opens a group; false if its name is taken.
func (w *regexWriter) open() bool {
	w.opened = append(w.opened, len(w.out))
	switch name := groupName.FindStringSubmatch(w.p[w.i:]); {
	case name != nil:
		w.count++
		if w.groups[name[1]] > 0 {
			return false
		}
		w.groups[name[1]] = w.count
		w.write("(", len(name[0]))
	case strings.HasPrefix(w.p[w.i:], "(?"):
		w.write("(?", 2)
		flags := count(w.p[w.i:], letters+"-")
		known := strings.NewReplacer("U", "", "u", "", "d", "").Replace(w.p[w.i : w.i+flags])
		w.write(known, flags)
		switch rest := w.p[w.i:]; {
		case flags > 0 && known == "" && strings.HasPrefix(rest, ")"):
			w.write(":", 0)
		case flags == 0 && rest != "": // ":", "=" … "?" is no quantifier here
			w.write(rest[:1], 1)
		}
	default:
		w.count++
		w.write("(", 1)
	}
	return true
}

// escape reads an escape outside of a class.
func (w *regexWriter) escape() string {
	rest := w.p[w.i:]
	switch {
	case strings.HasPrefix(rest, `\Q`):
		quoted, _, _ := strings.Cut(rest[2:], `\E`)
		w.i = min(w.i+len(quoted)+4, len(w.p))
		return regexp2.Escape(quoted)
	case strings.HasPrefix(rest, `\R`):
		w.i += 2
		return `(?>\r\n|[\n\x0B\f\r\x85\u2028\u2029])`
	case strings.HasPrefix(rest, `\k<`):
		if name, _, ok := strings.Cut(rest[3:], ">"); ok && w.groups[name] > 0 {
			w.i += len(name) + 4
			return `(?:\` + strconv.Itoa(w.groups[name]) + ")"
		}
	}
	name := w.escapeName()
	if set, negated, ok := w.javaClass(name); ok {
		return bracket(set, negated)
	}
	if name == "_" { // a letter to .NET, which refuses to escape it
		return name
	}
	return `\` + name
}

// escapeName reads an escape and returns what stands behind its backslash.
func (w *regexWriter) escapeName() string {
	rest := w.p[w.i+1:]
	name := rest[:min(1, len(rest))]
	if name == "p" || name == "P" {
		if end := strings.IndexByte(rest, '}'); strings.HasPrefix(rest[1:], "{") && end > 0 {
			name = rest[:end+1]
		} else if len(rest) > 1 {
			w.i += 3
			return name + "{" + rest[1:2] + "}"
		}
	}
	if hex, _, ok := strings.Cut(rest, "}"); ok && strings.HasPrefix(rest, "x{") {
		if n, err := strconv.ParseUint(hex[2:], 16, 16); err == nil {
			w.i += len(hex) + 2
			return fmt.Sprintf("u%04x", n)
		}
	}
	w.i += 1 + len(name)
	return name
}

// javaClass is the set that an escape stands for, if .NET takes it otherwise.
func (w *regexWriter) javaClass(name string) (set string, negated, ok bool) {
	if name == "" || name[0] > 'z' || len(name) == 1 && !strings.Contains("dwshvDWSHV", name) {
		return "", false, false
	}
	negated = name[0] >= 'A' && name[0] <= 'Z'
	lower := strings.ToLower(name[:1]) + name[1:]
	if w.unicode && (lower == "w" || lower == "d" || lower == "s") {
		return `\` + lower, negated, true
	}
	if set, ok = javaClasses[lower]; !ok && len(name) > 1 {
		set, ok = `\`+script.ReplaceAllString(lower, "$1"), true
	}
	return set, negated, ok
}

func bracket(set string, negated bool) string {
	if negated {
		return "[^" + set + "]"
	}
	return "[" + set + "]"
}

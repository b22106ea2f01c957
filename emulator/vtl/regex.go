package vtl

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// regexTimeout ends a match that backtracks without end. A slow machine needs a
// second or two for a long body under the race detector.
const regexTimeout = 10 * time.Second

// regexes are the compiled patterns. Patterns are mostly constants of
// templates; should they come from requests, the store starts anew.
var regexes struct {
	sync.RWMutex
	compiled map[string]*regexp2.Regexp
}

const maxRegexes = 1000

// compileRegex compiles a Java pattern.
func compileRegex(pattern string) (*regexp2.Regexp, error) {
	regexes.RLock()
	re := regexes.compiled[pattern]
	regexes.RUnlock()
	if re != nil {
		return re, nil
	}
	re, err := regexp2.Compile(dotNetPattern(pattern), regexp2.None)
	if err != nil {
		return nil, errors.New("not a regular expression: " + strconv.Quote(pattern))
	}
	re.MatchTimeout = regexTimeout
	regexes.Lock()
	if len(regexes.compiled) >= maxRegexes || regexes.compiled == nil {
		regexes.compiled = map[string]*regexp2.Regexp{}
	}
	regexes.compiled[pattern] = re
	regexes.Unlock()
	return re, nil
}

// javaClasses are the escapes that mean other characters in Java than in .NET,
// whose syntax regexp2 has; written to stand within [ ].
var javaClasses = map[string]string{
	"d": "0-9", "w": "a-zA-Z0-9_", "s": ` \t\n\x0B\f\r`, "h": ` \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000`,
	"v":        `\n\x0B\f\r\x85\u2028\u2029`,
	"p{Lower}": "a-z", "p{Upper}": "A-Z", "p{Alpha}": "a-zA-Z", "p{Digit}": "0-9", "p{Alnum}": "a-zA-Z0-9",
	"p{Punct}": `!-/:-@\[-` + "`" + `{-~`, "p{Graph}": "!-~", "p{Print}": " -~", "p{Blank}": ` \t`,
	"p{Cntrl}": `\x00-\x1F\x7F`, "p{XDigit}": "0-9a-fA-F", "p{Space}": ` \t\n\x0B\f\r`, "p{ASCII}": `\x00-\x7F`,
	"p{IsAlphabetic}": `\p{L}\p{Nl}`, "p{IsDigit}": `\p{Nd}`, "p{IsLetter}": `\p{L}`,
}

// dotAll finds the flag with which a dot matches newlines too.
var dotAll = regexp.MustCompile(`\(\?[a-z]*s`)

// dotNetPattern writes a Java pattern in regexp2's syntax.
func dotNetPattern(p string) string {
	var b strings.Builder
	class := 0 // depth of [ ]
	dot := `[^\n\r\x85\u2028\u2029]`
	if dotAll.MatchString(p) {
		dot = "."
	}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '\\' && strings.HasPrefix(p[i:], `\Q`):
			quoted, _, _ := strings.Cut(p[i+2:], `\E`)
			b.WriteString(regexp2.Escape(quoted))
			i += 1 + len(quoted) + len(`\E`)
		case c == '\\' && i+1 < len(p):
			name := p[i+1 : i+2]
			if end := strings.IndexByte(p[i:], '}'); (name == "p" || name == "P") && end > 0 {
				name = p[i+1 : i+end+1]
			}
			b.WriteString(javaEscape(name, class > 0))
			i += len(name)
		case c == '[':
			class++
			b.WriteByte(c)
		case c == ']' && class > 0:
			class--
			b.WriteByte(c)
		case c == '.' && class == 0:
			b.WriteString(dot)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func javaEscape(name string, inClass bool) string {
	negated := name[0] >= 'A' && name[0] <= 'Z'
	set, ok := javaClasses[strings.ToLower(name[:1])+name[1:]]
	switch {
	case name == "z" || name == "Z" || name == "A" || name == "G" || name == "B" || !ok:
		return `\` + name
	case inClass && !negated:
		return set
	case inClass: // a negated set within a set has no counterpart; .NET's own comes near
		return `\` + name
	case negated:
		return "[^" + set + "]"
	}
	return "[" + set + "]"
}

// plainPattern is the text that a pattern without operators matches.
func plainPattern(p string) (string, bool) {
	if !strings.ContainsAny(p, `\.[]{}()*+?^$|`) {
		return p, true
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '\\' && i+1 < len(p) && strings.IndexByte(digits+letters, p[i+1]) < 0 && p[i+1] < 0x80 {
			i++
			c = p[i]
		} else if strings.IndexByte(`\.[]{}()*+?^$|`, c) >= 0 {
			return "", false
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

// matchesRegex is String.matches: the whole text must match.
func matchesRegex(s, pattern string) (Value, error) {
	return MatchRegex(s, pattern, "")
}

// MatchRegex says whether all of s matches a Java pattern with the given
// inline flags ("i", "s" …).
func MatchRegex(s, pattern, flags string) (bool, error) {
	if flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	re, err := compileRegex(`\A(?:` + pattern + `)\z`)
	if err != nil {
		return false, err
	}
	return re.MatchString(s)
}

// replaceRegex is replaceAll (n -1) and replaceFirst (n 1).
func replaceRegex(s, pattern, replacement string, n int) (Value, error) {
	if plain, ok := plainPattern(pattern); ok && plain != "" && !strings.ContainsAny(replacement, `\$`) {
		if n == 1 {
			return strings.Replace(s, plain, replacement, 1), nil
		}
		return replaceAll(s, plain, replacement)
	}
	re, err := compileRegex(pattern)
	if err != nil {
		return nil, err
	}
	runes := []rune(s)
	var b strings.Builder
	last := 0
	m, err := re.FindRunesMatch(runes)
	for ; m != nil && n != 0; n-- {
		b.WriteString(string(runes[last:m.Index]))
		if err := expand(&b, replacement, m); err != nil {
			return nil, err
		}
		if b.Len() > MaxOutput {
			return nil, errTooLong
		}
		last = m.Index + m.Length
		m, err = re.FindNextMatch(m)
	}
	if err != nil {
		return nil, err
	}
	b.WriteString(string(runes[last:]))
	return b.String(), nil
}

// expand appends a replacement, in which $1 and ${name} are groups and a
// backslash takes the meaning from what follows.
func expand(b *strings.Builder, replacement string, m *regexp2.Match) error {
	illegal := &hinted{"illegal group reference in the replacement", `write \$ for a dollar sign`}
	for i := 0; i < len(replacement); i++ {
		switch c := replacement[i]; {
		case c == '\\':
			if i++; i == len(replacement) {
				return errors.New("character to be escaped is missing")
			}
			b.WriteByte(replacement[i])
		case c == '$' && strings.HasPrefix(replacement[i:], "${"):
			name, _, closed := strings.Cut(replacement[i+2:], "}")
			g := m.GroupByName(name)
			if !closed || g == nil || name == "" || name[0] <= '9' {
				return illegal
			}
			b.WriteString(g.String())
			i += len(name) + 2
		case c == '$':
			n := count(replacement[i+1:], digits)
			if n == 0 {
				return illegal
			}
			size, group := 1, int(replacement[i+1]-'0')
			if group >= m.GroupCount() {
				return &hinted{"no group " + strconv.Itoa(group), `write \$ for a dollar sign`}
			}
			for ; size < n; size++ { // further digits only while there is such a group
				more := group*10 + int(replacement[i+1+size]-'0')
				if more >= m.GroupCount() {
					break
				}
				group = more
			}
			b.WriteString(m.GroupByNumber(group).String())
			i += size
		default:
			b.WriteByte(c)
		}
	}
	return nil
}

// splitRegex is String.split.
func splitRegex(s, pattern string, limit int) (Value, error) {
	var parts []string
	var err error
	if plain, ok := plainPattern(pattern); ok && plain != "" {
		n := -1
		if limit > 0 {
			n = limit
		}
		parts = strings.SplitN(s, plain, n)
	} else if pattern == "" && limit <= 0 {
		for _, u := range units(s) {
			parts = append(parts, text([]uint16{u}))
		}
		if parts = append(parts, ""); s == "" {
			parts = []string{s}
		}
	} else if parts, err = splitBy(s, pattern, limit); err != nil {
		return nil, err
	}
	if limit == 0 && len(parts) > 1 {
		for len(parts) > 0 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
	}
	items := make([]Value, len(parts))
	for i, part := range parts {
		items[i] = part
	}
	return NewList(Array, items), nil
}

func splitBy(s, pattern string, limit int) ([]string, error) {
	re, err := compileRegex(pattern)
	if err != nil {
		return nil, err
	}
	runes := []rune(s)
	var parts []string
	last := 0
	m, err := re.FindRunesMatch(runes)
	for m != nil && err == nil && (limit <= 0 || len(parts) < limit-1) {
		if end := m.Index + m.Length; end > 0 { // an empty match at the start splits nothing off
			parts = append(parts, string(runes[last:m.Index]))
			last = end
		}
		m, err = re.FindNextMatch(m)
	}
	if err != nil {
		return nil, err
	}
	return append(parts, string(runes[last:])), nil
}

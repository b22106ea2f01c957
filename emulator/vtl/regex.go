package vtl

import (
	"errors"
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
	compiled map[string]*javaRegex
}

const maxRegexes = 1000

// javaRegex is a compiled pattern whose groups are all numbered, as Java's are.
type javaRegex struct {
	*regexp2.Regexp
	groups map[string]int // numbers by name
}

// compileRegex compiles a Java pattern.
func compileRegex(pattern string) (*javaRegex, error) {
	regexes.RLock()
	re := regexes.compiled[pattern]
	regexes.RUnlock()
	if re != nil {
		return re, nil
	}
	translated, groups, ok := dotNetPattern(pattern)
	compiled, err := regexp2.Compile(translated, regexp2.None)
	if !ok || err != nil {
		return nil, errors.New("not a regular expression: " + strconv.Quote(pattern))
	}
	compiled.MatchTimeout = regexTimeout
	re = &javaRegex{compiled, groups}
	regexes.Lock()
	if len(regexes.compiled) >= maxRegexes || regexes.compiled == nil {
		regexes.compiled = map[string]*javaRegex{}
	}
	regexes.compiled[pattern] = re
	regexes.Unlock()
	return re, nil
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
		if err := expand(&b, replacement, m, re.groups); err != nil {
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
func expand(b *strings.Builder, replacement string, m *regexp2.Match, groups map[string]int) error {
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
			group := groups[name]
			if !closed || group == 0 {
				return illegal
			}
			b.WriteString(m.GroupByNumber(group).String())
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

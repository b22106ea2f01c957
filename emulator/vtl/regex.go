package vtl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/regex"
)

// regexes are the compiled patterns. Patterns are mostly constants of
// templates; should they come from requests, the store starts anew.
var regexes struct {
	sync.RWMutex
	compiled map[string]*pattern
}

const maxRegexes = 1000

// pattern is a compiled pattern. One without operators is only the text that
// it matches.
type pattern struct {
	plain string // "" if there is more to it
	*regex.Regex
}

// compileRegex compiles a Java pattern.
func compileRegex(text string) (*pattern, error) {
	regexes.RLock()
	p := regexes.compiled[text]
	regexes.RUnlock()
	if p != nil {
		return p, nil
	}
	re, err := regex.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("not a regular expression: %q: %w", text, err)
	}
	p = &pattern{plainPattern(text), re}
	regexes.Lock()
	if len(regexes.compiled) >= maxRegexes || regexes.compiled == nil {
		regexes.compiled = map[string]*pattern{}
	}
	regexes.compiled[text] = p
	regexes.Unlock()
	return p, nil
}

// search is a text and a matcher on it.
type search struct {
	*regex.Matcher
	text regex.Text
}

func newSearch(p *pattern, s string) *search {
	t := regex.Text{ASCII: s}
	if !ascii(s) {
		t = regex.Text{Units: units(s)}
	}
	return &search{p.Matcher(t), t}
}

// from is the text from a position up to the last match, and where that ends.
func (s *search) from(last int) (before string, next int) {
	start, end := s.Group(0)
	return s.between(last, start), end
}

func (s *search) between(start, end int) string {
	if s.text.Units == nil {
		return s.text.ASCII[start:end]
	}
	return text(s.text.Units[start:end])
}

// rest is the text behind a position.
func (s *search) rest(start int) string {
	return s.between(start, max(len(s.text.ASCII), len(s.text.Units)))
}

// group is what a group has matched, "" if nothing.
func (s *search) group(n int) string {
	start, end := s.Group(n)
	if start < 0 {
		return ""
	}
	return s.between(start, end)
}

// plainPattern is the text that a pattern without operators matches, else "".
func plainPattern(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '\\' && i+1 < len(p) && strings.IndexByte(digits+letters, p[i+1]) < 0 && p[i+1] < 0x80 {
			i++
			c = p[i]
		} else if strings.IndexByte(`\.[]{}()*+?^$|`, c) >= 0 {
			return ""
		}
		b.WriteByte(c)
	}
	return b.String()
}

// matchesRegex is String.matches: the whole text must match.
func matchesRegex(s, text string) (Value, error) {
	return MatchRegex(s, text, "")
}

// MatchRegex says whether all of s matches a Java pattern with the given
// inline flags ("i", "s" …).
func MatchRegex(s, text, flags string) (bool, error) {
	if flags != "" {
		text = "(?" + flags + ")" + text
	}
	p, err := compileRegex(text)
	if err != nil {
		return false, err
	}
	return newSearch(p, s).Matches()
}

// replaceRegex is replaceAll (n -1) and replaceFirst (n 1).
func replaceRegex(s, text, replacement string, n int) (string, error) {
	p, err := compileRegex(text)
	if err != nil {
		return "", err
	}
	if p.plain != "" && !strings.ContainsAny(replacement, `\$`) {
		if n == 1 {
			return strings.Replace(s, p.plain, replacement, 1), nil
		}
		return replaceAll(s, p.plain, replacement)
	}
	var b strings.Builder
	last := 0
	matches := newSearch(p, s)
	for ; n != 0; n-- {
		found, err := matches.Find()
		if err != nil {
			return "", err
		}
		if !found {
			break
		}
		var before string
		before, last = matches.from(last)
		b.WriteString(before)
		if err := expand(&b, replacement, matches, p.Regex); err != nil {
			return "", err
		}
		if b.Len() > MaxOutput {
			return "", errTooLong
		}
	}
	b.WriteString(matches.rest(last))
	return joinHalves(b.String()), nil
}

// expand appends a replacement, in which $1 and ${name} are groups and a
// backslash takes the meaning from what follows.
func expand(b *strings.Builder, replacement string, m *search, re *regex.Regex) error {
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
			group := re.GroupNamed(name)
			if !closed || group == 0 {
				return illegal
			}
			b.WriteString(m.group(group))
			i += len(name) + 2
		case c == '$':
			n := count(replacement[i+1:], digits)
			if n == 0 {
				return illegal
			}
			size, group := 1, int(replacement[i+1]-'0')
			if group > re.Groups() {
				return &hinted{"no group " + strconv.Itoa(group), `write \$ for a dollar sign`}
			}
			for ; size < n; size++ { // further digits only while there is such a group
				more := group*10 + int(replacement[i+1+size]-'0')
				if more > re.Groups() {
					break
				}
				group = more
			}
			b.WriteString(m.group(group))
			i += size
		default:
			b.WriteByte(c)
		}
	}
	return nil
}

// splitRegex is String.split.
func splitRegex(s, text string, limit int) (Value, error) {
	p, err := compileRegex(text)
	if err != nil {
		return nil, err
	}
	var parts []string
	if p.plain != "" {
		n := -1
		if limit > 0 {
			n = limit
		}
		parts = strings.SplitN(s, p.plain, n)
	} else if parts, err = p.split(s, limit); err != nil {
		return nil, err
	}
	if limit == 0 && len(parts) > 1 {
		for len(parts) > 0 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
	}
	return NewList(Array, boxedTexts(parts)), nil
}

func (p *pattern) split(s string, limit int) ([]string, error) {
	var parts []string
	last := 0
	matches := newSearch(p, s)
	for limit <= 0 || len(parts) < limit-1 {
		found, err := matches.Find()
		if err != nil {
			return nil, err
		}
		if !found {
			break
		}
		if before, end := matches.from(last); end > 0 { // an empty match at the start splits nothing off
			parts = append(parts, before)
			last = end
		}
	}
	return append(parts, matches.rest(last)), nil
}

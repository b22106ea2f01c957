package jsonpath

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// cursor reads a path or a filter from left to right. Beyond the end it sees
// zero bytes.
type cursor struct {
	s   string
	pos int
}

func (c *cursor) at(i int) byte {
	if i < 0 || i >= len(c.s) {
		return 0
	}
	return c.s[i]
}

func (c *cursor) current() byte { return c.at(c.pos) }

// tail says whether the position is at the last character or beyond, where
// Jayway takes a path as read.
func (c *cursor) tail() bool { return c.pos >= len(c.s)-1 }

// significant is the position after i that is not blank.
func (c *cursor) significant(i int) int {
	for i++; c.at(i) == ' '; i++ {
	}
	return i
}

// unescaped is the position after i of the byte b without a backslash; -1 if
// there is none.
func (c *cursor) unescaped(i int, b byte) int {
	for i++; i < len(c.s); i++ {
		switch c.s[i] {
		case '\\':
			i++
		case b:
			return i
		}
	}
	return -1
}

// closing is the position of what closes the bracket at i; -1 if nothing does.
func (c *cursor) closing(i int, shut byte, skipRegex bool) int {
	open, depth := c.at(i), 1
	for i++; i < len(c.s); i++ {
		if b := c.s[i]; b == '\'' || b == '"' {
			if i = c.unescaped(i, b); i < 0 {
				return -1
			}
			i++
		}
		if skipRegex && c.at(i) == '/' {
			if i = c.unescaped(i, '/'); i < 0 {
				return -1
			}
			i++
		}
		switch c.at(i) {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

type compiler struct {
	cursor
	tokens []token
}

func (c *compiler) fail(format string, args ...any) error {
	return &invalid{"invalid JSONPath " + strconv.Quote(c.s) + ": " + fmt.Sprintf(format, args...)}
}

func compile(text string) (*Path, error) {
	s := text
	if s == "" {
		return nil, &invalid{"a JSONPath is empty"}
	}
	if s[0] != '$' && s[0] != '@' {
		s = "$." + s
	}
	c := &compiler{cursor: cursor{s: strings.TrimRight(s, " ")}}
	if strings.HasSuffix(c.s, ".") {
		return nil, c.fail("it ends in a dot")
	}
	if !c.tail() {
		c.pos = 1
		if b := c.current(); b != '.' && b != '[' {
			return nil, c.fail("expected . or [ after %q", c.s[:1])
		}
		if err := c.tokenize(); err != nil {
			return nil, err
		}
	}
	c.finish()
	return &Path{text: text, root: c.s[0], tokens: c.tokens}, nil
}

// finish adapts tokens to where they stand: several properties at the end are
// one object, and a function at the end of a scan is applied to all it found.
func (c *compiler) finish() {
	last := len(c.tokens) - 1
	if last < 0 {
		return
	}
	if p, ok := c.tokens[last].(*property); ok && len(p.names) > 1 {
		c.tokens[last] = &lastProperties{*p}
	}
	f, ok := c.tokens[last].(*function)
	if _, scans := c.tokens[0].(scan); ok && scans {
		f.params = []param{{path: &Path{text: c.s, root: '$', tokens: c.tokens[:last:last]}}}
		c.tokens = []token{f}
	}
}

func (c *compiler) add(t token) { c.tokens = append(c.tokens, t) }

// tokenize reads token by token up to the end.
func (c *compiler) tokenize() error {
	for {
		var err error
		switch c.current() {
		case '[':
			err = c.bracket()
		case '*':
			c.add(wildcard{})
			c.pos++
		case '.':
			err = c.dot()
		default:
			err = c.name()
		}
		if err != nil {
			return err
		}
		if c.tail() {
			return nil
		}
	}
}

// dot reads . or .. and the token behind it.
func (c *compiler) dot() error {
	if c.at(c.pos+1) == '.' {
		c.add(scan{})
		c.pos++
	} else if c.pos+1 >= len(c.s) {
		return c.fail("it ends in a dot")
	}
	c.pos++
	switch c.current() {
	case '.':
		return c.fail("a dot too many at %d", c.pos)
	case '[':
		return c.bracket()
	case '*':
		c.add(wildcard{})
		c.pos++
		return nil
	}
	return c.name()
}

// name reads a property without quotes, or a function.
func (c *compiler) name() error {
	start := c.pos
	if b := c.current(); b == ' ' || b == 0 {
		return c.fail("expected a name at %d", c.pos)
	}
	end := start
	for ; end < len(c.s); end++ {
		if b := c.s[end]; b == ' ' {
			return c.fail("a name with blanks needs brackets and quotes: ['my name']")
		} else if b == '.' || b == '[' || b == '(' {
			break
		}
	}
	name := c.s[start:end]
	if c.at(end) != '(' {
		c.pos = end
		c.add(&property{names: []string{name}})
		return nil
	}
	f := &function{name: name}
	depth, shut := 0, end
	for ; shut < len(c.s); shut++ {
		if c.s[shut] == '(' {
			depth++
		} else if c.s[shut] == ')' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if depth != 0 {
		return c.fail("the arguments of %s() are not closed", name)
	}
	if c.at(end+1) == ')' {
		c.pos = end + 1
	} else {
		c.pos = end + 1
		params, err := c.params()
		if err != nil {
			return err
		}
		f.params = params
	}
	if c.current() == ')' {
		c.pos++
	}
	c.add(f)
	return nil
}

// bracket reads [ … ] of any kind.
func (c *compiler) bracket() error {
	switch first := c.significant(c.pos); c.at(first) {
	case '\'', '"':
		return c.quotedNames(c.at(first))
	case '*':
		shut := c.significant(first)
		if c.at(shut) != ']' {
			return c.fail("expected ] after *")
		}
		c.add(wildcard{})
		c.pos = shut + 1
		return nil
	case '?':
		return c.filter(first)
	}
	end := strings.IndexByte(c.s[c.pos:], ']')
	if end < 0 {
		return c.fail("[ at %d is not closed", c.pos)
	}
	t, err := c.arrayToken(strings.TrimSpace(c.s[c.pos+1 : c.pos+end]))
	if err != nil {
		return err
	}
	c.add(t)
	c.pos += end + 1
	return nil
}

var (
	arrayExpression = regexp.MustCompile(`^[0-9:-][0-9,: -]*$`)
	comma           = regexp.MustCompile(`\s*,\s*`)
)

// arrayToken reads indexes and slices. What follows a second colon is ignored.
func (c *compiler) arrayToken(s string) (token, error) {
	if !arrayExpression.MatchString(s) {
		return nil, c.fail("expected ?, ', a number or * in %q", "["+s+"]")
	}
	if !strings.Contains(s, ":") {
		x := &indexes{}
		for _, part := range comma.Split(s, -1) {
			n, err := strconv.ParseInt(part, 10, 32)
			if err != nil {
				return nil, c.fail("%q is no index", part)
			}
			x.list = append(x.list, int(n))
		}
		return x, nil
	}
	if strings.ContainsAny(s, ", ") {
		return nil, c.fail("%q is no slice", s)
	}
	parts := strings.Split(s, ":")
	var ends [2]*int
	for i, part := range parts[:2] {
		if part == "" {
			continue
		}
		n, err := strconv.ParseInt(part, 10, 32)
		if err != nil {
			return nil, c.fail("%q is no index", part)
		}
		v := int(n)
		ends[i] = &v
	}
	if ends[0] == nil && ends[1] == nil {
		return nil, c.fail("%q is no slice", s)
	}
	return &slice{ends[0], ends[1]}, nil
}

// quotedNames reads ['a'] and ['a','b'].
func (c *compiler) quotedNames(quote byte) error {
	p := &property{}
	expectName := true
	for i := c.pos + 1; ; i++ {
		switch b := c.at(i); {
		case b == 0:
			return c.fail("[ at %d is not closed", c.pos)
		case b == ',':
			if expectName {
				return c.fail("an empty name")
			}
			expectName = true
		case b == quote:
			end := c.unescaped(i, quote)
			if end < 0 {
				return c.fail("%c at %d is not closed", quote, i)
			}
			if after := c.at(c.significant(end)); after != ']' && after != ',' {
				return c.fail("expected , or ] at %d", end+1)
			}
			name, err := unescape(c.s[i+1 : end])
			if err != nil {
				return err
			}
			p.names = append(p.names, name)
			expectName = false
			i = end
		case b == ']':
			if expectName {
				return c.fail("an empty name")
			}
			c.add(p)
			c.pos = i + 1
			return nil
		}
	}
}

// filter reads [?( … )].
func (c *compiler) filter(question int) error {
	open := c.significant(question)
	if c.at(open) != '(' {
		return c.fail("expected ( after ?")
	}
	shut := c.closing(open, ')', true)
	if shut < 0 {
		return c.fail("( at %d is not closed", open)
	}
	end := c.significant(shut)
	if c.at(end) != ']' {
		return c.fail("expected ] after )")
	}
	holds, err := compileFilter(c.s[open : shut+1])
	if err != nil {
		return err
	}
	c.add(&filter{holds})
	c.pos = end + 1
	return nil
}

// unescape takes the backslashes out of a quoted text.
func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			b.WriteByte('\\')
			break
		}
		switch k := strings.IndexByte("rftnb", s[i]); {
		case k >= 0:
			b.WriteByte("\r\f\t\n\b"[k])
		case s[i] == 'u':
			if i+4 >= len(s) {
				return b.String(), nil
			}
			n, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
			if err != nil {
				return "", fmt.Errorf("no hexadecimal digits in %q", s)
			}
			b.WriteRune(rune(n))
			i += 4
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), nil
}

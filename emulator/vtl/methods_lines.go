package vtl

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

func intStream[T uint16 | rune](all []T) *stream {
	s := &stream{ints: true}
	for _, n := range all {
		s.items = append(s.items, Int(int(n)))
	}
	return s
}

// boxedTexts are texts as values.
func boxedTexts(all []string) []Value {
	items := make([]Value, len(all))
	for i, s := range all {
		items[i] = s
	}
	return items
}

// lines are the lines of String.lines: without their ends, of which the last
// begins no further line.
func lines(s string) []string {
	if s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s); s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// indent is String.indent: n blanks more in front of each line, or -n less.
func indent(s string, n int) (string, error) {
	if n > maxWidth {
		return "", errTooLong
	}
	var b strings.Builder
	for _, line := range lines(s) {
		if n >= 0 {
			line = strings.Repeat(" ", n) + line
		} else {
			line = line[min(-n, len(line)-len(strings.TrimLeftFunc(line, whitespace))):]
		}
		if b.WriteString(line + "\n"); b.Len() > MaxOutput {
			return "", errTooLong
		}
	}
	return b.String(), nil
}

// stripIndent is String.stripIndent: without what all lines begin with, and
// without blanks behind them.
func stripIndent(s string) string {
	if s == "" {
		return s
	}
	all := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
	common := -1
	for i, line := range all {
		content := strings.TrimLeftFunc(line, whitespace)
		if n := len(line) - len(content); (content != "" || i == len(all)-1) && (common < 0 || n < common) {
			common = n
		}
	}
	for i, line := range all {
		all[i] = strings.TrimRightFunc(line[min(max(common, 0), len(line)):], whitespace)
	}
	return strings.Join(all, "\n")
}

// translateEscapes is String.translateEscapes: \n, \t, octal and the like
// become what they stand for.
func translateEscapes(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			return "", errors.New("a backslash ends the text")
		}
		if k := strings.IndexByte(`btnfrs"'\`, s[i]); k >= 0 {
			b.WriteByte("\b\t\n\f\r \"'\\"[k])
			continue
		}
		switch c := s[i]; {
		case c >= '0' && c <= '7':
			n := count(s[i:min(len(s), i+2)], "01234567")
			if c <= '3' {
				n = count(s[i:min(len(s), i+3)], "01234567")
			}
			code, _ := strconv.ParseUint(s[i:i+n], 8, 16)
			b.Write(utf8.AppendRune(nil, rune(code)))
			i += n - 1
		case c == '\n':
		case c == '\r':
			i += count(s[i+1:min(len(s), i+2)], "\n")
		default:
			return "", errors.New("the escape \\" + string(c) + " is unknown")
		}
	}
	return b.String(), nil
}

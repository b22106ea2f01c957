package vtl

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// stringMethods are the methods of java.lang.String. Positions count UTF-16
// units.
var stringMethods = []method{
	on("length", "", func(s string, _ []Value) (Value, error) { return Int(textLength(s)), nil }),
	on("isEmpty", "", func(s string, _ []Value) (Value, error) { return s == "", nil }),
	on("isBlank", "", func(s string, _ []Value) (Value, error) { return strip(s) == "", nil }),
	on("charAt", "i", charAt),
	on("codePointAt", "i", func(s string, a []Value) (Value, error) {
		if _, err := charAt(s, a); err != nil {
			return nil, err
		}
		r, _ := utf8.DecodeRuneInString(text(units(s)[a[0].(int32):]))
		return Int(int(r)), nil
	}),
	on("codePointBefore", "i", func(s string, a []Value) (Value, error) {
		i := int(a[0].(int32))
		if i < 1 || i > textLength(s) {
			return nil, outOfRange(i, textLength(s))
		}
		points := codePoints(units(s)[:i])
		return points[len(points)-1], nil
	}),
	on("codePointCount", "ii", func(s string, a []Value) (Value, error) {
		from, to := int(a[0].(int32)), int(a[1].(int32))
		if from < 0 || to < from || to > textLength(s) {
			return nil, outOfRange(to, textLength(s))
		}
		return Int(len(codePoints(units(s)[from:to]))), nil
	}),
	on("offsetByCodePoints", "ii", func(s string, a []Value) (Value, error) {
		return offsetByCodePoints(units(s), int(a[0].(int32)), int(a[1].(int32)))
	}),
	on("chars", "", func(s string, _ []Value) (Value, error) { return intStream(units(s)), nil }),
	on("codePoints", "", func(s string, _ []Value) (Value, error) { return intStream(codePoints(units(s))), nil }),
	on("lines", "", func(s string, _ []Value) (Value, error) { return &stream{items: boxedTexts(lines(s))}, nil }),
	rewrites("indent", "i", func(s string, a []Value) (string, error) { return indent(s, int(a[0].(int32))) }),
	rewrites("stripIndent", "", func(s string, _ []Value) (string, error) { return stripIndent(s), nil }),
	rewrites("translateEscapes", "", func(s string, _ []Value) (string, error) { return translateEscapes(s) }),
	rewrites("substring", "i", func(s string, a []Value) (string, error) { return substring(s, a[0].(int32), -1) }),
	rewrites("substring", "ii", func(s string, a []Value) (string, error) {
		if end := a[1].(int32); end >= 0 {
			return substring(s, a[0].(int32), end)
		}
		return "", outOfRange(int(a[1].(int32)), textLength(s))
	}),
	rewrites("subSequence", "ii", func(s string, a []Value) (string, error) { return substring(s, a[0].(int32), a[1].(int32)) }),
	on("indexOf", "s", func(s string, a []Value) (Value, error) { return find(s, a[0].(string), 0), nil }),
	on("indexOf", "si", func(s string, a []Value) (Value, error) { return find(s, a[0].(string), a[1].(int32)), nil }),
	on("indexOf", "i", func(s string, a []Value) (Value, error) { return find(s, character32(a[0]), 0), nil }),
	on("indexOf", "ii", func(s string, a []Value) (Value, error) { return find(s, character32(a[0]), a[1].(int32)), nil }),
	on("lastIndexOf", "s", func(s string, a []Value) (Value, error) { return findLast(s, a[0].(string), textLength(s)), nil }),
	on("lastIndexOf", "si", func(s string, a []Value) (Value, error) { return findLast(s, a[0].(string), int(a[1].(int32))), nil }),
	on("lastIndexOf", "i", func(s string, a []Value) (Value, error) { return findLast(s, character32(a[0]), textLength(s)), nil }),
	on("lastIndexOf", "ii", func(s string, a []Value) (Value, error) {
		return findLast(s, character32(a[0]), int(a[1].(int32))), nil
	}),
	on("regionMatches", "isii", func(s string, a []Value) (Value, error) { return regionMatches(s, false, a), nil }),
	on("regionMatches", "bisii", func(s string, a []Value) (Value, error) { return regionMatches(s, a[0].(bool), a[1:]), nil }),
	on("contains", "s", func(s string, a []Value) (Value, error) { return strings.Contains(s, a[0].(string)), nil }),
	on("startsWith", "s", func(s string, a []Value) (Value, error) { return strings.HasPrefix(s, a[0].(string)), nil }),
	on("startsWith", "si", func(s string, a []Value) (Value, error) {
		from := int(a[1].(int32))
		if from < 0 || from > textLength(s) {
			return false, nil
		}
		return strings.HasPrefix(s[offset(s, from):], a[0].(string)), nil
	}),
	on("endsWith", "s", func(s string, a []Value) (Value, error) { return strings.HasSuffix(s, a[0].(string)), nil }),
	on("equalsIgnoreCase", "S", func(s string, a []Value) (Value, error) {
		t, ok := a[0].(string)
		return ok && strings.EqualFold(s, t), nil
	}),
	on("contentEquals", "s", func(s string, a []Value) (Value, error) { return s == a[0].(string), nil }),
	on("compareTo", "s", func(s string, a []Value) (Value, error) { return compareText(s, a[0].(string)), nil }),
	anyOf("compareTo", "o", incomparable),
	on("compareToIgnoreCase", "s", func(s string, a []Value) (Value, error) {
		return compareText(strings.ToLower(strings.ToUpper(s)), strings.ToLower(strings.ToUpper(a[0].(string)))), nil
	}),
	rewrites("concat", "s", func(s string, a []Value) (string, error) { return joinHalves(s + a[0].(string)), nil }),
	rewrites("toUpperCase", "", func(s string, _ []Value) (string, error) { return upper(s), nil }),
	rewrites("toLowerCase", "", func(s string, _ []Value) (string, error) { return strings.ToLower(s), nil }),
	rewrites("trim", "", func(s string, _ []Value) (string, error) { return trimSpace(s), nil }),
	rewrites("strip", "", func(s string, _ []Value) (string, error) { return strip(s), nil }),
	rewrites("stripLeading", "", func(s string, _ []Value) (string, error) { return strings.TrimLeftFunc(s, whitespace), nil }),
	rewrites("stripTrailing", "", func(s string, _ []Value) (string, error) { return strings.TrimRightFunc(s, whitespace), nil }),
	rewrites("intern", "", func(s string, _ []Value) (string, error) { return s, nil }),
	on("repeat", "i", func(s string, a []Value) (Value, error) {
		n := int(a[0].(int32))
		if n < 0 {
			return nil, errors.New("count is negative")
		}
		if n*len(s) > MaxOutput {
			return nil, errTooLong
		}
		return strings.Repeat(s, n), nil
	}),
	rewrites("replace", "cc", func(s string, a []Value) (string, error) { return replaceAll(s, Text(a[0]), Text(a[1])) }),
	rewrites("replace", "ss", func(s string, a []Value) (string, error) { return replaceAll(s, a[0].(string), a[1].(string)) }),
	rewrites("replaceAll", "ss", func(s string, a []Value) (string, error) { return replaceRegex(s, a[0].(string), a[1].(string), -1) }),
	rewrites("replaceFirst", "ss", func(s string, a []Value) (string, error) { return replaceRegex(s, a[0].(string), a[1].(string), 1) }),
	on("matches", "s", func(s string, a []Value) (Value, error) { return matchesRegex(s, a[0].(string)) }),
	on("split", "s", func(s string, a []Value) (Value, error) { return splitRegex(s, a[0].(string), 0) }),
	on("split", "si", func(s string, a []Value) (Value, error) { return splitRegex(s, a[0].(string), int(a[1].(int32))) }),
	on("toCharArray", "", func(s string, _ []Value) (Value, error) {
		var items []Value
		for _, u := range units(s) {
			items = append(items, Char(u))
		}
		return NewList(Array, items), nil
	}),
	on("getBytes", "", func(s string, _ []Value) (Value, error) { return bytesOf(s), nil }),
	on("getBytes", "s", func(s string, a []Value) (Value, error) {
		if !strings.EqualFold(a[0].(string), "UTF-8") {
			return nil, errors.New("only UTF-8 is known here")
		}
		return bytesOf(s), nil
	}),
	of[string]("format", "s…", func(a []Value) (Value, error) { return format(a[0].(string), a[1:]) }),
	of[string]("valueOf", "a", func(a []Value) (Value, error) { return join("", a[0].(*List).items) }),
	of[string]("copyValueOf", "a", func(a []Value) (Value, error) { return join("", a[0].(*List).items) }),
	of[string]("valueOf", "o", func(a []Value) (Value, error) { return Text(a[0]), nil }),
	of[string]("join", "sk", func(a []Value) (Value, error) {
		for _, v := range a[1].(*List).items {
			if _, ok := v.(string); !ok && v != nil {
				return nil, errors.New("a " + className(v) + " is no text")
			}
		}
		return join(a[0].(string), a[1].(*List).items)
	}),
	of[string]("join", "s…", func(a []Value) (Value, error) { return join(a[0].(string), a[1:]) }),
}

// bytesOf is byte[] of the UTF-8 text.
func bytesOf(s string) Value {
	items := make([]Value, len(s))
	for i := range len(s) {
		items[i] = Int(int(int8(s[i])))
	}
	return NewList(Array, items)
}

func character32(v Value) string { return string(rune(v.(int32))) }

func charAt(s string, a []Value) (Value, error) {
	i, n := int(a[0].(int32)), textLength(s)
	if i < 0 || i >= n {
		return nil, outOfRange(i, n)
	}
	if n == len(s) {
		return Char(s[i]), nil
	}
	return Char(units(s)[i]), nil
}

// offset is the byte at which the UTF-16 unit i of s begins. It must not be
// within a pair.
func offset(s string, i int) int {
	if ascii(s) {
		return i
	}
	return len(text(units(s)[:i]))
}

// substring is s from begin to end, -1 for all.
func substring(s string, begin, end int32) (string, error) {
	n := textLength(s)
	from, to := int(begin), int(end)
	if to < 0 {
		to = n
	}
	if from < 0 || from > to || to > n {
		return "", &hinted{
			"begin " + Text(begin) + ", end " + Text(int32(to)) + " is out of range for length " + Text(int32(n)),
			"check with indexOf or length first",
		}
	}
	if n == len(s) {
		return s[from:to], nil
	}
	return text(units(s)[from:to]), nil
}

// find is indexOf.
func find(s, t string, from int32) Value {
	n := textLength(s)
	start := min(max(int(from), 0), n)
	if n == len(s) {
		if i := strings.Index(s[start:], t); i >= 0 {
			return Int(start + i)
		}
		return int32(-1)
	}
	u := units(s)
	rest := text(u[start:])
	if i := strings.Index(rest, t); i >= 0 {
		return Int(start + textLength(rest[:i]))
	}
	return int32(-1)
}

// findLast is lastIndexOf.
func findLast(s, t string, from int) Value {
	if from < 0 {
		return int32(-1)
	}
	end := len(s)
	if from < textLength(s) {
		end = min(offset(s, from)+len(t), len(s))
	}
	if i := strings.LastIndex(s[:end], t); i >= 0 {
		return Int(textLength(s[:i]))
	}
	return int32(-1)
}

// compareText is String.compareTo.
func compareText(s, t string) Value {
	a, b := units(s), units(t)
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return int32(a[i]) - int32(b[i])
		}
	}
	return int32(len(a) - len(b))
}

// trimSpace is String.trim: all characters up to the blank.
func trimSpace(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}

// whitespace is Character.isWhitespace.
func whitespace(r rune) bool {
	switch r {
	case '\u00A0', '\u2007', '\u202F', '\u0085':
		return false
	case 0x1C, 0x1D, 0x1E, 0x1F:
		return true
	}
	return unicode.IsSpace(r)
}

func strip(s string) string { return strings.TrimFunc(s, whitespace) }

// upper is toUpperCase, in which a character may become several.
func upper(s string) string {
	if ascii(s) {
		return strings.ToUpper(s)
	}
	return strings.ToUpper(strings.NewReplacer("ß", "SS", "ﬁ", "FI", "ﬂ", "FL", "ŉ", "ʼN").Replace(s))
}

func replaceAll(s, old, new string) (string, error) {
	n := strings.Count(s, old)
	if len(s)+n*(len(new)-len(old)) > MaxOutput {
		return "", errTooLong
	}
	return strings.Replace(s, old, new, n), nil
}

func join(separator string, items []Value) (Value, error) {
	var b strings.Builder
	for i, v := range items {
		if i > 0 {
			b.WriteString(separator)
		}
		if b.WriteString(Text(v)); b.Len() > MaxOutput {
			return nil, errTooLong
		}
	}
	return b.String(), nil
}

// regionMatches compares n units from a[0] with those of a text from a[2].
func regionMatches(s string, anyCase bool, a []Value) bool {
	u, at := units(s), int(a[0].(int32))
	v, from, n := units(a[1].(string)), int(a[2].(int32)), int(a[3].(int32))
	if at < 0 || from < 0 || at > len(u)-n || from > len(v)-n {
		return false
	}
	n = max(n, 0)
	x, y := text(u[at:at+n]), text(v[from:from+n])
	return x == y || anyCase && strings.EqualFold(x, y)
}

// codePoints are the characters of UTF-16 units; a half of one counts as well.
func codePoints(u []uint16) []rune {
	points := make([]rune, 0, len(u))
	for i := 0; i < len(u); i++ {
		r := rune(u[i])
		if i+1 < len(u) {
			if pair := utf16.DecodeRune(r, rune(u[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		points = append(points, r)
	}
	return points
}

func offsetByCodePoints(u []uint16, at, by int) (Value, error) {
	if at < 0 || at > len(u) {
		return nil, outOfRange(at, len(u))
	}
	before, behind := codePoints(u[:at]), codePoints(u[at:])
	switch {
	case by > len(behind), -by > len(before):
		return nil, outOfRange(at+by, len(u))
	case by < 0:
		before, behind = before[:len(before)+by], nil
	default:
		behind = behind[:by]
	}
	n := 0
	for _, r := range slices.Concat(before, behind) {
		n += utf16.RuneLen(r)
		if utf16.IsSurrogate(r) {
			n += 2 // RuneLen is -1 of a half
		}
	}
	return Int(n), nil
}

package vtl

import (
	"math/big"
	"strconv"
	"unicode/utf8"
)

// Text is Java's toString of a value; "null" of nil.
func Text(v Value) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(appendText(nil, v))
}

// appendText appends Java's toString of v.
func appendText(b []byte, v Value) []byte { return appendDeep(b, v, 0) }

// appendDeep appends the text of a value within others. Where collections that
// hold each other never end, it does.
func appendDeep(b []byte, v Value, depth int) []byte {
	if depth > maxDepth || len(b) > MaxOutput {
		return b
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return append(b, v...)
	case bool:
		return strconv.AppendBool(b, v)
	case int32:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendFloat(b, v, 64)
	case float32:
		return appendFloat(b, float64(v), 32)
	case *big.Int:
		return v.Append(b, 10)
	case *Decimal:
		return append(b, v.String()...)
	case Char:
		if c := rune(v); c < 0xD800 || c > 0xDFFF {
			return utf8.AppendRune(b, c)
		}
		return append(b, text([]uint16{uint16(v)})...)
	case *Map:
		return appendMap(b, v, depth+1)
	case *List:
		return appendList(b, v, depth+1)
	case *Entry:
		return appendDeep(append(appendDeep(b, v.Key, depth+1), '='), v.Value, depth+1)
	case Class:
		return append(append(b, "class "...), v...)
	case interface{ String() string }:
		return append(b, v.String()...)
	}
	return append(b, className(v)...)
}

func appendMap(b []byte, m *Map, depth int) []byte {
	if m.Quiet {
		return b
	}
	b = append(b, '{')
	for i, e := range m.Entries() {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(appendMember(b, e.Key, m, depth), '=')
		b = appendMember(b, e.Value, m, depth)
	}
	return append(b, '}')
}

func appendList(b []byte, l *List, depth int) []byte {
	switch l.Kind {
	case JSONArray:
		return appendJSON(b, l, true, depth)
	case Array:
		return append(b, "[Ljava.lang.String;@1b2c3d4"...) // Java prints an address
	}
	b = append(b, '[')
	for i, v := range l.items {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendMember(b, v, l, depth)
	}
	return append(b, ']')
}

// appendMember appends a member of a collection, which may be the collection
// itself.
func appendMember(b []byte, v, whole Value, depth int) []byte {
	if v != whole {
		return appendDeep(b, v, depth)
	}
	if _, ok := whole.(*Map); ok {
		return append(b, "(this Map)"...)
	}
	return append(b, "(this Collection)"...)
}

// appendFloat appends Double.toString (bits 64) or Float.toString (bits 32).
func appendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(b, "NaN"...)
	case f > maxFloat:
		return append(b, "Infinity"...)
	case f < -maxFloat:
		return append(b, "-Infinity"...)
	}
	if abs := max(f, -f); abs == 0 || abs >= 1e-3 && abs < 1e7 {
		n := len(b)
		b = strconv.AppendFloat(b, f, 'f', -1, bits)
		return withPoint(b, n)
	}
	var buf [32]byte
	s := strconv.AppendFloat(buf[:0], f, 'e', -1, bits) // d.ddde±dd
	e := len(s) - 1
	for s[e] != 'e' {
		e--
	}
	n := len(b)
	b = append(withPoint(append(b, s[:e]...), n), 'E')
	exponent, _ := strconv.Atoi(string(s[e+1:]))
	return strconv.AppendInt(b, int64(exponent), 10)
}

// withPoint adds ".0" to the number that begins at n unless it has a point.
func withPoint(b []byte, n int) []byte {
	for _, c := range b[n:] {
		if c == '.' {
			return b
		}
	}
	return append(b, ".0"...)
}

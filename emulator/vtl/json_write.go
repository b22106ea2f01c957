package vtl

import (
	"math"
	"strings"
	"unicode/utf8"
)

// JSON is the JSON text of a value as $input.json gives it.
func JSON(v Value) string { return string(appendJSON(nil, v, false, 0)) }

// appendJSON appends JSON as json-smart writes it. Arrays that are printed
// (slash true) have "/" escaped; $input.json has not.
func appendJSON(b []byte, v Value, slash bool, depth int) []byte {
	if depth > maxDepth || len(b) > MaxOutput { // collections that hold each other never end
		return b
	}
	switch v := v.(type) {
	case *Map:
		b = append(b, '{')
		for i, e := range v.Entries() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendKey(b, e.Key, slash)
			b = appendJSON(append(b, ':'), e.Value, slash, depth+1)
		}
		return append(b, '}')
	case *List:
		b = append(b, '[')
		for i, e := range v.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e, slash, depth+1)
		}
		return append(b, ']')
	case string:
		return appendQuoted(b, v, slash)
	case Char, *Entry, Class, Object:
		return appendQuoted(b, Text(v), slash)
	case float64:
		if math.IsInf(v, 0) {
			return append(b, "null"...)
		}
	case float32:
		if math.IsInf(float64(v), 0) {
			return append(b, "null"...)
		}
	}
	return appendText(b, v)
}

func appendKey(b []byte, key Value, slash bool) []byte {
	if key == nil {
		return append(b, "null"...)
	}
	return appendQuoted(b, Text(key), slash)
}

const upperHex = "0123456789ABCDEF"

func appendQuoted(b []byte, s string, slash bool) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		if c >= ' ' && c < 0x7F && c != '"' && c != '\\' && (c != '/' || !slash) ||
			c > 0x9F && (c < 0x2000 || c > 0x20FF) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		if k := strings.IndexByte("\"\\\b\f\n\r\t/", byte(c)); k >= 0 && c < utf8.RuneSelf {
			b = append(b, '\\', `"\bfnrt/`[k])
		} else {
			b = append(b, '\\', 'u', upperHex[c>>12&15], upperHex[c>>8&15], upperHex[c>>4&15], upperHex[c&15])
		}
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

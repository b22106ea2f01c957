package vtl

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Java's strings are UTF-16. A half of a surrogate pair, which substring can
// leave, is kept in a Go string as the three bytes that UTF-8 would need for
// it (ED A0..BF xx); javaOutput mends or replaces such halves at the end.

// ascii says whether every character of s is one byte and one UTF-16 unit.
func ascii(s string) bool {
	const top = 0x8080808080808080
	b := []byte(s) // no copy: it is only read
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&top != 0 {
			return false
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// half decodes the half of a surrogate pair at the start of s.
func half(s string) (unit uint16, ok bool) {
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1] <= 0xBF && s[2] >= 0x80 && s[2] <= 0xBF {
		return 0xD000 | uint16(s[1]&0x3F)<<6 | uint16(s[2]&0x3F), true
	}
	return 0, false
}

// units are the UTF-16 units of s.
func units(s string) []uint16 {
	u := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			u = append(u, uint16(c))
			i++
			continue
		}
		if h, ok := half(s[i:]); ok {
			u = append(u, h)
			i += 3
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		u = utf16.AppendRune(u, r)
		i += n
	}
	return u
}

// text is the string of UTF-16 units.
func text(u []uint16) string {
	b := make([]byte, 0, len(u)+len(u)/2)
	for i := 0; i < len(u); i++ {
		if c := rune(u[i]); utf16.IsSurrogate(c) {
			if i+1 < len(u) {
				if r := utf16.DecodeRune(c, rune(u[i+1])); r != utf8.RuneError {
					b = utf8.AppendRune(b, r)
					i++
					continue
				}
			}
			b = append(b, 0xE0|byte(c>>12), 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
			continue
		}
		b = utf8.AppendRune(b, rune(u[i]))
	}
	return string(b)
}

// textLength is String.length.
func textLength(s string) int {
	if ascii(s) {
		return len(s)
	}
	n := 0
	for i := 0; i < len(s); n++ {
		if _, ok := half(s[i:]); ok {
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:]) // what is no UTF-8 counts byte by byte, as in units
		if i += size; r > 0xFFFF {
			n++
		}
	}
	return n
}

// joinHalves mends pairs whose halves came to stand side by side.
func joinHalves(s string) string {
	if !hasHalf(s) {
		return s
	}
	return text(units(s))
}

func hasHalf(s string) bool {
	for i := strings.IndexByte(s, 0xED); i >= 0 && i < len(s); {
		if _, ok := half(s[i:]); ok {
			return true
		}
		next := strings.IndexByte(s[i+1:], 0xED)
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// javaOutput is the UTF-8 that Java writes of a text: halves of surrogate
// pairs become "?".
func javaOutput(b []byte) string {
	s := string(b)
	if bytes.IndexByte(b, 0xED) < 0 || !hasHalf(s) {
		return s
	}
	s = joinHalves(s)
	var out strings.Builder
	for i := 0; i < len(s); {
		if _, ok := half(s[i:]); ok {
			out.WriteByte('?')
			i += 3
			continue
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		out.WriteString(s[i : i+n])
		i += n
	}
	return out.String()
}

// HashCode is String.hashCode.
func HashCode(s string) int32 {
	var h int32
	if ascii(s) {
		for i := range len(s) {
			h = 31*h + int32(s[i])
		}
		return h
	}
	for _, u := range units(s) {
		h = 31*h + int32(u)
	}
	return h
}

// ValidText replaces what is no UTF-8 by U+FFFD, one for each sequence that
// breaks off, as Java does.
func ValidText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		b.WriteRune(r)
		if r != utf8.RuneError || n > 1 {
			i += n
			continue
		}
		for n = 1; n < 4 && i+n <= len(s) && !utf8.FullRuneInString(s[i:i+n]); n++ {
		}
		i += max(n-1, 1)
	}
	return b.String()
}

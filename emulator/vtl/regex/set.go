package regex

import "unicode"

// set is the characters of one place in a pattern.
type set struct {
	ascii [2]uint64
	other predicate // for what is not ASCII
}

// predicate says whether a character is one of those meant.
type predicate func(r rune) bool

func newSet(of predicate) *set {
	s := &set{other: of}
	for r := range rune(unicode.MaxASCII + 1) {
		if of(r) {
			s.ascii[r/64] |= 1 << (r % 64)
		}
	}
	return s
}

func (s *set) has(r rune) bool {
	if r <= unicode.MaxASCII {
		return s.ascii[r/64]&(1<<(r%64)) != 0
	}
	return s.other(r)
}

func (is predicate) or(o predicate) predicate {
	if is == nil {
		return o
	}
	return func(r rune) bool { return is(r) || o(r) }
}

func (is predicate) and(o predicate) predicate {
	return func(r rune) bool { return is(r) && o(r) }
}

func (is predicate) not() predicate {
	return func(r rune) bool { return !is(r) }
}

func only(c rune) predicate { return func(r rune) bool { return r == c } }

func from(first, last rune) predicate {
	return func(r rune) bool { return first <= r && r <= last }
}

func anyOf(characters string) predicate {
	all := []rune(characters)
	return func(r rune) bool {
		for _, c := range all {
			if r == c {
				return true
			}
		}
		return false
	}
}

func in(tables ...*unicode.RangeTable) predicate {
	return func(r rune) bool { return unicode.In(r, tables...) }
}

func all(rune) bool { return true }

// lineEnd is what ends a line.
var lineEnd = anyOf("\n\r\u0085\u2028\u2029")

// character is one character under the flags.
func (f flags) character(c rune) predicate {
	switch {
	case f&ignoreCase == 0 || f&unicodeCase == 0 && !isASCIILetter(c):
		return only(c)
	case f&unicodeCase == 0:
		return anyOf(string(c|0x20) + string(c&^0x20))
	}
	return func(r rune) bool { return sameFolded(c, r) }
}

// span is a range of characters under the flags.
func (f flags) span(first, last rune) predicate {
	plain := from(first, last)
	if f&ignoreCase == 0 {
		return plain
	}
	return func(r rune) bool {
		if plain(r) {
			return true
		}
		if f&unicodeCase == 0 {
			return isASCIILetter(r) && (plain(r|0x20) || plain(r&^0x20))
		}
		up := unicode.ToUpper(r)
		return plain(up) || plain(unicode.ToLower(up))
	}
}

// sameFolded says whether two characters differ in their case only.
func sameFolded(a, b rune) bool {
	if a == b {
		return true
	}
	a, b = unicode.ToUpper(a), unicode.ToUpper(b)
	return a == b || unicode.ToLower(a) == unicode.ToLower(b)
}

func sameFoldedASCII(a, b rune) bool {
	return a == b || isASCIILetter(a) && isASCIILetter(b) && a|0x20 == b|0x20
}

package regex

import (
	"strings"
	"unicode"
)

// predefined are the sets of \d, \w and their like.
var predefined = map[rune]predicate{
	'd': from('0', '9'),
	'w': from('0', '9').or(from('a', 'z')).or(from('A', 'Z')).or(only('_')),
	's': from('\t', '\r').or(only(' ')),
	'h': anyOf("\t \u00A0\u1680\u180E\u202F\u205F\u3000").or(from('\u2000', '\u200A')),
	'v': from('\n', '\r').or(anyOf("\u0085\u2028\u2029")),
}

// predefinedUnicode are those that (?U) makes wider.
var predefinedUnicode = map[rune]predicate{
	'd': in(unicode.Nd),
	'w': unicodeProperties["WORD"],
	's': in(unicode.White_Space),
}

var (
	lowercase  = in(unicode.Ll, unicode.Other_Lowercase)
	uppercase  = in(unicode.Lu, unicode.Other_Uppercase)
	alphabetic = in(unicode.L, unicode.Nl, unicode.Other_Alphabetic)
	hexDigits  = in(unicode.Nd, unicode.Hex_Digit)
	blank      = in(unicode.Zs).or(only('\t'))
	unassigned = in(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C).not()
	graphic    = in(unicode.White_Space, unicode.Cc, unicode.Cs).or(unassigned).not()
)

// posix are the classes of ASCII, and the other names that are no category.
var posix = map[string]predicate{
	"Lower": from('a', 'z'), "Upper": from('A', 'Z'), "ASCII": from(0, unicode.MaxASCII),
	"Alpha": isASCIILetter, "Digit": predefined['d'], "Alnum": predefined['d'].or(isASCIILetter),
	"Punct": from('!', '~').and(predefined['d'].or(isASCIILetter).not()), "Graph": from('!', '~'), "Print": from(' ', '~'),
	"Blank": anyOf(" \t"), "Cntrl": from(0, 0x1F).or(only(0x7F)), "XDigit": func(r rune) bool { return hexDigit(r) >= 0 },
	"Space": predefined['s'], "all": all, "L1": from(0, 0xFF), "LD": in(unicode.L, unicode.Nd), "LC": in(unicode.Lu, unicode.Ll, unicode.Lt),
	"Cn": unassigned, "javaLowerCase": lowercase, "javaUpperCase": uppercase, "javaTitleCase": in(unicode.Lt), "javaAlphabetic": alphabetic,
	"javaDigit": in(unicode.Nd), "javaLetter": in(unicode.L), "javaLetterOrDigit": in(unicode.L, unicode.Nd), "javaDefined": unassigned.not(),
	"javaIdeographic": in(unicode.Ideographic), "javaSpaceChar": in(unicode.Z), "javaISOControl": from(0, 0x1F).or(from(0x7F, 0x9F)),
	"javaWhitespace": in(unicode.Z).and(anyOf("\u00A0\u2007\u202F").not()).or(from('\t', '\r')).or(from(0x1C, 0x1F)),
}

// unicodeProperties are the names behind Is, and those of POSIX under (?U).
var unicodeProperties = map[string]predicate{
	"ALPHABETIC": alphabetic, "LETTER": in(unicode.L), "IDEOGRAPHIC": in(unicode.Ideographic), "LOWERCASE": lowercase,
	"UPPERCASE": uppercase, "TITLECASE": in(unicode.Lt), "WHITE_SPACE": in(unicode.White_Space), "CONTROL": in(unicode.Cc),
	"PUNCTUATION": in(unicode.P), "HEX_DIGIT": hexDigits, "ASSIGNED": unassigned.not(), "DIGIT": in(unicode.Nd),
	"ALNUM": alphabetic.or(in(unicode.Nd)), "BLANK": blank, "GRAPH": graphic, "PRINT": graphic.or(blank).and(in(unicode.Cc).not()),
	"NONCHARACTER_CODE_POINT": in(unicode.Noncharacter_Code_Point), "JOIN_CONTROL": in(unicode.Join_Control),
	"WORD":  alphabetic.or(in(unicode.M, unicode.Nd, unicode.Pc, unicode.Join_Control)),
	"ALPHA": alphabetic, "LOWER": lowercase, "UPPER": uppercase, "SPACE": in(unicode.White_Space), "PUNCT": in(unicode.P),
	"XDIGIT": hexDigits, "CNTRL": in(unicode.Cc), "HEXDIGIT": hexDigits, "WHITESPACE": in(unicode.White_Space),
}

// onlyPOSIX are the names that no property has: under (?U) alone they are wider.
var onlyPOSIX = map[string]bool{"ALPHA": true, "LOWER": true, "UPPER": true, "SPACE": true, "PUNCT": true, "XDIGIT": true, "CNTRL": true}

// blocks are the Unicode blocks that texts are mostly of.
var blocks = map[string]predicate{
	"BASICLATIN": from(0, 0x7F), "LATIN1SUPPLEMENT": from(0x80, 0xFF), "LATINEXTENDEDA": from(0x100, 0x17F),
	"LATINEXTENDEDB": from(0x180, 0x24F), "COMBININGDIACRITICALMARKS": from(0x300, 0x36F), "GREEK": from(0x370, 0x3FF),
	"GREEKANDCOPTIC": from(0x370, 0x3FF), "CYRILLIC": from(0x400, 0x4FF), "ARMENIAN": from(0x530, 0x58F), "HEBREW": from(0x590, 0x5FF),
	"ARABIC": from(0x600, 0x6FF), "DEVANAGARI": from(0x900, 0x97F), "THAI": from(0xE00, 0xE7F), "GENERALPUNCTUATION": from(0x2000, 0x206F),
	"CURRENCYSYMBOLS": from(0x20A0, 0x20CF), "ARROWS": from(0x2190, 0x21FF), "MATHEMATICALOPERATORS": from(0x2200, 0x22FF),
	"BOXDRAWING": from(0x2500, 0x257F), "HIRAGANA": from(0x3040, 0x309F), "KATAKANA": from(0x30A0, 0x30FF),
	"CJKUNIFIEDIDEOGRAPHS": from(0x4E00, 0x9FFF), "HANGULSYLLABLES": from(0xAC00, 0xD7AF), "EMOTICONS": from(0x1F600, 0x1F64F),
}

// property reads the name behind \p.
func (p *parser) property() predicate {
	name := p.propertyName()
	key, value, hasValue := strings.Cut(name, "=")
	var is predicate
	switch {
	case hasValue:
		switch strings.ToLower(key) {
		case "sc", "script":
			is = scriptNamed(value)
		case "blk", "block":
			is = blockNamed(value)
		case "gc", "general_category":
			is = p.categoryNamed(value)
		}
	case strings.HasPrefix(name, "In"):
		is = blockNamed(name[2:])
	case strings.HasPrefix(name, "Is"):
		is = p.propertyNamed(name[2:])
	default:
		if wide := unicodeProperties[strings.ToUpper(name)]; p.flags&unicodeClass != 0 && posix[name] != nil {
			is = wide
		}
		if is == nil {
			is = p.categoryNamed(name)
		}
	}
	if is == nil {
		refuse("the property \\p{%s} is unknown", name)
	}
	return is
}

func (p *parser) propertyName() string {
	if p.raw(0) != '{' {
		if p.raw(0) == end {
			refuse("\\p has no name")
		}
		p.i++
		return string(p.pattern[p.i-1])
	}
	first := p.i + 1
	for p.raw(0) != '}' {
		if p.raw(0) == end {
			refuse("\\p{ is not closed")
		}
		p.i++
	}
	p.i++
	return string(p.pattern[first : p.i-1])
}

func (p *parser) propertyNamed(name string) predicate {
	upper := strings.ToUpper(name)
	if is := unicodeProperties[upper]; is != nil && !onlyPOSIX[upper] {
		if p.flags&ignoreCase != 0 && strings.HasSuffix(upper, "CASE") {
			return in(unicode.Lu, unicode.Ll, unicode.Lt).or(lowercase).or(uppercase)
		}
		return is
	}
	if is := p.categoryNamed(name); is != nil {
		return is
	}
	return scriptNamed(name)
}

// categoryNamed is a general category or a class of ASCII. Letters of one case
// are those of both where case does not count.
func (p *parser) categoryNamed(name string) predicate {
	if p.flags&ignoreCase != 0 {
		switch name {
		case "Lu", "Ll", "Lt":
			name = "LC"
		case "Lower", "Upper":
			name = "Alpha"
		case "javaLowerCase", "javaUpperCase", "javaTitleCase":
			return lowercase.or(uppercase).or(in(unicode.Lt))
		}
	}
	if is := posix[name]; is != nil {
		return is
	}
	if table := unicode.Categories[name]; table != nil && len(name) <= 2 {
		return in(table)
	}
	return nil
}

func scriptNamed(name string) predicate {
	for script, table := range unicode.Scripts {
		if strings.EqualFold(script, name) {
			return in(table)
		}
	}
	return nil
}

func blockNamed(name string) predicate {
	return blocks[strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))]
}

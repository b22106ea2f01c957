package gateway

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// utilVariable is $util.
type utilVariable struct{}

func (utilVariable) String() string { return "$util" }

// Property: $util has none.
func (utilVariable) Property(string) (vtl.Value, bool) { return nil, false }

// utilFunctions are the functions of $util that take any value and work on its
// text. Of null the result is "" (recorded of urlEncode, rule 83).
var utilFunctions = map[string]func(string) (string, error){
	"urlEncode":    func(s string) (string, error) { return urlEncode(s), nil },
	"urlDecode":    urlDecode,
	"base64Encode": func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil },
	"base64Decode": base64Decode,
}

// Method gives the functions of $util, each with one argument.
func (utilVariable) Method(name string, args []vtl.Value) (vtl.Value, bool, error) {
	if len(args) != 1 {
		return nil, false, nil
	}
	v := args[0]
	switch name {
	case "escapeJavaScript":
		if v == nil {
			return nil, true, nil
		}
		if s, ok := v.(string); ok && plainLength(s) == len(s) {
			return v, true, nil
		}
		return escapeJavaScript(vtl.Text(v)), true, nil
	case "parseJson":
		s, ok := v.(string)
		if !ok {
			return nil, v == nil, nil
		}
		parsed, err := vtl.ParseJSON(s)
		return parsed, true, err
	}
	function := utilFunctions[name]
	if function == nil {
		return nil, false, nil
	}
	if v == nil {
		return "", true, nil
	}
	s, err := function(vtl.Text(v))
	return s, true, err
}

// escapeJavaScript escapes as commons-lang 2.6 does: quotes of both kinds, the
// backslash, the slash, control characters, and all that is not ASCII. Whether
// the service escapes the slash is unverified; JSON reads both alike.
func escapeJavaScript(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	unit := func(c rune) {
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte(hex[c>>shift&15])
		}
	}
	for i, c := range s {
		switch {
		case c == utf8.RuneError && s[i] == 0xED: // half of a surrogate pair, see package vtl
			unit(0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F))
		case c == utf8.RuneError && s[i] >= 0x80 && s[i] < 0xC0: // the rest of it
		case isPlain(c):
			b.WriteByte(byte(c))
		case c > 0xFFFF:
			high, low := utf16.EncodeRune(c)
			unit(high)
			unit(low)
		case c > 0x7F:
			unit(c)
		case strings.ContainsRune("\b\t\n\f\r", c):
			b.WriteByte('\\')
			b.WriteByte("btn_fr"[c-'\b'])
		case c < ' ':
			unit(c)
		default: // a quote, a backslash or a slash
			b.WriteByte('\\')
			b.WriteByte(byte(c))
		}
	}
	return b.String()
}

// isPlain says whether escapeJavaScript leaves c as it is.
func isPlain(c rune) bool {
	return c >= ' ' && c <= 0x7F && c != '\'' && c != '"' && c != '\\' && c != '/'
}

// plainLength is how much of the start of s escapeJavaScript leaves as it is.
func plainLength(s string) int {
	for i := range len(s) {
		if !isPlain(rune(s[i])) {
			return i
		}
	}
	return len(s)
}

// urlEncode is Java's URLEncoder: as in forms, blanks become "+".
func urlEncode(s string) string {
	s = url.QueryEscape(s)
	return strings.NewReplacer("~", "%7E", "%2A", "*").Replace(s)
}

// urlDecode is Java's URLDecoder.
func urlDecode(s string) (string, error) {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return "", errors.New("not URL-encoded: a % is not followed by two hexadecimal digits")
	}
	return vtl.ValidText(decoded), nil
}

func base64Decode(s string) (string, error) {
	encoding := base64.StdEncoding
	if !strings.HasSuffix(s, "=") {
		encoding = base64.RawStdEncoding
	}
	decoded, err := encoding.DecodeString(s)
	if err != nil || strings.ContainsAny(s, "\r\n") {
		return "", errors.New("not Base64")
	}
	return vtl.ValidText(string(decoded)), nil
}

package vtl

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// conversion is one specifier of String.format: argument, flags, width,
// precision, letter.
var conversion = regexp.MustCompile(`%(\d+\$)?([-#+ 0,(]*)(\d+)?(\.\d+)?([a-zA-Z%])`)

const maxWidth = 10000

// format is String.format, for the conversions b c d e f h n o s x %.
func format(pattern string, args []Value) (Value, error) {
	if len(args) == 1 {
		if l, ok := args[0].(*List); ok && l.Kind == Array {
			args = l.items
		}
	}
	var b strings.Builder
	next, last := 0, 0
	for _, m := range conversion.FindAllStringSubmatchIndex(pattern, -1) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return pattern[m[2*i]:m[2*i+1]]
		}
		if strings.Contains(pattern[last:m[0]], "%") {
			return nil, errors.New("unknown format conversion in " + strconv.Quote(pattern))
		}
		b.WriteString(pattern[last:m[0]])
		last = m[1]
		var arg Value
		if letter := part(5); letter != "%" && letter != "n" {
			i := next
			if n := part(1); n != "" {
				i, _ = strconv.Atoi(strings.TrimSuffix(n, "$"))
				i--
			} else {
				next++
			}
			if i < 0 || i >= len(args) {
				return nil, errors.New("missing argument for format " + strconv.Quote(part(0)))
			}
			arg = args[i]
		}
		s, err := convert(part(5), part(2), strings.TrimPrefix(part(4), "."), arg)
		if err != nil {
			return nil, err
		}
		width, _ := strconv.Atoi(part(3))
		if width > maxWidth {
			return nil, errTooLong
		}
		b.WriteString(pad(s, part(2), width))
	}
	if strings.Contains(pattern[last:], "%") {
		return nil, errors.New("unknown format conversion in " + strconv.Quote(pattern))
	}
	b.WriteString(pattern[last:])
	return b.String(), nil
}

func convert(letter, flags, precision string, v Value) (string, error) {
	p, err := strconv.Atoi(precision)
	if err != nil || p > maxWidth {
		p = -1
	}
	s := ""
	switch l := strings.ToLower(letter); l {
	case "%", "n":
		return map[string]string{"%": "%", "n": "\n"}[l], nil
	case "s", "b":
		s = Text(v)
		if _, isBool := v.(bool); l == "b" && !isBool {
			s = strconv.FormatBool(v != nil)
		}
		if u := units(s); p >= 0 && p < len(u) {
			s = text(u[:p])
		}
	case "h":
		s = "null"
		if v != nil {
			s = strconv.FormatUint(uint64(uint32(Hash(v))), 16)
		}
	case "c":
		switch v := v.(type) {
		case nil, Char:
			s = Text(v)
		case int32:
			s = string(v)
		default:
			return "", mismatch(letter, v)
		}
	case "d", "x", "o":
		if s, err = convertInteger(l, flags, v); err != nil {
			return "", err
		}
	case "f", "e":
		if s, err = convertFloat(l, flags, p, v); err != nil {
			return "", err
		}
	default:
		return "", errors.New("unknown format conversion %" + letter)
	}
	if letter != strings.ToLower(letter) {
		s = strings.ToUpper(s)
	}
	return s, nil
}

func mismatch(letter string, v Value) error {
	return errors.New("the format %" + letter + " does not take a " + className(v))
}

func convertInteger(letter, flags string, v Value) (string, error) {
	base := map[string]int{"d": 10, "x": 16, "o": 8}[letter]
	switch v := v.(type) {
	case nil:
		return "null", nil
	case int32:
		if base != 10 {
			return prefix(letter, flags) + strconv.FormatUint(uint64(uint32(v)), base), nil
		}
		return decorate(strconv.Itoa(int(v)), flags), nil
	case int64:
		if base != 10 {
			return prefix(letter, flags) + strconv.FormatUint(uint64(v), base), nil
		}
		return decorate(strconv.FormatInt(v, 10), flags), nil
	case *big.Int:
		return decorate(v.Text(base), flags), nil
	}
	return "", mismatch(letter, v)
}

// prefix is what the flag # puts in front of a number that is not decimal.
func prefix(letter, flags string) string {
	if !strings.Contains(flags, "#") {
		return ""
	}
	return map[string]string{"x": "0x", "o": "0"}[letter]
}

// convertFloat rounds half up, as Java does on the decimal text of the number.
func convertFloat(letter, flags string, precision int, v Value) (string, error) {
	if precision < 0 {
		precision = 6
	}
	switch v := v.(type) {
	case nil:
		return "null", nil
	case float64, float32, *Decimal:
		if letter == "e" {
			return decorate(fmt.Sprintf("%.*e", precision, toDouble(v)), flags), nil
		}
		d, err := ParseDecimal(Text(v))
		if err != nil {
			return Text(v), nil // NaN and Infinity
		}
		r := new(big.Rat).SetFrac(d.unscaled, big.NewInt(1))
		if d.scale >= 0 {
			r.Quo(r, new(big.Rat).SetInt(pow10(d.scale)))
		} else {
			r.Mul(r, new(big.Rat).SetInt(pow10(-d.scale)))
		}
		return decorate(r.FloatString(precision), flags), nil
	}
	return "", mismatch(letter, v)
}

// decorate adds signs and thousands separators.
func decorate(s, flags string) string {
	digits, negative := strings.CutPrefix(s, "-")
	if strings.Contains(flags, ",") {
		whole, fraction, _ := strings.Cut(digits, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		if digits = whole; fraction != "" {
			digits += "." + fraction
		}
	}
	switch {
	case negative && strings.Contains(flags, "("):
		return "(" + digits + ")"
	case negative:
		return "-" + digits
	case strings.Contains(flags, "+"):
		return "+" + digits
	case strings.Contains(flags, " "):
		return " " + digits
	}
	return digits
}

func pad(s, flags string, width int) string {
	missing := width - textLength(s)
	switch {
	case missing <= 0:
		return s
	case strings.Contains(flags, "-"):
		return s + strings.Repeat(" ", missing)
	case strings.Contains(flags, "0"):
		sign := count(s, "+-( ")
		return s[:sign] + strings.Repeat("0", missing) + s[sign:]
	}
	return strings.Repeat(" ", missing) + s
}

package vtl

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// numberMethods are the methods of all of Java's numbers.
var numberMethods = []method{
	anyOf("intValue", "", func(n Value, _ []Value) (Value, error) { return Int(int(toInt(n))), nil }),
	anyOf("longValue", "", func(n Value, _ []Value) (Value, error) { return toLong(n), nil }),
	anyOf("doubleValue", "", func(n Value, _ []Value) (Value, error) { return toDouble(n), nil }),
	anyOf("floatValue", "", func(n Value, _ []Value) (Value, error) { return float32(toDouble(n)), nil }),
	anyOf("shortValue", "", func(n Value, _ []Value) (Value, error) { return Int(int(int16(toInt(n)))), nil }),
	anyOf("byteValue", "", func(n Value, _ []Value) (Value, error) { return Int(int(int8(toInt(n)))), nil }),
	anyOf("compareTo", "o", func(n Value, a []Value) (Value, error) {
		if className(n) != className(a[0]) {
			return incomparable(n, a)
		}
		order, _ := compare(n, a[0])
		return int32(order), nil
	}),
}

// intMethods are those of Integer, with the static ones that templates use to
// parse texts: $n.parseInt("5").
var intMethods = slices.Concat(integerMethods[int32]("i", 32), numberMethods, []method{
	of[int32]("parseInt", "s", func(a []Value) (Value, error) { return parseInt(a[0].(string), 10, 32) }),
	of[int32]("parseInt", "si", func(a []Value) (Value, error) { return parseInt(a[0].(string), int(a[1].(int32)), 32) }),
	of[int32]("valueOf", "s", func(a []Value) (Value, error) { return parseInt(a[0].(string), 10, 32) }),
	of[int32]("valueOf", "i", func(a []Value) (Value, error) { return a[0], nil }),
	of[int32]("toString", "i", func(a []Value) (Value, error) { return Text(a[0]), nil }),
	of[int32]("decode", "s", func(a []Value) (Value, error) { return decode(a[0].(string), 32) }),
})

// longMethods are those of Long.
var longMethods = slices.Concat(integerMethods[int64]("l", 64), numberMethods, []method{
	of[int64]("decode", "s", func(a []Value) (Value, error) { return decode(a[0].(string), 64) }),
	of[int64]("parseLong", "si", func(a []Value) (Value, error) { return parseInt(a[0].(string), int(a[1].(int32)), 64) }),
	of[int64]("parseLong", "s", func(a []Value) (Value, error) { return parseInt(a[0].(string), 10, 64) }),
	of[int64]("valueOf", "s", func(a []Value) (Value, error) { return parseInt(a[0].(string), 10, 64) }),
	of[int64]("valueOf", "l", func(a []Value) (Value, error) { return toLong(a[0]), nil }),
	of[int64]("toString", "l", func(a []Value) (Value, error) { return Text(toLong(a[0])), nil }),
})

// floatMethods are those of Float and Double.
var floatMethods = slices.Concat(numberMethods, []method{
	anyOf("isNaN", "", func(n Value, _ []Value) (Value, error) { return math.IsNaN(toDouble(n)), nil }),
	anyOf("isInfinite", "", func(n Value, _ []Value) (Value, error) { return math.IsInf(toDouble(n), 0), nil }),
	of[float64]("parseDouble", "s", func(a []Value) (Value, error) { return parseDouble(a[0].(string)) }),
	of[float64]("valueOf", "s", func(a []Value) (Value, error) { return parseDouble(a[0].(string)) }),
	of[float64]("valueOf", "d", func(a []Value) (Value, error) { return toDouble(a[0]), nil }),
	of[float64]("toString", "d", func(a []Value) (Value, error) { return Text(toDouble(a[0])), nil }),
	of[float64]("compare", "dd", func(a []Value) (Value, error) { return compareDoubles(toDouble(a[0]), toDouble(a[1])), nil }),
	of[float64]("isNaN", "d", func(a []Value) (Value, error) { return math.IsNaN(toDouble(a[0])), nil }),
	of[float64]("isInfinite", "d", func(a []Value) (Value, error) { return math.IsInf(toDouble(a[0]), 0), nil }),
	of[float64]("hashCode", "d", func(a []Value) (Value, error) { return Hash(toDouble(a[0])), nil }),
	of[float64]("isFinite", "d", func(a []Value) (Value, error) {
		return !math.IsNaN(toDouble(a[0])) && !math.IsInf(toDouble(a[0]), 0), nil
	}),
	of[float64]("max", "dd", func(a []Value) (Value, error) { return max(toDouble(a[0]), toDouble(a[1])), nil }),
	of[float64]("min", "dd", func(a []Value) (Value, error) { return min(toDouble(a[0]), toDouble(a[1])), nil }),
	of[float64]("sum", "dd", func(a []Value) (Value, error) { return toDouble(a[0]) + toDouble(a[1]), nil }),
})

// compareDoubles is Double.compare: NaN is more than anything else, and -0.0
// less than 0.0.
func compareDoubles(x, y float64) Value {
	rank := func(f float64) int64 {
		n := int64(math.Float64bits(f))
		if f != f {
			return math.MaxInt64
		}
		if n < 0 {
			return math.MinInt64 - n - 1
		}
		return n
	}
	return int32(sign(rank(x) < rank(y), rank(x) > rank(y)))
}

// incomparable is compareTo of values of unlike classes.
func incomparable(v Value, a []Value) (Value, error) {
	if a[0] == nil {
		return nil, errNull
	}
	return nil, errors.New("a " + className(a[0]) + " can't be compared with a " + className(v))
}

func parseInt(s string, radix, bits int) (Value, error) {
	if radix < 2 || radix > 36 || strings.Contains(s, "_") {
		return nil, errors.New("not a whole number: " + strconv.Quote(s))
	}
	n, err := strconv.ParseInt(s, radix, bits)
	if err != nil {
		return nil, &hinted{"not a whole number: " + strconv.Quote(s), "check with matches('-?[0-9]+') first"}
	}
	if bits == 32 {
		return Int(int(n)), nil
	}
	return n, nil
}

func parseDouble(s string) (Value, error) {
	t := strings.TrimRight(trimSpace(s), "dDfF")
	f, err := strconv.ParseFloat(t, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || strings.ContainsAny(t, "_xX") {
		return nil, errors.New("not a number: " + strconv.Quote(s))
	}
	return f, nil
}

// booleanMethods are the methods of java.lang.Boolean.
var booleanMethods = []method{
	on("booleanValue", "", func(b bool, _ []Value) (Value, error) { return b, nil }),
	on("compareTo", "b", func(b bool, a []Value) (Value, error) { return int32(sign(!b && a[0].(bool), b && !a[0].(bool))), nil }),
	anyOf("compareTo", "o", incomparable),
	of[bool]("parseBoolean", "S", func(a []Value) (Value, error) {
		s, _ := a[0].(string)
		return strings.EqualFold(s, "true"), nil
	}),
	of[bool]("valueOf", "s", func(a []Value) (Value, error) { return strings.EqualFold(a[0].(string), "true"), nil }),
	of[bool]("valueOf", "b", func(a []Value) (Value, error) { return a[0], nil }),
	of[bool]("compare", "bb", func(a []Value) (Value, error) {
		return int32(sign(!a[0].(bool) && a[1].(bool), a[0].(bool) && !a[1].(bool))), nil
	}),
	of[bool]("logicalAnd", "bb", func(a []Value) (Value, error) { return a[0].(bool) && a[1].(bool), nil }),
	of[bool]("logicalOr", "bb", func(a []Value) (Value, error) { return a[0].(bool) || a[1].(bool), nil }),
	of[bool]("logicalXor", "bb", func(a []Value) (Value, error) { return a[0] != a[1], nil }),
	of[bool]("toString", "b", func(a []Value) (Value, error) { return Text(a[0]), nil }),
}

// charMethods are the methods of java.lang.Character.
var charMethods = []method{
	on("charValue", "", func(c Char, _ []Value) (Value, error) { return c, nil }),
	on("compareTo", "c", func(c Char, a []Value) (Value, error) { return int32(c) - int32(a[0].(Char)), nil }),
	anyOf("compareTo", "o", incomparable),
	of[Char]("isDigit", "c", func(a []Value) (Value, error) { return unicode.IsDigit(rune(a[0].(Char))), nil }),
	of[Char]("isLetter", "c", func(a []Value) (Value, error) { return unicode.IsLetter(rune(a[0].(Char))), nil }),
	of[Char]("isLetterOrDigit", "c", func(a []Value) (Value, error) {
		return unicode.In(rune(a[0].(Char)), unicode.Letter, unicode.Digit), nil
	}),
	of[Char]("isWhitespace", "c", func(a []Value) (Value, error) { return whitespace(rune(a[0].(Char))), nil }),
	of[Char]("isUpperCase", "c", func(a []Value) (Value, error) { return unicode.IsUpper(rune(a[0].(Char))), nil }),
	of[Char]("isLowerCase", "c", func(a []Value) (Value, error) { return unicode.IsLower(rune(a[0].(Char))), nil }),
	of[Char]("toUpperCase", "c", func(a []Value) (Value, error) { return Char(unicode.ToUpper(rune(a[0].(Char)))), nil }),
	of[Char]("toLowerCase", "c", func(a []Value) (Value, error) { return Char(unicode.ToLower(rune(a[0].(Char)))), nil }),
	of[Char]("getNumericValue", "c", func(a []Value) (Value, error) {
		if n, err := strconv.ParseInt(string(rune(a[0].(Char))), 36, 32); err == nil {
			return Int(int(n)), nil
		}
		return int32(-1), nil
	}),
	of[Char]("toString", "c", func(a []Value) (Value, error) { return Text(a[0]), nil }),
}

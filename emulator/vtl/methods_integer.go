package vtl

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// integerMethods are the static methods that Integer ("i") and Long ("l") both have.
func integerMethods[T int32 | int64](p string, size int) []method {
	unsigned := func(n T) uint64 { return uint64(n) << (64 - size) >> (64 - size) }
	of1 := func(name string, f func(n T) Value) method {
		return of[T](name, p, func(a []Value) (Value, error) { return f(T(toLong(a[0]))), nil })
	}
	of2 := func(name string, f func(n, m T) Value) method {
		return of[T](name, p+p, func(a []Value) (Value, error) { return f(T(toLong(a[0])), T(toLong(a[1]))), nil })
	}
	inRadix := func(name string, radix int) method {
		return of1(name, func(n T) Value { return strconv.FormatUint(unsigned(n), radix) })
	}
	rotate := func(name string, sign int) method {
		return of[T](name, p+"i", func(a []Value) (Value, error) {
			n, by := unsigned(T(toLong(a[0]))), uint(sign*int(a[1].(int32)))&uint(size-1)
			return T(n<<by | n>>(uint(size)-by)), nil
		})
	}
	return []method{
		inRadix("toHexString", 16), inRadix("toOctalString", 8), inRadix("toBinaryString", 2),
		of[T]("toString", p+"i", func(a []Value) (Value, error) {
			radix := int(a[1].(int32))
			if radix < 2 || radix > 36 {
				radix = 10
			}
			return strconv.FormatInt(toLong(a[0]), radix), nil
		}),
		of1("hashCode", func(n T) Value { return Hash(n) }),
		of1("signum", func(n T) Value { return int32(sign(n < 0, n > 0)) }),
		of1("bitCount", func(n T) Value { return Int(bits.OnesCount64(unsigned(n))) }),
		of1("numberOfLeadingZeros", func(n T) Value { return Int(bits.LeadingZeros64(unsigned(n)) - 64 + size) }),
		of1("numberOfTrailingZeros", func(n T) Value { return Int(min(bits.TrailingZeros64(unsigned(n)), size)) }),
		of1("highestOneBit", func(n T) Value { return T(uint64(1)<<bits.Len64(unsigned(n)>>1)) & n }),
		of1("lowestOneBit", func(n T) Value { return n & -n }),
		of1("reverse", func(n T) Value { return T(bits.Reverse64(unsigned(n)) >> (64 - size)) }),
		of1("reverseBytes", func(n T) Value { return T(bits.ReverseBytes64(unsigned(n)) >> (64 - size)) }),
		rotate("rotateLeft", 1), rotate("rotateRight", -1),
		of2("compare", func(n, m T) Value { return int32(sign(n < m, n > m)) }),
		of2("max", func(n, m T) Value { return max(n, m) }),
		of2("min", func(n, m T) Value { return min(n, m) }),
		of2("sum", func(n, m T) Value { return n + m }),
	}
}

// decode is Integer.decode: 0x, # and 0 begin other radixes.
func decode(s string, size int) (Value, error) {
	digits := strings.TrimLeft(s[:min(1, len(s))], "+-") + s[min(1, len(s)):]
	sign := s[:len(s)-len(digits)]
	radix := 10
	for _, prefix := range []struct {
		text  string
		radix int
	}{{"0x", 16}, {"0X", 16}, {"#", 16}, {"0", 8}} {
		if rest, ok := strings.CutPrefix(digits, prefix.text); ok && rest != "" {
			digits, radix = rest, prefix.radix
			break
		}
	}
	if strings.ContainsAny(digits, "+-") {
		return nil, errors.New("a sign in the middle of " + strconv.Quote(s))
	}
	return parseInt(sign+digits, radix, size)
}

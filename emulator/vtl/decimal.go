package vtl

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

const maxFloat = math.MaxFloat64

// Decimal is Java's BigDecimal: unscaled × 10^-scale.
type Decimal struct {
	unscaled *big.Int
	scale    int
}

// maxExponent bounds the exponents that are taken, so that no short text makes
// a number of gigabytes.
const maxExponent = 10000

// ParseDecimal is new BigDecimal(s).
func ParseDecimal(s string) (*Decimal, error) {
	invalid := errors.New("not a number: " + strconv.Quote(s))
	digits, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(s[i+1:]); err != nil || exponent > maxExponent || exponent < -maxExponent {
			return nil, invalid
		}
		digits = s[:i]
	}
	scale := 0
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		scale = len(digits) - i - 1
		digits = digits[:i] + digits[i+1:]
	}
	sign := strings.HasPrefix(digits, "-") || strings.HasPrefix(digits, "+")
	if digits == "" || len(digits) > maxDigits || sign && len(digits) == 1 || strings.ContainsRune(digits, '_') {
		return nil, invalid
	}
	u, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return nil, invalid
	}
	return &Decimal{u, scale - exponent}, nil
}

// decimalOf is new BigDecimal(f): all binary digits of f. f must be finite.
func decimalOf(f float64) *Decimal {
	mantissa, exponent := math.Frexp(f)
	u := big.NewInt(int64(mantissa * (1 << 53)))
	exponent -= 53
	if u.Sign() == 0 {
		return &Decimal{u, 0}
	}
	if shift := min(int(u.TrailingZeroBits()), max(0, -exponent)); shift > 0 {
		u.Rsh(u, uint(shift))
		exponent += shift
	}
	if exponent >= 0 {
		return &Decimal{u.Lsh(u, uint(exponent)), 0}
	}
	five := new(big.Int).Exp(big.NewInt(5), big.NewInt(int64(-exponent)), nil)
	return &Decimal{u.Mul(u, five), -exponent}
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// align gives both the larger of their scales.
func align(a, b *Decimal) (x, y *big.Int, scale int) {
	scale = max(a.scale, b.scale)
	x = new(big.Int).Mul(a.unscaled, pow10(scale-a.scale))
	y = new(big.Int).Mul(b.unscaled, pow10(scale-b.scale))
	return x, y, scale
}

func (d *Decimal) add(o *Decimal) *Decimal {
	x, y, scale := align(d, o)
	return &Decimal{x.Add(x, y), scale}
}

func (d *Decimal) subtract(o *Decimal) *Decimal {
	x, y, scale := align(d, o)
	return &Decimal{x.Sub(x, y), scale}
}

func (d *Decimal) multiply(o *Decimal) *Decimal {
	return &Decimal{new(big.Int).Mul(d.unscaled, o.unscaled), d.scale + o.scale}
}

// divide keeps d's scale and rounds half down, as Velocity asks of Java.
func (d *Decimal) divide(o *Decimal) *Decimal {
	x, y := new(big.Int).Set(d.unscaled), new(big.Int).Set(o.unscaled)
	if o.scale >= 0 {
		x.Mul(x, pow10(o.scale))
	} else {
		y.Mul(y, pow10(-o.scale))
	}
	q, r := x.QuoRem(x, y, new(big.Int))
	if r.Lsh(r, 1).CmpAbs(y) > 0 {
		q.Add(q, big.NewInt(int64(r.Sign()*y.Sign())))
	}
	return &Decimal{q, d.scale}
}

// Compare is BigDecimal.compareTo.
func (d *Decimal) Compare(o *Decimal) int {
	x, y, _ := align(d, o)
	return x.Cmp(y)
}

func (d *Decimal) float() float64 {
	f, _ := strconv.ParseFloat(d.String(), 64)
	return f
}

func (d *Decimal) integer() *big.Int {
	if d.scale <= 0 {
		return new(big.Int).Mul(d.unscaled, pow10(-d.scale))
	}
	return new(big.Int).Quo(d.unscaled, pow10(d.scale))
}

// String is BigDecimal.toString.
func (d *Decimal) String() string {
	digits, sign := d.unscaled.String(), ""
	if d.scale == 0 {
		return digits
	}
	if digits[0] == '-' {
		digits, sign = digits[1:], "-"
	}
	exponent := len(digits) - 1 - d.scale
	if d.scale > 0 && exponent >= -6 {
		if pad := d.scale - len(digits) + 1; pad > 0 {
			digits = strings.Repeat("0", pad) + digits
		}
		point := len(digits) - d.scale
		return sign + digits[:point] + "." + digits[point:]
	}
	if len(digits) > 1 {
		digits = digits[:1] + "." + digits[1:]
	}
	if exponent == 0 {
		return sign + digits
	}
	e := strconv.Itoa(exponent)
	if exponent > 0 {
		e = "+" + e
	}
	return sign + digits + "E" + e
}

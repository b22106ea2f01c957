package vtl

import (
	"errors"
	"math/big"
)

// maxDigits bounds the powers and scales of big numbers.
const maxDigits = 100_000

var errBig = errors.New("the number gets more than 100000 digits")

// bigIntegerMethods are the methods of java.math.BigInteger.
var bigIntegerMethods = []method{
	bigInteger("add", (*big.Int).Add), bigInteger("subtract", (*big.Int).Sub), bigInteger("multiply", (*big.Int).Mul),
	bigInteger("and", (*big.Int).And), bigInteger("or", (*big.Int).Or), bigInteger("xor", (*big.Int).Xor),
	bigDivision("divide", (*big.Int).Quo), bigDivision("remainder", (*big.Int).Rem), bigDivision("mod", (*big.Int).Mod),
	on("gcd", "n", func(n *big.Int, a []Value) (Value, error) {
		return new(big.Int).GCD(nil, nil, new(big.Int).Abs(n), new(big.Int).Abs(a[0].(*big.Int))), nil
	}),
	on("pow", "i", func(n *big.Int, a []Value) (Value, error) {
		exponent := a[0].(int32)
		switch {
		case exponent < 0:
			return nil, errors.New("the exponent is negative")
		case n.BitLen()*int(exponent) > 4*maxDigits:
			return nil, errBig
		}
		return new(big.Int).Exp(n, big.NewInt(int64(exponent)), nil), nil
	}),
	on("negate", "", func(n *big.Int, _ []Value) (Value, error) { return new(big.Int).Neg(n), nil }),
	on("abs", "", func(n *big.Int, _ []Value) (Value, error) { return new(big.Int).Abs(n), nil }),
	on("signum", "", func(n *big.Int, _ []Value) (Value, error) { return int32(n.Sign()), nil }),
	on("max", "n", func(n *big.Int, a []Value) (Value, error) {
		return larger(n, a[0].(*big.Int), n.Cmp(a[0].(*big.Int)) >= 0), nil
	}),
	on("min", "n", func(n *big.Int, a []Value) (Value, error) {
		return larger(n, a[0].(*big.Int), n.Cmp(a[0].(*big.Int)) <= 0), nil
	}),
	on("bitLength", "", func(n *big.Int, _ []Value) (Value, error) {
		if n.Sign() < 0 {
			return Int(new(big.Int).Not(n).BitLen()), nil
		}
		return Int(n.BitLen()), nil
	}),
	on("toString", "i", func(n *big.Int, a []Value) (Value, error) {
		if radix := a[0].(int32); radix >= 2 && radix <= 36 {
			return n.Text(int(radix)), nil
		}
		return n.String(), nil
	}),
}

func bigInteger(name string, f func(z, x, y *big.Int) *big.Int) method {
	return on(name, "n", func(n *big.Int, a []Value) (Value, error) {
		if n.BitLen()+a[0].(*big.Int).BitLen() > 4*maxDigits {
			return nil, errBig
		}
		return f(new(big.Int), n, a[0].(*big.Int)), nil
	})
}

func bigDivision(name string, f func(z, x, y *big.Int) *big.Int) method {
	return on(name, "n", func(n *big.Int, a []Value) (Value, error) {
		by := a[0].(*big.Int)
		if by.Sign() == 0 || by.Sign() < 0 && name == "mod" {
			return nil, errors.New("the divisor is not allowed")
		}
		return f(new(big.Int), n, by), nil
	})
}

func larger[T Value](a, b T, first bool) T {
	if first {
		return a
	}
	return b
}

// decimalMethods are the methods of java.math.BigDecimal.
var decimalMethods = []method{
	on("add", "e", func(d *Decimal, a []Value) (Value, error) { return d.add(a[0].(*Decimal)), nil }),
	on("subtract", "e", func(d *Decimal, a []Value) (Value, error) { return d.subtract(a[0].(*Decimal)), nil }),
	on("multiply", "e", func(d *Decimal, a []Value) (Value, error) {
		product := d.multiply(a[0].(*Decimal))
		if product.unscaled.BitLen() > 4*maxDigits || product.scale > maxDigits || product.scale < -maxDigits {
			return nil, errBig
		}
		return product, nil
	}),
	on("max", "e", func(d *Decimal, a []Value) (Value, error) {
		return larger(d, a[0].(*Decimal), d.Compare(a[0].(*Decimal)) >= 0), nil
	}),
	on("min", "e", func(d *Decimal, a []Value) (Value, error) {
		return larger(d, a[0].(*Decimal), d.Compare(a[0].(*Decimal)) <= 0), nil
	}),
	on("negate", "", func(d *Decimal, _ []Value) (Value, error) {
		return &Decimal{new(big.Int).Neg(d.unscaled), d.scale}, nil
	}),
	on("abs", "", func(d *Decimal, _ []Value) (Value, error) {
		return &Decimal{new(big.Int).Abs(d.unscaled), d.scale}, nil
	}),
	on("signum", "", func(d *Decimal, _ []Value) (Value, error) { return int32(d.unscaled.Sign()), nil }),
	on("scale", "", func(d *Decimal, _ []Value) (Value, error) { return int32(d.scale), nil }),
	on("precision", "", func(d *Decimal, _ []Value) (Value, error) {
		return Int(len(new(big.Int).Abs(d.unscaled).String())), nil
	}),
	on("unscaledValue", "", func(d *Decimal, _ []Value) (Value, error) { return d.unscaled, nil }),
	on("toBigInteger", "", func(d *Decimal, _ []Value) (Value, error) { return d.integer(), nil }),
	on("pow", "i", func(d *Decimal, a []Value) (Value, error) {
		n := int(a[0].(int32))
		switch {
		case n < 0:
			return nil, errors.New("the exponent is negative")
		case d.unscaled.BitLen()*n > 4*maxDigits:
			return nil, errBig
		}
		return &Decimal{new(big.Int).Exp(d.unscaled, big.NewInt(int64(n)), nil), d.scale * n}, nil
	}),
	on("setScale", "i", func(d *Decimal, a []Value) (Value, error) { return d.rescale(int(a[0].(int32)), roundUnnecessary) }),
	on("setScale", "ii", func(d *Decimal, a []Value) (Value, error) {
		mode := rounding(a[1].(int32))
		if mode < roundUp || mode > roundUnnecessary {
			return nil, errors.New("there is no such rounding mode")
		}
		return d.rescale(int(a[0].(int32)), mode)
	}),
	on("stripTrailingZeros", "", func(d *Decimal, _ []Value) (Value, error) { return d.strip(), nil }),
	on("toPlainString", "", func(d *Decimal, _ []Value) (Value, error) {
		if d.scale < 0 {
			return d.integer().String(), nil
		}
		return new(big.Rat).SetFrac(d.unscaled, pow10(d.scale)).FloatString(d.scale), nil
	}),
}

// rounding is a ROUND_ constant of BigDecimal.
type rounding int32

const (
	roundUp rounding = iota
	roundDown
	roundCeiling
	roundFloor
	roundHalfUp
	roundHalfDown
	roundHalfEven
	roundUnnecessary
)

// rescale is BigDecimal.setScale.
func (d *Decimal) rescale(scale int, mode rounding) (Value, error) {
	if scale-d.scale > maxDigits || d.scale-scale > maxDigits {
		return nil, errBig
	}
	if scale >= d.scale {
		return &Decimal{new(big.Int).Mul(d.unscaled, pow10(scale-d.scale)), scale}, nil
	}
	unit := pow10(d.scale - scale)
	quotient, rest := new(big.Int).QuoRem(d.unscaled, unit, new(big.Int))
	half := new(big.Int).Lsh(rest, 1).CmpAbs(unit)
	away := false
	switch mode {
	case roundUp:
		away = true
	case roundCeiling:
		away = d.unscaled.Sign() > 0
	case roundFloor:
		away = d.unscaled.Sign() < 0
	case roundHalfUp:
		away = half >= 0
	case roundHalfDown:
		away = half > 0
	case roundHalfEven:
		away = half > 0 || half == 0 && quotient.Bit(0) == 1
	case roundUnnecessary:
		if rest.Sign() != 0 {
			return nil, errors.New("the number has to be rounded: give a rounding mode")
		}
	}
	if away && rest.Sign() != 0 {
		quotient.Add(quotient, big.NewInt(int64(d.unscaled.Sign())))
	}
	return &Decimal{quotient, scale}, nil
}

// strip is BigDecimal.stripTrailingZeros.
func (d *Decimal) strip() *Decimal {
	if d.unscaled.Sign() == 0 {
		return &Decimal{new(big.Int), 0}
	}
	unscaled, scale, ten := new(big.Int).Set(d.unscaled), d.scale, big.NewInt(10)
	for {
		quotient, rest := new(big.Int).QuoRem(unscaled, ten, new(big.Int))
		if rest.Sign() != 0 {
			return &Decimal{unscaled, scale}
		}
		unscaled, scale = quotient, scale-1
	}
}

package vtl

import (
	"errors"
	"math"
	"math/big"
)

// base is the type that an operation on two numbers is done in.
type base uint8

const (
	noNumbers base = iota
	baseLong
	baseFloat
	baseDouble
	baseInteger
	baseDecimal
)

// isNumber says whether v is a Java Number.
func isNumber(v Value) bool {
	switch v.(type) {
	case int32, int64, float64, float32, *big.Int, *Decimal:
		return true
	}
	return false
}

// baseOf finds the base of an operation; noNumbers unless both are numbers.
func baseOf(a, b Value) base {
	if _, ok := a.(int32); ok {
		if _, ok = b.(int32); ok { // most are
			return baseLong
		}
	}
	rank := func(v Value) base {
		switch v.(type) {
		case int32, int64:
			return baseLong
		case float32:
			return baseFloat
		case float64:
			return baseDouble
		case *big.Int:
			return baseInteger
		case *Decimal:
			return baseDecimal
		}
		return noNumbers
	}
	x, y := rank(a), rank(b)
	if x > y {
		x, y = y, x
	}
	switch {
	case x == noNumbers:
		return noNumbers
	case y == baseInteger && (x == baseFloat || x == baseDouble):
		return baseDecimal
	}
	return y
}

func toLong(v Value) int64 {
	switch v := v.(type) {
	case int32:
		return int64(v)
	case int64:
		return v
	case float32:
		return floatToLong(float64(v))
	case float64:
		return floatToLong(v)
	case *big.Int:
		return int64(new(big.Int).And(v, new(big.Int).SetUint64(math.MaxUint64)).Uint64())
	case *Decimal:
		return toLong(v.integer())
	}
	return 0
}

// floatToLong is Java's (long) f: it stays within bounds.
func floatToLong(f float64) int64 {
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// toInt is Number.intValue.
func toInt(v Value) int32 {
	switch f := v.(type) {
	case float32:
		return int32(min(max(floatToLong(float64(f)), math.MinInt32), math.MaxInt32))
	case float64:
		return int32(min(max(floatToLong(f), math.MinInt32), math.MaxInt32))
	}
	return int32(toLong(v))
}

func toDouble(v Value) float64 {
	switch v := v.(type) {
	case float32:
		return float64(v)
	case float64:
		return v
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case *Decimal:
		return v.float()
	}
	return float64(toLong(v))
}

func toInteger(v Value) *big.Int {
	if i, ok := v.(*big.Int); ok {
		return i
	}
	return big.NewInt(toLong(v))
}

func toDecimal(v Value) (*Decimal, error) {
	switch v := v.(type) {
	case *Decimal:
		return v, nil
	case *big.Int:
		return &Decimal{v, 0}, nil
	}
	f := toDouble(v)
	if f != f || f > maxFloat || f < -maxFloat {
		return nil, errors.New("infinite or NaN")
	}
	return decimalOf(f), nil
}

// narrow gives the result of a long operation the wider type of the operands,
// or a still wider one where it doesn't fit.
func narrow(result int64, a, b Value) Value {
	_, longA := a.(int64)
	_, longB := b.(int64)
	if longA || longB || result > math.MaxInt32 || result < math.MinInt32 {
		return result
	}
	return Int(int(result))
}

func isZero(v Value) bool {
	switch v := v.(type) {
	case *big.Int:
		return v.Sign() == 0
	case *Decimal:
		return v.unscaled.Sign() == 0
	}
	return toDouble(v) == 0
}

// compute does a op b, where op is one of + - * / %. It is null unless both
// are numbers, and where the divisor is zero.
func compute(op byte, a, b Value) (Value, error) {
	kind := baseOf(a, b)
	if kind == noNumbers || (op == '/' || op == '%') && isZero(b) {
		return nil, nil
	}
	switch kind {
	case baseLong:
		return computeLong(op, a, b), nil
	case baseFloat:
		return float32(computeDouble(op, toDouble(a), toDouble(b))), nil
	case baseDouble:
		return computeDouble(op, toDouble(a), toDouble(b)), nil
	case baseInteger:
		return computeInteger(op, toInteger(a), toInteger(b))
	}
	x, err := toDecimal(a)
	if err != nil {
		return nil, err
	}
	y, err := toDecimal(b)
	if err != nil {
		return nil, err
	}
	switch op {
	case '+':
		return x.add(y), nil
	case '-':
		return x.subtract(y), nil
	case '*':
		return x.multiply(y), nil
	case '/':
		return x.divide(y), nil
	}
	return nil, errors.New("cannot calculate the modulo of BigDecimals")
}

func computeLong(op byte, a, b Value) Value {
	x, y := toLong(a), toLong(b)
	switch op {
	case '+':
		r := x + y
		if r^x < 0 && r^y < 0 {
			return new(big.Int).Add(big.NewInt(x), big.NewInt(y))
		}
		return narrow(r, a, b)
	case '-':
		r := x - y
		if r^x < 0 && r^^y < 0 {
			return new(big.Int).Sub(big.NewInt(x), big.NewInt(y))
		}
		return narrow(r, a, b)
	case '*':
		r := x * y
		if y != 0 && r/y != x {
			return new(big.Int).Mul(big.NewInt(x), big.NewInt(y))
		}
		return narrow(r, a, b)
	case '/':
		return narrow(x/y, a, b)
	}
	return narrow(x%y, a, b)
}

func computeDouble(op byte, x, y float64) float64 {
	switch op {
	case '+':
		return x + y
	case '-':
		return x - y
	case '*':
		return x * y
	case '/':
		return x / y
	}
	return math.Mod(x, y)
}

func computeInteger(op byte, x, y *big.Int) (Value, error) {
	z := new(big.Int)
	if x.BitLen()+y.BitLen() > 4*maxDigits {
		return nil, errBig
	}
	switch op {
	case '+':
		return z.Add(x, y), nil
	case '-':
		return z.Sub(x, y), nil
	case '*':
		return z.Mul(x, y), nil
	case '/':
		return z.Quo(x, y), nil
	}
	if y.Sign() < 0 {
		return nil, errors.New("modulus not positive")
	}
	return z.Mod(x, y), nil
}

// compare is -1, 0 or 1; ok is false unless both are numbers. NaN compares as
// equal, as in Velocity.
func compare(a, b Value) (order int, ok bool) {
	switch baseOf(a, b) {
	case noNumbers:
		return 0, false
	case baseLong:
		return sign(toLong(a) < toLong(b), toLong(a) > toLong(b)), true
	case baseFloat, baseDouble:
		return sign(toDouble(a) < toDouble(b), toDouble(a) > toDouble(b)), true
	case baseInteger:
		return toInteger(a).Cmp(toInteger(b)), true
	}
	x, errX := toDecimal(a)
	y, errY := toDecimal(b)
	if errX != nil || errY != nil {
		return 0, false
	}
	return x.Compare(y), true
}

func sign(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

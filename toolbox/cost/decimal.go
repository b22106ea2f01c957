package cost

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Decimal is an exact number of dollars or of units. A price for a GB-second has ten places, so whole cents, as
// internal/money has them, are too coarse until something is shown. The zero value is 0; operations make new numbers.
type Decimal struct{ rat *big.Rat }

var million = Whole(1_000_000)

// Whole is the number n.
func Whole[T ~int | ~int64](n T) Decimal { return Decimal{new(big.Rat).SetInt64(int64(n))} }

func (d Decimal) value() *big.Rat {
	if d.rat == nil {
		return new(big.Rat)
	}
	return d.rat
}

func (d Decimal) plus(e Decimal) Decimal  { return Decimal{new(big.Rat).Add(d.value(), e.value())} }
func (d Decimal) minus(e Decimal) Decimal { return Decimal{new(big.Rat).Sub(d.value(), e.value())} }
func (d Decimal) times(e Decimal) Decimal { return Decimal{new(big.Rat).Mul(d.value(), e.value())} }

// Over divides.
func (d Decimal) Over(e Decimal) Decimal { return Decimal{new(big.Rat).Quo(d.value(), e.value())} }
func (d Decimal) compare(e Decimal) int  { return d.value().Cmp(e.value()) }
func (d Decimal) sign() int              { return d.value().Sign() }

// Float is the number for a drawing.
func (d Decimal) Float() float64 {
	f, _ := d.value().Float64()
	return f
}

// Fixed writes the number with so many places, a half rounded away from zero: as a bill has it.
func (d Decimal) Fixed(places int) string { return d.value().FloatString(places) }

// String is the number as short as can be, to twelve places.
func (d Decimal) String() string {
	text := d.Fixed(12)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

var plainNumber = regexp.MustCompile(`^[0-9]{1,15}(\.[0-9]{1,15})?$`)

// UnmarshalText reads "0.0000133334": digits, nothing negative and no exponent.
func (d *Decimal) UnmarshalText(text []byte) error {
	if !plainNumber.Match(text) {
		return fmt.Errorf("%q: want a plain number such as 10 or 0.25", text)
	}
	d.rat, _ = new(big.Rat).SetString(string(text))
	return nil
}

// MarshalJSON writes a number.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

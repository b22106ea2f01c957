// Package money holds exact amounts: whole cents in an integer, decimal text at the edges, never a float.
package money

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/document"
)

// Amount is an amount in cents.
type Amount int64

// Max is the largest amount that a client may name. With at most 10,000 pieces in each of 100 lines a total stays
// below 2^47 cents, so that no product or sum overflows.
const Max Amount = 1_000_000_00

// ErrAmount says what Parse takes. An exponent ("1e2") is refused, though JSON knows it: no amount in range needs one.
var ErrAmount = errors.New("must be a plain decimal number from 0 to 1000000 with at most two decimal places")

var plain = regexp.MustCompile(`^(0|[1-9][0-9]{0,6})(?:\.([0-9]{1,2}))?$`)

// Parse reads "12", "12.5" or "12.50".
func Parse(text string) (Amount, error) {
	m := plain.FindStringSubmatch(text)
	if m == nil {
		return 0, ErrAmount
	}
	cents, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	if err != nil || Amount(cents) > Max {
		return 0, ErrAmount
	}
	return Amount(cents), nil
}

// Read takes an amount from a document, a number or a decimal string; any fault is noted there.
func Read(v document.Value) Amount {
	text, ok := v.Number()
	if !ok {
		text, ok = v.String()
	}
	if !ok {
		v.Fault("must be a number or a decimal string")
		return 0
	}
	amount, err := Parse(text)
	if err != nil {
		v.Fault("%s", err)
	}
	return amount
}

// Times is the price of n pieces.
func (a Amount) Times(n int) Amount { return a * Amount(n) }

// String writes the amount with two places, "12.50".
func (a Amount) String() string {
	if a < 0 {
		return "-" + (-a).String()
	}
	return fmt.Sprintf("%d.%02d", int64(a)/100, int64(a)%100)
}

// MarshalText makes JSON carry the amount as a string.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads an amount written by MarshalText, totals beyond Max included.
func (a *Amount) UnmarshalText(text []byte) error {
	units, places, _ := strings.Cut(string(text), ".")
	cents, err := strconv.ParseInt(units+places, 10, 64)
	if err != nil || len(places) != 2 {
		return fmt.Errorf("amount %q: want two decimal places", text)
	}
	*a = Amount(cents)
	return nil
}

package money

import (
	"encoding/json"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       string // "" = refused
	}{
		{"zero", "0", "0.00"},
		{"whole", "12", "12.00"},
		{"one place", "12.5", "12.50"},
		{"two places", "12.05", "12.05"},
		{"a float would lose this", "1.15", "1.15"},
		{"largest", "1000000", "1000000.00"},
		{"largest with places", "1000000.00", "1000000.00"},
		{"too large by a cent", "1000000.01", ""},
		{"too large", "9999999", ""},
		{"three places", "1.005", ""},
		{"three places, last is zero", "1.500", ""},
		{"negative", "-1", ""},
		{"negative zero", "-0", ""},
		{"plus sign", "+1", ""},
		{"exponent", "1e2", ""},
		{"huge exponent", "1e1000000000", ""},
		{"leading zero", "01", ""},
		{"no digits before the point", ".5", ""},
		{"no digits behind the point", "5.", ""},
		{"comma", "1,5", ""},
		{"blank", " 1", ""},
		{"line break", "1\n", ""},
		{"empty", "", ""},
		{"other digits", "١", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			amount, err := Parse(test.text)
			if (err != nil) != (test.want == "") || err == nil && amount.String() != test.want {
				t.Errorf("Parse(%q) = %v, %v; want %q", test.text, amount, err, test.want)
			}
		})
	}
}

func TestLargestOrderDoesNotOverflow(t *testing.T) {
	if total := Max.Times(10_000).Times(100); total.String() != "1000000000000.00" {
		t.Errorf("total = %s", total)
	}
}

func TestText(t *testing.T) {
	for _, amount := range []Amount{0, 5, 1250, Max.Times(10_000), -5} {
		data, err := json.Marshal(amount)
		if err != nil {
			t.Fatal(err)
		}
		var back Amount
		if err := json.Unmarshal(data, &back); err != nil || back != amount {
			t.Errorf("%s came back as %v, %v", data, back, err)
		}
	}
	var a Amount
	if err := json.Unmarshal([]byte(`"12.5"`), &a); err == nil {
		t.Error("one place: want an error")
	}
}

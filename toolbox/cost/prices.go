package cost

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Prices are those of one Region.
type Prices struct {
	Region string            `yaml:"region"`
	Prices map[string]*Price `yaml:"prices"` // by name: "lambda-requests"
}

// Price is what one kind of use costs.
type Price struct {
	What   string  `yaml:"what" json:"what"`
	Per    Decimal `yaml:"per" json:"per"` // units that a tier's price is for
	Tiers  []Tier  `yaml:"tiers" json:"tiers"`
	Source string  `yaml:"source" json:"source"` // page
	Read   string  `yaml:"read" json:"read"`     // day on which it was read
	Label  string  `yaml:"label" json:"label"`   // documented or unverified
}

// Tier is a price for so many units of a month, the last one for all that follow.
type Tier struct {
	Units Decimal `yaml:"units" json:"units,omitzero"` // 0 of the last
	USD   Decimal `yaml:"usd" json:"usd"`
}

//go:embed prices.yaml
var listPrices []byte

// ListPrices are the prices that come along. A file replaces those that it names, whole, and the Region; "" replaces
// none.
func ListPrices(file string) (*Prices, error) {
	p := &Prices{}
	if err := p.read("prices.yaml", listPrices); err != nil || file == "" {
		return p, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	known := slices.Sorted(maps.Keys(p.Prices))
	if err := p.read(file, text); err != nil {
		return nil, err
	}
	for name := range p.Prices {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s: prices.%s: nothing has this price, there are %s", file, name, strings.Join(known, ", "))
		}
	}
	return p, nil
}

func (p *Prices) read(file string, text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(p); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for name, price := range p.Prices {
		if err := price.check(); err != nil {
			return fmt.Errorf("%s: prices.%s: %w", file, name, err)
		}
	}
	return nil
}

func (p *Price) check() error {
	switch {
	case p == nil || p.Per.sign() == 0 || len(p.Tiers) == 0:
		return fmt.Errorf("per and tiers are needed")
	case p.Source == "" || p.Read == "":
		return fmt.Errorf("name its source, and the day on which it was read")
	case p.Label != "documented" && p.Label != "unverified":
		return fmt.Errorf("label %q: want documented or unverified", p.Label)
	}
	for i, tier := range p.Tiers {
		if last := i == len(p.Tiers)-1; last != (tier.Units.sign() == 0) {
			return fmt.Errorf("tiers.%d: every tier but the last has its units", i)
		}
	}
	return nil
}

// cost is what that many units of a month come to.
func (p *Price) cost(units Decimal) Decimal {
	var sum Decimal
	for _, tier := range p.Tiers {
		part := units
		if tier.Units.sign() > 0 && tier.Units.compare(units) < 0 {
			part = tier.Units
		}
		sum = sum.plus(part.times(tier.USD).Over(p.Per))
		units = units.minus(part)
	}
	return sum
}

// bounds are the units at which a tier ends.
func (p *Price) bounds() []Decimal {
	var all []Decimal
	var end Decimal
	for _, tier := range p.Tiers[:len(p.Tiers)-1] {
		end = end.plus(tier.Units)
		all = append(all, end)
	}
	return all
}

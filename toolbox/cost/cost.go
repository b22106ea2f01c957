// Package cost reckons what the integrations of a REST API cost: each by itself for a workload (integrations.go), or
// the routes of a template by what is found there (template.go), with prices from a file (prices.yaml).
//
// What is reckoned is a list of parts, units of something that has a price: for each request, or for each month whether
// there are requests or not. All the rest follows from them: a month's sum with its tiers, the volumes at which two
// integrations change places (crossing.go), the table and the plot.
package cost

// Part is one line of a bill: units of one price.
type Part struct {
	Price      string  `json:"price"` // its name in the price file
	PerRequest Decimal `json:"unitsPerRequest,omitzero"`
	PerMonth   Decimal `json:"unitsPerMonth,omitzero"`
}

// Row is what one integration, or route, costs.
type Row struct {
	Name    string   `json:"name"`
	Parts   []Part   `json:"parts"`
	Found   []string `json:"found,omitempty"`   // of a template, in words
	Besides string   `json:"besides,omitempty"` // what costs more and is not reckoned
}

// PerRequest is units for each request.
func PerRequest(price string, units Decimal) Part { return Part{Price: price, PerRequest: units} }

// PerMonth is units for each month.
func PerMonth(price string, units Decimal) Part { return Part{Price: price, PerMonth: units} }

// usage adds up the parts of each price, since its tiers are for all of them.
func (r Row) usage() map[string]Part {
	all := map[string]Part{}
	for _, part := range r.Parts {
		sum := all[part.Price]
		all[part.Price] = Part{part.Price, sum.PerRequest.plus(part.PerRequest), sum.PerMonth.plus(part.PerMonth)}
	}
	return all
}

// Month is what a month with so many requests costs, in dollars.
func (p *Prices) Month(r Row, requests Decimal) Decimal {
	var sum Decimal
	for name, part := range r.usage() {
		sum = sum.plus(p.Prices[name].cost(part.PerRequest.times(requests).plus(part.PerMonth)))
	}
	return sum
}

// Fixed is what a month without requests costs.
func (p *Prices) Fixed(r Row) Decimal { return p.Month(r, Decimal{}) }

// PerMillion is what a million of a month's requests cost, without what is fixed.
func (p *Prices) PerMillion(r Row, requests Decimal) Decimal {
	return p.Month(r, requests).minus(p.Fixed(r)).Over(requests).times(million)
}

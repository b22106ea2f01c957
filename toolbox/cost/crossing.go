package cost

import "slices"

// Crossing is a volume at which two lines cross: below it the one is cheaper, above it the other.
type Crossing struct {
	Requests Decimal `json:"requestsPerMonth"`
	Cheaper  string  `json:"cheaperAbove"`
	Dearer   string  `json:"dearerAbove"`
}

// mostRequests is how far crossings are looked for, and the plot's right end: 3,800 a second.
var mostRequests = Whole(10_000_000_000)

// Crossings finds where the rows cross, the smallest volume first.
func (p *Prices) Crossings(rows []Row) []Crossing {
	var all []Crossing
	for i, one := range rows {
		for _, other := range rows[i+1:] {
			all = append(all, p.between(one, other)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Crossing) int { return a.Requests.compare(b.Requests) })
	return all
}

// between follows two rows from one end of a tier to the next: there both are straight.
func (p *Prices) between(a, b Row) []Crossing {
	difference := func(requests Decimal) Decimal { return p.Month(a, requests).minus(p.Month(b, requests)) }
	var all []Crossing
	var from Decimal
	before := difference(from)
	sign := before.sign() // the last one that was not 0
	for _, to := range append(p.bends(a, b), mostRequests) {
		after := difference(to)
		if sign*after.sign() < 0 {
			at := Crossing{Requests: from, Cheaper: a.Name, Dearer: b.Name}
			if before.sign() != 0 {
				at.Requests = from.plus(to.minus(from).times(before).Over(before.minus(after)))
			}
			if after.sign() > 0 {
				at.Cheaper, at.Dearer = b.Name, a.Name
			}
			all = append(all, at)
		}
		if after.sign() != 0 {
			sign = after.sign()
		}
		from, before = to, after
	}
	return all
}

// bends are the volumes at which a tier of a row ends, in order.
func (p *Prices) bends(rows ...Row) []Decimal {
	var all []Decimal
	for _, r := range rows {
		for name, part := range r.usage() {
			for _, units := range p.Prices[name].bounds() {
				if part.PerRequest.sign() == 0 {
					continue
				}
				if n := units.minus(part.PerMonth).Over(part.PerRequest); n.sign() > 0 && n.compare(mostRequests) < 0 {
					all = append(all, n)
				}
			}
		}
	}
	slices.SortFunc(all, Decimal.compare)
	return all
}

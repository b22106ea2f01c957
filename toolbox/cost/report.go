package cost

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// Report is what a workload costs; its JSON form is described in docs/cost.md. Money is in US dollars.
type Report struct {
	Region    string            `json:"region"`
	Subject   string            `json:"subject"` // what the lines are: "integration" or "route"
	Workload  Workload          `json:"workload"`
	Requests  Decimal           `json:"requestsPerMonth"`
	Lines     []Line            `json:"lines"`
	Crossings []Crossing        `json:"crossings"`
	Prices    map[string]*Price `json:"prices"` // that were used, by name

	prices *Prices
}

// Line is a row with its sums.
type Line struct {
	Row
	PerMillion Decimal `json:"usdPerMillion"` // without what is fixed
	Fixed      Decimal `json:"usdFixedPerMonth"`
	Month      Decimal `json:"usdPerMonth"`
}

// NewReport reckons rows for a workload.
func NewReport(p *Prices, subject string, w Workload, rows []Row) *Report {
	report := &Report{
		Region: p.Region, Subject: subject, Workload: w, Requests: w.Requests(), Lines: []Line{},
		Prices: map[string]*Price{}, prices: p,
	}
	for _, r := range rows {
		report.Lines = append(report.Lines, Line{r, p.PerMillion(r, report.Requests), p.Fixed(r), p.Month(r, report.Requests)})
		for _, part := range r.Parts {
			report.Prices[part.Price] = p.Prices[part.Price]
		}
	}
	report.Crossings = append([]Crossing{}, p.Crossings(distinct(rows))...)
	return report
}

// distinct joins the names of rows that cost the same, whatever the volume.
func distinct(rows []Row) []Row {
	var all []Row
	for _, r := range rows {
		i := slices.IndexFunc(all, func(other Row) bool { return maps.EqualFunc(r.usage(), other.usage(), samePart) })
		if i < 0 {
			all = append(all, r)
		} else {
			all[i].Name += ", " + r.Name
		}
	}
	return all
}

func samePart(a, b Part) bool {
	return a.PerRequest.compare(b.PerRequest) == 0 && a.PerMonth.compare(b.PerMonth) == 0
}

// WriteText writes the table, where lines cross, and the prices with their sources.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) error {
	fmt.Fprintf(w, "%s requests a second, %s a month of %s hours; US dollars, list prices of %s without free tier\n\n",
		r.Workload.RPS, Volume(r.Requests), r.Workload.Hours, r.Region)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "%s\tPER MILLION\tFIXED A MONTH\tA MONTH\tMADE OF\n", strings.ToUpper(r.Subject))
	for _, line := range r.Lines {
		fmt.Fprintf(table, "%s\t%11s\t%13s\t%9s\t%s\n", line.Name, line.PerMillion.Fixed(2), orDash(line.Fixed), line.Month.Fixed(2), r.MadeOf(line))
	}
	table.Flush()
	fmt.Fprintln(w)
	for _, c := range r.Crossings {
		fmt.Fprintf(w, "from %s requests a month (%s a second) %s is cheaper than %s\n",
			Volume(c.Requests), r.Workload.PerSecond(c.Requests).Fixed(2), c.Cheaper, c.Dearer)
	}
	if len(r.Crossings) > 0 {
		fmt.Fprintln(w)
	}
	return r.writePrices(w, t)
}

func orDash(d Decimal) string {
	if d.sign() == 0 {
		return "–"
	}
	return d.Fixed(2)
}

// Volume writes a number of requests in millions.
func Volume(n Decimal) string {
	places := 2
	for _, limit := range []int{10, 100} {
		if n.compare(Whole(limit).times(million)) >= 0 {
			places--
		}
	}
	return n.Over(million).Fixed(places) + " M"
}

// MadeOf names what a line is made of: its parts for each million requests, those that are fixed, what was found, and
// what is besides.
func (r *Report) MadeOf(line Line) string {
	usage := line.usage()
	var variable, fixed []string
	for _, part := range line.Parts {
		sum, left := usage[part.Price]
		if one := (Row{Parts: []Part{sum}}); left && sum.PerRequest.sign() > 0 {
			variable = append(variable, r.prices.PerMillion(one, r.Requests).Fixed(2)+" "+part.Price)
		} else if left {
			fixed = append(fixed, r.prices.Fixed(one).Fixed(2)+" "+part.Price)
		}
		delete(usage, part.Price)
	}
	text := strings.Join(variable, " + ")
	if len(fixed) > 0 {
		text += "; fixed: " + strings.Join(fixed, " + ")
	}
	if len(line.Found) > 0 {
		text += "; " + strings.Join(line.Found, "; ")
	}
	if line.Besides != "" {
		text += "; besides: " + line.Besides
	}
	return text
}

// writePrices names what was reckoned with.
func (r *Report) writePrices(w io.Writer, t terminal.Terminal) error {
	fmt.Fprintln(w, "Not in it, unless asked for: data out (--response), logs (--log). Prices:")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(r.Prices)) {
		p := r.Prices[name]
		label := p.Label
		if label == "unverified" {
			label = t.Warning(label)
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s, read %s\n", name, p, label, p.Source, p.Read)
	}
	return table.Flush()
}

// String is the price with its unit: "3.50, 2.80, 2.38, 1.51 per million".
func (p *Price) String() string {
	var tiers []string
	for _, tier := range p.Tiers {
		text := tier.USD.String()
		if short := tier.USD.Fixed(2); len(text) < len(short) {
			text = short
		}
		tiers = append(tiers, text)
	}
	text := strings.Join(tiers, ", ")
	switch {
	case p.Per.compare(million) == 0:
		text += " per million"
	case p.Per.compare(Whole(1)) != 0:
		text += " per " + p.Per.String()
	}
	return text
}

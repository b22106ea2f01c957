package bench

import (
	"slices"
	"time"
)

// Report is what apigw bench measured. docs/performance.json holds one.
type Report struct {
	Date        time.Time
	Commit      string // "" when it is not known
	Machine     Machine
	Connections int
	Rounds      int
	Seconds     float64 // of a round
	Flags       string  // of the gateway

	Routes    []RouteResult
	Templates []TemplateResult `json:",omitempty"`
	Starts    []Start          `json:",omitempty"`
	Memory    *Memory          `json:",omitempty"`
	Growth    []Growth         `json:",omitempty"`
	Missing   []string         `json:",omitempty"` // what was not measured, and what to do
}

// Machine is what it ran on.
type Machine struct {
	OS, Arch, CPU string
	Cores         int
	Go            string
}

// RouteResult is a route beside what limits it.
type RouteResult struct {
	Name    string // the integration's word
	Request string // "GET /mock"
	Ours    *Measure
	Limit   *Measure
	Goal    float64 `json:",omitempty"` // the least Ratio; 0 for none
	Peers   []*Measure
}

// Measure is what one server did with a route's requests. The rates and
// latencies are the medians of the rounds.
type Measure struct {
	Name  string
	Rate  Spread // requests a second
	P50   Spread // milliseconds
	P99   Spread // milliseconds
	Wrong string `json:",omitempty"` // why there are no numbers
}

// Spread is a median with the least and the most of its rounds.
type Spread struct{ Median, Min, Max float64 }

func spread(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[0], sorted[n-1]}
}

// Ratio is the part of the limit's requests a second; 0 when either has no numbers.
func (r *RouteResult) Ratio() float64 { return quotient(r.Ours.Rate.Median, r.Limit.Rate.Median) }

// P99Ratio is how many times the limit's p99 the route's is; 0 likewise.
func (r *RouteResult) P99Ratio() float64 { return quotient(r.Ours.P99.Median, r.Limit.P99.Median) }

func quotient(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Measures are the route's own, its limit's and its peers'.
func (r *RouteResult) Measures() []*Measure { return append([]*Measure{r.Ours, r.Limit}, r.Peers...) }

// Wrong counts the gateway's routes and limits that answered wrong.
func (r *Report) Wrong() (n int) {
	for _, route := range r.Routes {
		for _, m := range []*Measure{route.Ours, route.Limit} {
			if m.Wrong != "" {
				n++
			}
		}
	}
	return n
}

// Wrongs say who answered wrong, and how.
func (r *Report) Wrongs() (all []string) {
	for _, route := range r.Routes {
		for _, m := range route.Measures() {
			if m.Wrong != "" {
				all = append(all, route.Name+": "+m.Name+": "+m.Wrong)
			}
		}
	}
	return all
}

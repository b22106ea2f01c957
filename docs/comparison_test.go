package docs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"text/template"

	"gopkg.in/yaml.v3"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
	"github.com/apigw-integrations/apigw-integrations/toolbox/bench"
	"github.com/apigw-integrations/apigw-integrations/toolbox/cost"
)

// comparison is what docs/comparison.md.tmpl is filled with.
type comparison struct {
	Integrations []integration          // of docs/comparison.yaml
	Cost         *cost.Report           // of the usual workload
	Costs        []costLine             // the page's table
	Usual        map[string]costLine    // by the integration's name in toolbox/cost
	Prices       map[string]*cost.Price // those of the table
	Measured     *bench.Report          // docs/performance.json; nil when there is none
}

// integration is what the page says of one in words.
type integration struct {
	Name, Type, Want                       string
	Write, Validates, Answer, Errors, Rest string
	Security, Limits, Fails, Choose, Avoid string
}

// costLine is a row of the page's costs.
type costLine struct {
	Name   string
	MadeOf string
	cost.Line
}

// USD is a million requests, without what is fixed.
func (l costLine) USD() string { return l.PerMillion.Fixed(2) }

// Standing is what is fixed in a month, a dash for nothing.
func (l costLine) Standing() string {
	if text := l.Fixed.Fixed(2); text != "0.00" {
		return text
	}
	return "–"
}

// Times is how many times as dear as other a million requests are.
func (l costLine) Times(other costLine) string { return l.PerMillion.Over(other.PerMillion).Fixed(0) }

// costLines name an integration of toolbox/cost, and what is other than usual.
var costLines = []struct {
	name, integration string
	change            func(*cost.Workload)
}{
	{"mock; step-functions DescribeExecution", "mock", nil},
	{"http, http-proxy", "http, http-proxy", nil},
	{"dynamodb Query, up to 4 KB", "dynamodb Query", nil},
	{"the same, strongly consistent: the kit's", "dynamodb Query", func(w *cost.Workload) { w.ConsistentRead = true }},
	{"lambda, lambda-proxy: arm64, 256 MB, 50 ms", "lambda, lambda-proxy", nil},
	{"the same on x86_64", "lambda, lambda-proxy", func(w *cost.Workload) { w.Arch = "x86_64" }},
	{"sns, up to 64 KB", "sns Publish", nil},
	{"dynamodb PutItem, up to 1 KB", "dynamodb PutItem", nil},
	{"the same with one index: the kit's", "dynamodb PutItem", func(w *cost.Workload) { w.Indexes = 1 }},
	{"a Standard workflow, 5 transitions", "step-functions Standard", nil},
	{"the same with 3", "step-functions Standard", func(w *cost.Workload) { w.Transitions = 3 }},
	{"an Express workflow, 64 MB, 100 ms", "step-functions Express", nil},
	{"vpc-link", "vpc-link", nil},
	{"the same with two NAT gateways for the endpoints", "vpc-link", func(w *cost.Workload) { w.Private.EndpointZones, w.Private.NATs = 0, 2 }},
	{"mock, with an access log of 500 bytes a line", "mock", func(w *cost.Workload) { w.Log = 500 }},
	{"mock, with data trace of 8 KB a request", "mock", func(w *cost.Workload) { w.Log = 8 << 10 }},
}

// TestComparison holds docs/comparison.md and its picture to their words and to what toolbox/cost reckons.
func TestComparison(t *testing.T) {
	c := comparison{Usual: map[string]costLine{}, Prices: map[string]*cost.Price{}}
	if err := yaml.Unmarshal([]byte(read(t, "docs/comparison.yaml")), &c.Integrations); err != nil {
		t.Fatal(err)
	}
	c.reckon(t)
	if exists("docs/performance.json") {
		if err := json.Unmarshal([]byte(read(t, "docs/performance.json")), &c.Measured); err != nil {
			t.Fatal(err)
		}
	}
	var page bytes.Buffer
	text := template.Must(template.New("comparison.md.tmpl").Funcs(figures).ParseFiles("comparison.md.tmpl"))
	if err := text.Execute(&page, c); err != nil {
		t.Fatal(err)
	}
	for name, made := range map[string][]byte{"comparison.md": page.Bytes(), "images/cost.svg": c.Cost.SVG()} {
		golden.File(t, name, string(made), "docs/"+name+" is not what its words and the prices say: run make comparison")
	}
}

// figures are the functions of the template. What answered wrong has none.
var figures = template.FuncMap{
	"volume": cost.Volume,
	"ms": func(m *bench.Measure, s bench.Spread) string {
		if m.Wrong != "" {
			return "–"
		}
		return fmt.Sprintf("%.2f ms", s.Median)
	},
	"rate": func(m *bench.Measure) string {
		if m.Wrong != "" {
			return "wrong answer"
		}
		return fmt.Sprintf("%.0f", m.Rate.Median)
	},
	"peer": func(m *bench.Measure) string {
		if m.Wrong != "" {
			return m.Name + ": wrong answer"
		}
		return fmt.Sprintf("%s: %.2f ms, %.0f a second", m.Name, m.P50.Median, m.Rate.Median)
	},
	"adds": func(r bench.RouteResult) string {
		if r.Ours.Wrong != "" || r.Limit.Wrong != "" {
			return "–"
		}
		return fmt.Sprintf("%.2f ms", r.Ours.P50.Median-r.Limit.P50.Median)
	},
}

func (c *comparison) reckon(t *testing.T) {
	prices, err := cost.ListPrices("")
	if err != nil {
		t.Fatal(err)
	}
	c.Cost = cost.NewReport(prices, "integration", cost.Usual(), cost.Integrations(cost.Usual()))
	for _, line := range c.Cost.Lines {
		c.Usual[line.Name] = costLine{line.Name, c.Cost.MadeOf(line), line}
	}
	for _, l := range costLines {
		w := cost.Usual()
		if l.change != nil {
			l.change(&w)
		}
		report := cost.NewReport(prices, "integration", w, cost.Integrations(w))
		i := slices.IndexFunc(report.Lines, func(line cost.Line) bool { return line.Name == l.integration })
		if i < 0 {
			t.Fatalf("toolbox/cost has no integration %s", l.integration)
		}
		c.Costs = append(c.Costs, costLine{l.name, report.MadeOf(report.Lines[i]), report.Lines[i]})
		maps.Copy(c.Prices, report.Prices)
	}
}

package bench

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// Growth is how what a request costs grows with one dimension of the API or of
// the request.
type Growth struct {
	Name  string // "routes"
	Unit  string // of Size
	Steps []Step

	// Exponent is k of the fitted cost = a·size^k: 1 is linear.
	Exponent float64
	// Steepest is the exponent from one step to the next at its worst.
	Steepest float64
}

// Step is a size with its cost.
type Step struct {
	Size         float64
	Microseconds Spread // for a request: 1/rate
}

// mostSteep is what counts as no worse than linear: rounds differ by more than
// the rest.
const mostSteep = 1.1

// Linear says whether no step is worse than linear.
func (g *Growth) Linear() bool { return g.Steepest <= mostSteep }

// fit takes each step's fastest round: what else the machine does only adds.
func (g *Growth) fit() {
	n := float64(len(g.Steps))
	var sx, sy, sxx, sxy float64
	for i, s := range g.Steps {
		x, y := math.Log(s.Size), math.Log(s.Microseconds.Min)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
		if i > 0 {
			before := g.Steps[i-1]
			steep := (y - math.Log(before.Microseconds.Min)) / (x - math.Log(before.Size))
			g.Steepest = max(g.Steepest, steep)
		}
	}
	g.Exponent = (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// dimension is one that grows: at each size, what is served and what is sent.
type dimension struct {
	name, unit string
	sizes      []int
	api        func(size int) api
	request    func(size int) Request
	setup      func(size int) []Request // nil for none
	loads      func(size int) int       // connections; nil for as many as elsewhere
}

var dimensions = []dimension{
	{
		name: "routes", unit: "resources", sizes: []int{10, 30, 100, 300},
		api: mockRoutes, request: func(size int) Request { return routeOf(size - 1) },
	},
	{
		name: "body, passed through", unit: "KB", sizes: []int{1, 10, 100, 1000, 10000},
		api: passing, request: func(size int) Request { return posted("/passed", size) },
		loads: few,
	},
	{
		name: "body, through $input.json", unit: "KB", sizes: []int{1, 10, 100, 1000, 9000},
		api: passing, request: func(size int) Request { return posted("/mapped", size) },
		loads: few,
	},
	{
		name: "connections", unit: "connections", sizes: []int{1, 10, 100, 1000},
		api:     func(int) api { return mockRoutes(1) },
		request: func(int) Request { return routeOf(0) },
		loads:   func(size int) int { return size },
	},
	{
		name: "mapping template", unit: "KB", sizes: []int{1, 10, 100, 250},
		api:     func(size int) api { return api{{Path: "/template", Answer: longTemplate(size)}} },
		request: func(int) Request { return Request{Method: "GET", Path: "/template?q=v", Status: 200, Want: "{*}"} },
	},
	{
		name: "#foreach", unit: "times", sizes: []int{10, 30, 100, 300, 1000},
		api: func(size int) api { return api{{Path: "/foreach", Answer: loop(size)}} },
		request: func(size int) Request {
			return Request{Method: "GET", Path: "/foreach", Status: 200, Want: fmt.Sprintf("*<%d>", size)}
		},
	},
	{
		name: "functions", unit: "functions", sizes: []int{1, 10, 50},
		api:     functionRoutes,
		request: func(size int) Request { return functionOf(size - 1) },
		setup: func(size int) []Request {
			var all []Request
			for i := range size {
				all = append(all, functionOf(i))
			}
			return all
		},
	},
}

// few connections keep large bodies from filling the machine's memory.
func few(int) int { return 2 }

// growthSeconds is the length of a round: there are many.
const growthSeconds = 0.5

// grow measures all sizes of a dimension in turns.
func (m *meter) grow(ctx context.Context, d dimension) (*Growth, error) {
	before := len(m.environment.processes)
	defer func() {
		for _, p := range m.environment.processes[before:] {
			p.stop()
		}
	}()
	g := &Growth{Name: d.name, Unit: d.unit}
	var contenders []*contender
	for _, size := range d.sizes {
		c, err := m.contenderOf(ctx, d, size)
		if err != nil {
			return nil, fmt.Errorf("growth: %s, %d %s: %w", d.name, size, d.unit, err)
		}
		contenders = append(contenders, c)
	}
	for range m.rounds {
		for i, c := range contenders {
			if err := c.round(ctx); err != nil {
				return nil, fmt.Errorf("growth: %s, %d %s: %w", d.name, d.sizes[i], d.unit, err)
			}
		}
	}
	for i, c := range contenders {
		var costs []float64
		for _, r := range c.rounds {
			costs = append(costs, 1e6/r.rate())
		}
		g.Steps = append(g.Steps, Step{float64(d.sizes[i]), spread(costs)})
	}
	g.fit()
	fmt.Fprintf(m.progress, "  %s: exponent %.2f\n", d.name, g.Exponent)
	return g, nil
}

func (m *meter) contenderOf(ctx context.Context, d dimension, size int) (*contender, error) {
	file, err := d.api(size).write(m.folder)
	if err != nil {
		return nil, err
	}
	flags, err := m.environment.standIns(ctx, d.api(size))
	if err != nil {
		return nil, err
	}
	served, err := m.environment.serve(ctx, append(flags, "--template", file)...)
	if err != nil {
		return nil, err
	}
	l := m.load
	l.duration = seconds(growthSeconds)
	if d.loads != nil {
		l.connections = d.loads(size)
	}
	var setup []Request
	if d.setup != nil {
		setup = d.setup(size)
	}
	c := &contender{measure: &Measure{}, load: l}
	c.request, err = m.prepare(ctx, l, served.base, setup, d.request(size))
	return c, err
}

func longTemplate(kilobytes int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := 0; b.Len() < kilobytes*1000-1; i++ {
		fmt.Fprintf(&b, `"name%06d": "$input.params('q')", `, i)
	}
	b.WriteString(`"end": 1}`)
	return b.String()
}

func loop(times int) string {
	return fmt.Sprintf("#foreach($i in [1..%d])<$i>#end", times)
}

func (m *meter) measureGrowth(ctx context.Context, report *Report) error {
	fmt.Fprintln(m.progress, "growth …")
	for _, d := range dimensions {
		g, err := m.grow(ctx, d)
		if err != nil {
			return err
		}
		report.Growth = append(report.Growth, *g)
	}
	return nil
}

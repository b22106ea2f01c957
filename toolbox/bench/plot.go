package bench

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strings"
)

// Pictures are SVGs, by their file's name. They are drawn here: a plotting
// library would bring its fonts into a command that is to start at once.
func (r *Report) Pictures() map[string][]byte {
	return map[string][]byte{"performance-routes.svg": r.bars(), "performance-growth.svg": r.curves()}
}

// Colors are told apart by people who see red and green alike, see https://jfly.uni-koeln.de/color/.
const (
	blue, orange, grey = "#0072b2", "#d55e00", "#dddddd"

	svgHead = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">` + "\n" +
		`<rect width="100%%" height="100%%" fill="#fff"/>` + "\n"
	svgText = `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>` + "\n"
)

// bars show the part of the limit's requests a second that each route reaches,
// with a mark at its goal.
func (r *Report) bars() []byte {
	const left, full, row = 160.0, 560.0, 28.0
	var b bytes.Buffer
	fmt.Fprintf(&b, svgHead, 900, 80+len(r.Routes)*int(row))
	fmt.Fprintf(&b, svgText, left, 24.0, "start", "requests a second, as a part of what limits them; the mark is the goal")
	x := func(ratio float64) float64 { return left + full*min(ratio, 1.2)/1.2 }
	bottom := 40 + row*float64(len(r.Routes))
	for _, tick := range []float64{0, 0.25, 0.5, 0.75, 1} {
		fmt.Fprintf(&b, `<path d="M%.1f 36V%.1f" stroke="%s"/>`+"\n", x(tick), bottom, grey)
		fmt.Fprintf(&b, svgText, x(tick), bottom+18, "middle", share0(tick))
	}
	for i, route := range r.Routes {
		y := 40 + row*float64(i)
		ratio := route.Ratio()
		fmt.Fprintf(&b, svgText, left-8, y+17, "end", html.EscapeString(route.Name))
		fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", left, y+4, x(ratio)-left, row-8, blue)
		fmt.Fprintf(&b, svgText, x(ratio)+6, y+17, "start", share(ratio)+" of "+html.EscapeString(route.Limit.Name))
		if route.Goal > 0 {
			fmt.Fprintf(&b, `<path d="M%.1f %.1fv%.1f" stroke="%s" stroke-width="3"/>`+"\n", x(route.Goal), y+1, row-2, orange)
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func share0(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

// panel is the place of one curve, in pixels.
const (
	panelWidth, panelHeight = 300.0, 240.0
	panelsInRow             = 3
)

// curves show the cost of a request by size, both in powers of ten, each with a
// line that is linear from the first step.
func (r *Report) curves() []byte {
	rows := (len(r.Growth) + panelsInRow - 1) / panelsInRow
	var b bytes.Buffer
	fmt.Fprintf(&b, svgHead, int(panelsInRow*panelWidth), 40+rows*int(panelHeight))
	fmt.Fprintf(&b, svgText, 16.0, 24.0, "start", "microseconds a request, by size, in powers of ten; orange is linear growth from the first step")
	for i := range r.Growth {
		fmt.Fprintf(&b, `<g transform="translate(%.0f %.0f)">`+"\n", float64(i%panelsInRow)*panelWidth, 40+float64(i/panelsInRow)*panelHeight)
		r.Growth[i].draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// scale leads from a value to a place, by their logarithms.
type scale struct{ low, high, from, to float64 }

func scaleOf(values []float64, from, to float64) scale {
	s := scale{math.Inf(1), math.Inf(-1), from, to}
	for _, v := range values {
		s.low, s.high = min(s.low, math.Floor(math.Log10(v))), max(s.high, math.Ceil(math.Log10(v)))
	}
	s.high = max(s.high, s.low+1)
	return s
}

func (s scale) at(v float64) float64 {
	return s.from + (math.Log10(v)-s.low)/(s.high-s.low)*(s.to-s.from)
}

func (g *Growth) draw(b *bytes.Buffer) {
	const left, right, top, bottom = 56.0, panelWidth - 20, 36.0, panelHeight - 44
	var sizes, costs []float64
	for _, s := range g.Steps {
		sizes, costs = append(sizes, s.Size), append(costs, s.Microseconds.Min, s.Microseconds.Max)
	}
	x, y := scaleOf(sizes, left, right), scaleOf(costs, bottom, top)
	fmt.Fprintf(b, svgText, left, 22.0, "start", html.EscapeString(fmt.Sprintf("%s: exponent %.2f", g.Name, g.Exponent)))
	for e := x.low; e <= x.high; e++ {
		v := math.Pow(10, e)
		fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="%s"/>`+"\n", x.at(v), top, bottom, grey)
		fmt.Fprintf(b, svgText, x.at(v), bottom+18, "middle", fmt.Sprintf("%g", v))
	}
	for e := y.low; e <= y.high; e++ {
		v := math.Pow(10, e)
		fmt.Fprintf(b, `<path d="M%.1f %.1fH%.1f" stroke="%s"/>`+"\n", left, y.at(v), right, grey)
		fmt.Fprintf(b, svgText, left-6, y.at(v)+4, "end", fmt.Sprintf("%g", v))
	}
	fmt.Fprintf(b, svgText, (left+right)/2, bottom+36, "middle", html.EscapeString(g.Unit))
	g.linear(b, x, y)
	var points []string
	for _, s := range g.Steps {
		at := x.at(s.Size)
		points = append(points, fmt.Sprintf("%.1f,%.1f", at, y.at(s.Microseconds.Median)))
		fmt.Fprintf(b, `<path d="M%.1f %.1fV%.1f" stroke="%s"/>`+"\n", at, y.at(s.Microseconds.Min), y.at(s.Microseconds.Max), blue)
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), blue)
}

// linear draws as far as the panel reaches.
func (g *Growth) linear(b *bytes.Buffer, x, y scale) {
	first, last := g.Steps[0], g.Steps[len(g.Steps)-1]
	size := min(last.Size, math.Pow(10, y.high)*first.Size/first.Microseconds.Median)
	cost := first.Microseconds.Median * size / first.Size
	fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="%s" stroke-dasharray="4"/>`+"\n",
		x.at(first.Size), y.at(first.Microseconds.Median), x.at(size), y.at(cost), orange)
}

package cost

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strings"
)

// SVG draws dollars a million against requests a month, both in powers of ten, with a dot where two lines cross. A
// plotting library would bring its fonts into a command that is to start at once; this needs none.
func (r *Report) SVG() []byte {
	var rows []Row
	for _, line := range r.Lines {
		rows = append(rows, line.Row)
	}
	c := chart{report: r, rows: distinct(rows)}
	c.scale()
	c.head()
	c.grid()
	for i, row := range c.rows {
		c.line(row, colors[i%len(colors)])
		c.legend(i, row.Name)
	}
	for _, crossing := range r.Crossings {
		c.dot(crossing)
	}
	c.svg.WriteString("</svg>\n")
	return c.svg.Bytes()
}

// chart has its axes in powers of ten; left, top, right and bottom are its frame in pixels.
type chart struct {
	report *Report
	rows   []Row
	svg    bytes.Buffer
	lowest int // power of ten of dollars
	most   int
}

const (
	left, top, right, bottom = 70.0, 50.0, 690.0, 470.0
	fewest, farthest         = 5, 10 // powers of ten of requests
	steps                    = 40    // points of a line for each power of ten
)

// colors are told apart by people who see red and green alike, see https://jfly.uni-koeln.de/color/.
var colors = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#b8860b", "#7f3c8d", "#666666"}

func power(n int) Decimal {
	d := Whole(1)
	for range n {
		d = d.times(Whole(10))
	}
	return d
}

// perMillion is all that a million cost at a volume, with its share of what is fixed.
func (c *chart) perMillion(row Row, requests Decimal) float64 {
	return c.report.prices.Month(row, requests).Over(requests).times(million).Float()
}

func (c *chart) scale() {
	low, high := math.Inf(1), math.Inf(-1)
	for _, row := range c.rows {
		for exponent := fewest; exponent <= farthest; exponent++ {
			y := math.Log10(c.perMillion(row, power(exponent)))
			low, high = min(low, y), max(high, y)
		}
	}
	c.lowest, c.most = int(math.Floor(low)), int(math.Ceil(high))
}

func (c *chart) x(exponent float64) float64 {
	return left + (exponent-fewest)/(farthest-fewest)*(right-left)
}

func (c *chart) y(dollars float64) float64 {
	return bottom - (math.Log10(dollars)-float64(c.lowest))/float64(c.most-c.lowest)*(bottom-top)
}

func (c *chart) head() {
	height := max(bottom+60, top+20+float64(len(c.rows))*20)
	fmt.Fprintf(&c.svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1100 %g" font-family="sans-serif" font-size="13">
<rect width="1100" height="%g" fill="#fff"/>
<text x="%g" y="28" font-size="16">US dollars for a million requests, by requests a month (%s, list prices)</text>
`, height, height, left, html.EscapeString(c.report.Region))
}

func (c *chart) grid() {
	const rule = `<path d="M%.1f %.1fL%.1f %.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="%s">%s</text>` + "\n"
	names := map[int]string{5: "100,000", 6: "1 M", 7: "10 M", 8: "100 M", 9: "1,000 M", 10: "10,000 M"}
	for exponent := fewest; exponent <= farthest; exponent++ {
		x := c.x(float64(exponent))
		fmt.Fprintf(&c.svg, rule, x, top, x, bottom, x, bottom+20, "middle", names[exponent])
	}
	for exponent := c.lowest; exponent <= c.most; exponent++ {
		y := c.y(math.Pow10(exponent))
		fmt.Fprintf(&c.svg, rule, left, y, right, y, left-8, y+4, "end", fmt.Sprint(math.Pow10(exponent)))
	}
}

func (c *chart) line(row Row, color string) {
	var points []string
	for step := 0; step <= (farthest-fewest)*steps; step++ {
		exponent := fewest + float64(step)/steps
		requests := Whole(int64(math.Pow(10, exponent)))
		points = append(points, fmt.Sprintf("%.1f,%.1f", c.x(exponent), c.y(c.perMillion(row, requests))))
	}
	fmt.Fprintf(&c.svg, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(points, " "), color)
}

func (c *chart) legend(i int, name string) {
	const longest = 52
	if text := []rune(name); len(text) > longest {
		name = string(text[:longest-1]) + "…"
	}
	y := top + float64(i)*20
	fmt.Fprintf(&c.svg, `<rect x="%g" y="%g" width="14" height="4" fill="%s"/><text x="%g" y="%g">%s</text>`+"\n",
		right+20, y+4, colors[i%len(colors)], right+42, y+11, html.EscapeString(name))
}

func (c *chart) dot(crossing Crossing) {
	exponent := math.Log10(crossing.Requests.Float())
	if exponent < fewest {
		return
	}
	for _, row := range c.rows {
		if row.Name == crossing.Cheaper {
			fmt.Fprintf(&c.svg, `<circle cx="%.1f" cy="%.1f" r="4" fill="none" stroke="#000"><title>from %s requests a month %s is cheaper than %s</title></circle>`+"\n",
				c.x(exponent), c.y(c.perMillion(row, crossing.Requests)), Volume(crossing.Requests),
				html.EscapeString(crossing.Cheaper), html.EscapeString(crossing.Dearer))
		}
	}
}

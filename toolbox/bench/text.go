package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// WriteText prints the tables.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) error {
	fmt.Fprintf(w, "%d connections, medians of %d rounds of %g s; apigw %s\n\n", r.Connections, r.Rounds, r.Seconds, r.Flags)
	for _, print := range []func(*Report, io.Writer){(*Report).routes, (*Report).templates, (*Report).starts, (*Report).memory, (*Report).growth} {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		print(r, table)
		if err := table.Flush(); err != nil {
			return err
		}
	}
	for _, wrong := range r.Wrongs() {
		fmt.Fprintln(w, t.Bad(wrong))
	}
	for _, missing := range r.Missing {
		fmt.Fprintln(w, "not measured:", missing)
	}
	return nil
}

func (r *Report) routes(w io.Writer) {
	if len(r.Routes) == 0 {
		return
	}
	fmt.Fprintln(w, "ROUTE\tMEASURED\tREQUESTS/S\tMIN–MAX\tP50 MS\tP99 MS\tRATIO\tGOAL\tP99 RATIO")
	for _, route := range r.Routes {
		for i, m := range route.Measures() {
			name, ratios := "", ""
			if i == 0 {
				name, ratios = route.Name, "\t"+share(route.Ratio())+"\t"+share(route.Goal)+"\t"+times(route.P99Ratio())
			}
			fmt.Fprintf(w, "%s\t%s\t%s%s\n", name, m.Name, cells(m), ratios)
		}
	}
	fmt.Fprintln(w)
}

func (r *Report) templates(w io.Writer) {
	if len(r.Templates) == 0 {
		return
	}
	fmt.Fprintln(w, "TEMPLATE\tRENDERS/S OF CPU\tVELOCITY 1.7\tVELOCITY 2.4.1\tRATIO\tGOAL")
	for _, t := range r.Templates {
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.0f\t%s\t100 %%\n", t.Name, t.Ours, t.Engine["1.7"], t.Engine["2.4.1"], share(t.Ratio()))
	}
	fmt.Fprintln(w)
}

func (r *Report) starts(w io.Writer) {
	if len(r.Starts) == 0 {
		return
	}
	fmt.Fprintln(w, "FIRST ANSWER\tMS\tMIN–MAX\tGOAL")
	for _, s := range r.Starts {
		fmt.Fprintf(w, "%s\t%.0f\t%.0f–%.0f\t%s\n", s.Name, s.Milliseconds.Median, s.Milliseconds.Min, s.Milliseconds.Max, most(s.Goal))
	}
	fmt.Fprintln(w)
}

func (r *Report) memory(w io.Writer) {
	if r.Memory == nil {
		return
	}
	fmt.Fprintln(w, "MEMORY OF THE GATEWAY\tMB\tGOAL")
	fmt.Fprintf(w, "at rest\t%.0f\t%s\n", r.Memory.AtRest, most(mostAtRest))
	fmt.Fprintf(w, "after %d requests\t%.0f\t%s\n\n", r.Memory.Requests, r.Memory.After, most(mostAfter))
}

func (r *Report) growth(w io.Writer) {
	if len(r.Growth) == 0 {
		return
	}
	fmt.Fprintln(w, "GROWTH WITH\tSIZES\tµS A REQUEST\tEXPONENT\tSTEEPEST STEP\tNO WORSE THAN LINEAR")
	for _, g := range r.Growth {
		var sizes, costs []string
		for _, s := range g.Steps {
			sizes = append(sizes, fmt.Sprintf("%g", s.Size))
			costs = append(costs, fmt.Sprintf("%.0f", s.Microseconds.Median))
		}
		linear := "yes"
		if !g.Linear() {
			linear = "no"
		}
		fmt.Fprintf(w, "%s\t%s %s\t%s\t%.2f\t%.2f\t%s\n", g.Name, strings.Join(sizes, ", "), g.Unit, strings.Join(costs, ", "), g.Exponent, g.Steepest, linear)
	}
	fmt.Fprintln(w)
}

const nothing = "–"

func cells(m *Measure) string {
	if m.Wrong != "" {
		return "wrong\t\t\t"
	}
	return fmt.Sprintf("%.0f\t%.0f–%.0f\t%.2f\t%.2f", m.Rate.Median, m.Rate.Min, m.Rate.Max, m.P50.Median, m.P99.Median)
}

func share(x float64) string { return orNothing("%.0f %%", 100*x) }

func times(x float64) string { return orNothing("%.1f", x) }

func most(x float64) string { return orNothing("%.0f", x) }

// orNothing writes a number; 0 stands for none.
func orNothing(format string, x float64) string {
	if x == 0 {
		return nothing
	}
	return fmt.Sprintf(format, x)
}

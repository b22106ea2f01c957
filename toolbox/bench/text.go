package bench

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// WriteText prints the tables.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) error {
	fmt.Fprintf(w, "%d connections, medians of %d rounds of %g s; apigw %s\n\n", r.Connections, r.Rounds, r.Seconds, r.Flags)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROUTE\tREQUESTS/S\tMIN–MAX\tP50 MS\tP99 MS\tLIMIT\tREQUESTS/S\tMIN–MAX\tP50 MS\tP99 MS\tRATIO\tGOAL\tP99 RATIO")
	for _, route := range r.Routes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", route.Name, cells(route.Ours), route.Limit.Name, cells(route.Limit),
			share(route.Ratio()), share(route.Goal), times(route.P99Ratio()))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, route := range r.Routes {
		for _, m := range append([]*Measure{route.Ours, route.Limit}, route.Peers...) {
			if m.Wrong != "" {
				fmt.Fprintln(w, t.Bad(fmt.Sprintf("%s: %s: %s", route.Name, m.Name, m.Wrong)))
			}
		}
	}
	return nil
}

const nothing = "–"

func cells(m *Measure) string {
	if m.Wrong != "" {
		return "wrong\t\t\t"
	}
	return fmt.Sprintf("%.0f\t%.0f–%.0f\t%.2f\t%.2f", m.Rate.Median, m.Rate.Min, m.Rate.Max, m.P50.Median, m.P99.Median)
}

func share(x float64) string {
	if x == 0 {
		return nothing
	}
	return fmt.Sprintf("%.0f %%", 100*x)
}

func times(x float64) string {
	if x == 0 {
		return nothing
	}
	return fmt.Sprintf("%.1f", x)
}

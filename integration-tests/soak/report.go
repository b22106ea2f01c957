package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

const (
	mostFaults = 5    // of a kind that are shown
	leastRate  = 0.75 // of half the capacity: less is under two fifths of what was measured
)

// report prints the summary. The error names what failed.
func (s *soak) report(w io.Writer) error {
	requests, failed := s.load.totals()
	fmt.Fprintf(w, "\n%d requests in %v, %.0f a second of %.0f that it stands; %d errors\n\n", requests, s.For, float64(requests)/s.For.Seconds(), s.found.capacity, failed)
	var errs []error
	if failed > 0 {
		errs = append(errs, fmt.Errorf("%d requests were not answered as the service answers", failed))
	}
	if least := leastRate * s.found.capacity / 2; float64(requests)/s.For.Seconds() < least {
		errs = append(errs, fmt.Errorf("fewer than %.0f requests a second were answered: it slowed down, or the machine had other work", least))
	}
	s.reportRoutes(w)
	errs = append(errs, s.reportGrowth(w))
	for _, k := range []struct {
		name string
		*kept
	}{{"orders", &s.found.orders}, {"orders read through the API", &s.found.readBack}, {"notifications", &s.found.messages}} {
		fmt.Fprintf(w, "%s: %d accepted, %d there once and the same\n", k.name, k.accepted, k.found)
		for _, fault := range k.faults[:min(len(k.faults), mostFaults)] {
			fmt.Fprintln(w, "  "+fault)
		}
		if len(k.faults) > 0 {
			errs = append(errs, fmt.Errorf("%s: %d faults", k.name, len(k.faults)))
		}
	}
	fmt.Fprintf(w, "executions: %d accepted, %d still running\n", len(s.ledger.executions), s.found.running)
	if s.found.running > 0 {
		errs = append(errs, fmt.Errorf("%d executions did not end within %v", s.found.running, settleTime))
	}
	if events := s.gateway.logged(); len(events) > 0 {
		errs = append(errs, fmt.Errorf("the gateway logged %d warnings or errors, the first: %s", len(events), events[0]))
	}
	return errors.Join(errs...)
}

func (s *soak) reportRoutes(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROUTE\tREQUESTS\tERRORS\tP50 MS\tP99 MS\tMAX MS")
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
	for i := range s.load.results {
		r := &s.load.results[i]
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\n", routes[i].name, len(r.latencies), r.failed(),
			ms(percentile(r.latencies, 50)), ms(percentile(r.latencies, 99)), ms(percentile(r.latencies, 100)))
	}
	table.Flush()
	for i, r := range s.load.results {
		texts := slices.Sorted(maps.Keys(r.errors))
		for _, text := range texts[:min(len(texts), mostFaults)] {
			fmt.Fprintf(w, "  %s: %d times %s\n", routes[i].name, r.errors[text], text)
		}
	}
	fmt.Fprintln(w)
}

// reportGrowth shows the median of five seconds or so at the beginning, in the middle and at the end.
func (s *soak) reportGrowth(w io.Writer) error {
	var errs []error
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "MEASURE\tSTART\tMIDDLE\tEND\tGROWTH, FIRST HALF\tSECOND HALF\tALLOWED")
	for _, one := range s.watch.series {
		n := len(one.values)
		if n == 0 {
			fmt.Fprintf(table, "%s\tnot known on this system\t\t\t\t\t\n", one.name)
			continue
		}
		few := min(n, 5)
		first, second := one.growth()
		fmt.Fprintf(table, "%s\t"+one.format+"\t"+one.format+"\t"+one.format+"\t%+.1f\t%+.1f\t%.1f\n", one.name,
			median(one.values[:few]), median(one.values[(n-few)/2:(n+few)/2]), median(one.values[n-few:]), first, second, one.allowed())
		if one.grows() {
			errs = append(errs, fmt.Errorf("%s grows: by %.1f in the second half, %.1f are allowed", one.name, second, one.allowed()))
		}
	}
	table.Flush()
	fmt.Fprintln(w)
	if s.watch.failed != nil {
		errs = append(errs, fmt.Errorf("the last sample failed: %w", s.watch.failed))
	}
	return errors.Join(errs...)
}

// Package bench measures the gateway beside what limits it: the same work done
// by Go's standard library, by a bare Runtime API, by an engine called directly.
//
// Read on in kit.go (what is sent), environment.go (what runs), load.go (how it
// is sent) and measure.go (in which order); report.go is what comes of it.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Options say what to measure.
type Options struct {
	App     string // cloud assembly of the kit
	Program string // apigw, as it is shipped

	Parts       []Part   // none for all
	Routes      []string // names of Routes; none for all
	Peers       bool     // measures routes of LocalStack too, where it is installed
	Connections int
	Rounds      int
	Seconds     float64 // of a round

	Progress io.Writer // gets a line for each step
}

// Part is one of the tables of a report.
type Part string

// The parts, in the order in which they are measured.
const (
	StartPart     Part = "start"
	RoutesPart    Part = "routes"
	MemoryPart    Part = "memory"
	GrowthPart    Part = "growth"
	TemplatesPart Part = "templates"
)

func (o *Options) wants(p Part) bool { return len(o.Parts) == 0 || slices.Contains(o.Parts, p) }

// Run measures. What it started is stopped when it returns. With an error the
// report has what was measured before; it is nil when nothing was.
func Run(ctx context.Context, o Options) (*Report, error) {
	routes, err := chosen(o.Routes)
	if err != nil {
		return nil, err
	}
	app, err := cfn.Load(o.App, cfn.Options{})
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "apigw-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	e := newEnvironment(app, o.Program)
	defer e.stop()
	report := &Report{
		Date: time.Now().UTC().Truncate(time.Second), Commit: commit(app.Root), Machine: thisMachine(),
		Connections: o.Connections, Rounds: o.Rounds, Seconds: o.Seconds, Flags: strings.Join(gatewayFlags, " "),
	}
	fmt.Fprintln(o.Progress, "starting the gateway and its limits …")
	if err := e.start(ctx); err != nil {
		return nil, err
	}
	m := newMeter(e, o, folder)
	for _, step := range []struct {
		part Part
		do   func(context.Context, *Report) error
	}{
		{StartPart, m.measureStarts},
		{RoutesPart, func(ctx context.Context, r *Report) error { return m.measureRoutes(ctx, r, routes, o.Peers) }},
		{MemoryPart, m.measureMemory},
		{GrowthPart, m.measureGrowth},
		{TemplatesPart, m.measureTemplates},
	} {
		if !o.wants(step.part) {
			continue
		}
		if err := step.do(ctx, report); err != nil {
			return report, err // with what was measured before
		}
	}
	return report, nil
}

// chosen are the routes of these names: an integration's word stands for all of its routes.
func chosen(names []string) ([]Route, error) {
	if len(names) == 0 {
		return Routes, nil
	}
	var routes []Route
	for _, name := range names {
		before := len(routes)
		for _, r := range Routes {
			if r.Name == name || strings.HasPrefix(r.Name, name+" ") {
				routes = append(routes, r)
			}
		}
		if len(routes) == before {
			var known []string
			for _, r := range Routes {
				known = append(known, r.Name)
			}
			return nil, fmt.Errorf("no route %q: use one of %s", name, strings.Join(slices.Compact(known), ", "))
		}
	}
	return routes, nil
}

package bench

import (
	"context"
	"fmt"
	"time"
)

// Memory is what is resident of the gateway's process, without engines,
// functions and containers, in MB of a million bytes.
type Memory struct {
	AtRest   float64 // when nothing was asked yet
	After    float64 // when Requests were answered
	Requests int64
}

// The goals of Memory.
const (
	mostAtRest = 40
	mostAfter  = 120
	million    = 1_000_000
)

// measureMemory answers as many requests as a million lacks, with the mock.
func (m *meter) measureMemory(ctx context.Context, report *Report) error {
	fmt.Fprintln(m.progress, "memory after a million requests …")
	if lack := million - m.served; lack > 0 {
		p, err := Routes[0].Request.prepare(m.environment.kit.base, m.vars)
		if err != nil {
			return err
		}
		l := m.load
		l.most, l.duration = lack, time.Hour
		r, err := l.run(ctx, p)
		if err != nil {
			return err
		}
		m.served += r.requests
	}
	report.Memory = &Memory{AtRest: m.atRest, After: m.environment.kit.megabytes(), Requests: m.served}
	return nil
}

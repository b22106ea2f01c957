package bench

import (
	"context"
	"fmt"
	"io"
	"maps"
	"time"
)

// meter measures routes and their limits in turns.
type meter struct {
	environment *environment
	load        load
	rounds      int
	progress    io.Writer
	vars        map[string]string
}

// warmUp is the part of a round that each server is sent before the first.
const warmUp = 0.5

func newMeter(e *environment, o Options) *meter {
	run := uint32(time.Now().UnixNano())
	m := &meter{
		environment: e, rounds: o.Rounds, progress: o.Progress,
		load: load{connections: o.Connections, duration: time.Duration(o.Seconds * float64(time.Second)), ids: newIDs(run)},
		vars: maps.Clone(e.vars),
	}
	m.vars["run"] = fmt.Sprintf("%08x", run)
	return m
}

// contender is one server that is measured with a route's requests.
type contender struct {
	measure *Measure
	request *prepared
	rounds  []*round
}

// route measures a route and its limit in turns, so that what else the machine
// does meets both.
func (m *meter) route(ctx context.Context, r Route) (*RouteResult, error) {
	result := &RouteResult{Name: r.Name, Request: r.Request.Method + " " + r.Request.Path, Goal: r.Goal}
	result.Ours, result.Limit = &Measure{Name: "apigw serve"}, &Measure{Name: r.Limit.Name}
	var contenders []*contender
	for _, c := range []struct {
		measure *Measure
		base    string
		setup   []Request
		request Request
	}{
		{result.Ours, m.environment.base, r.Setup, r.Request},
		{result.Limit, m.environment.addresses[r.Limit.At], r.Limit.Setup, r.Limit.Request},
	} {
		request, err := m.prepare(ctx, c.base, c.setup, c.request)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", r.Name, c.measure.Name, err)
		}
		contenders = append(contenders, &contender{measure: c.measure, request: request})
	}
	for n := range m.rounds {
		for _, c := range contenders {
			if err := m.round(ctx, c, r.Later); ctx.Err() != nil {
				return nil, ctx.Err()
			} else if err != nil {
				c.measure.Wrong = err.Error()
				continue
			}
			fmt.Fprintf(m.progress, "  round %d: %s: %.0f requests/s\n", n+1, c.measure.Name, c.rounds[len(c.rounds)-1].rate())
		}
	}
	for _, c := range contenders {
		c.sum()
	}
	return result, nil
}

// prepare sends the setup and warms the server up.
func (m *meter) prepare(ctx context.Context, base string, setup []Request, request Request) (*prepared, error) {
	once := m.load
	once.connections, once.most = 1, 1
	for _, s := range setup {
		p, err := s.prepare(base, m.vars)
		if err != nil {
			return nil, err
		}
		if _, err := once.run(ctx, p); err != nil {
			return nil, fmt.Errorf("set up: %w", err)
		}
	}
	p, err := request.prepare(base, m.vars)
	if err != nil {
		return nil, err
	}
	// The first answer may have to wait for a build or an engine.
	if _, err := once.run(ctx, p); err != nil {
		return nil, err
	}
	warm := m.load
	warm.duration = time.Duration(warmUp * float64(warm.duration))
	_, err = warm.run(ctx, p)
	return p, err
}

// round measures once, unless the server has answered wrong before.
func (m *meter) round(ctx context.Context, c *contender, later bool) error {
	if c.measure.Wrong != "" {
		return nil
	}
	r, err := m.load.run(ctx, c.request)
	if err != nil {
		return err
	}
	c.rounds = append(c.rounds, r)
	if later {
		return m.environment.settle(ctx)
	}
	return nil
}

// sum fills the measure, unless an answer was wrong.
func (c *contender) sum() {
	if c.measure.Wrong != "" {
		return
	}
	var rate, p50, p99 []float64
	for _, r := range c.rounds {
		rate = append(rate, r.rate())
		p50 = append(p50, milliseconds(r.percentile(50)))
		p99 = append(p99, milliseconds(r.percentile(99)))
	}
	c.measure.Rate, c.measure.P50, c.measure.P99 = spread(rate), spread(p50), spread(p99)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

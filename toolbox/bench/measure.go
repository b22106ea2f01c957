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
	peers       []peer
	folder      string  // for templates
	served      int64   // requests that the kit's gateway has answered
	atRest      float64 // MB that it held before the first
}

// warmUp is the part of a round that each server is sent before the first.
const warmUp = 0.5

func newMeter(e *environment, o Options, folder string) *meter {
	run := uint32(time.Now().UnixNano())
	m := &meter{
		environment: e, rounds: o.Rounds, progress: o.Progress, folder: folder,
		load: load{connections: o.Connections, duration: seconds(o.Seconds), ids: newIDs(run)},
		vars: maps.Clone(e.vars), atRest: e.kit.megabytes(),
	}
	m.vars["run"] = fmt.Sprintf("%08x", run)
	return m
}

func (m *meter) measureRoutes(ctx context.Context, report *Report, routes []Route, peers bool) error {
	if peers {
		if err := m.startPeers(ctx, report); err != nil {
			return err
		}
	}
	for i, route := range routes {
		fmt.Fprintf(m.progress, "%s (%d of %d) …\n", route.Name, i+1, len(routes))
		result, err := m.route(ctx, route)
		if err != nil {
			return err
		}
		report.Routes = append(report.Routes, *result)
	}
	return nil
}

// candidate is a server and what it is sent.
type candidate struct {
	measure *Measure
	base    string
	setup   []Request
	request Request
}

// contender is one server that is measured with a route's requests.
type contender struct {
	measure *Measure
	request *prepared
	load    load
	rounds  []*round
}

// route measures a route and its limit in turns, so that what else the machine
// does meets both. A round begins when the work of the one before is done, and
// not always with the same of them.
func (m *meter) route(ctx context.Context, r Route) (*RouteResult, error) {
	result := &RouteResult{Name: r.Name, Request: r.Request.Method + " " + r.Request.Path, Goal: r.Goal}
	result.Ours, result.Limit = &Measure{Name: "apigw serve"}, &Measure{Name: r.Limit.Name}
	candidates := []candidate{
		{result.Ours, m.environment.kit.base, r.Setup, r.Request},
		{result.Limit, m.environment.addresses[r.Limit.At], r.Limit.Setup, r.Limit.Request},
	}
	for _, p := range m.peers {
		if r.Given {
			break
		}
		result.Peers = append(result.Peers, &Measure{Name: p.name})
		candidates = append(candidates, candidate{result.Peers[len(result.Peers)-1], p.base, r.Setup, r.Request})
	}
	var contenders []*contender
	for _, c := range candidates {
		request, err := m.prepare(ctx, m.load, c.base, c.setup, c.request)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		} else if err != nil {
			c.measure.Wrong = err.Error()
		}
		contenders = append(contenders, &contender{measure: c.measure, request: request, load: m.load})
	}
	for n := range m.rounds {
		for i := range contenders {
			c := contenders[(n+i)%len(contenders)]
			if c.measure.Wrong != "" {
				continue
			}
			if err := settle(ctx); err != nil {
				return nil, err
			}
			if err := c.round(ctx); ctx.Err() != nil {
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
	for _, r := range contenders[0].rounds { // the kit's
		m.served += r.requests
	}
	return result, nil
}

// prepare sends the setup and warms the server up.
func (m *meter) prepare(ctx context.Context, warm load, base string, setup []Request, request Request) (*prepared, error) {
	once := warm
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
	warm.duration = time.Duration(warmUp * float64(warm.duration))
	_, err = warm.run(ctx, p)
	return p, err
}

func (c *contender) round(ctx context.Context) error {
	r, err := c.load.run(ctx, c.request)
	if err == nil {
		c.rounds = append(c.rounds, r)
	}
	return err
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

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

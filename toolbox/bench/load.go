package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// load is a closed loop: each connection sends a request when the one before is
// answered.
type load struct {
	connections int
	duration    time.Duration // how long requests are begun
	most        int64         // requests, when it is not 0
	ids         *ids
}

// patience is how long the last answers may take.
const patience = 30 * time.Second

// round is what a load has measured.
type round struct {
	requests int64
	elapsed  time.Duration
	histogram
}

func (r *round) rate() float64 { return float64(r.requests) / r.elapsed.Seconds() }

// run sends the load. The first answer that is wrong ends it: there is no
// number for who answers wrong.
func (l *load) run(ctx context.Context, p *prepared) (*round, error) {
	ctx, late := context.WithTimeoutCause(ctx, l.duration+patience, fmt.Errorf("no answer within %v", patience))
	defer late()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	connections := make([]*connection, l.connections)
	for i := range connections {
		c, err := dial(ctx, p)
		if err != nil {
			return nil, err
		}
		defer c.close()
		connections[i] = c
	}
	var left atomic.Int64
	left.Store(l.most)
	rounds := make([]round, l.connections)
	var workers sync.WaitGroup
	begin := time.Now()
	for i, c := range connections {
		workers.Go(func() {
			if err := l.loop(ctx, p, c, &rounds[i], begin, &left); err != nil {
				cancel(err)
			}
		})
	}
	workers.Wait()
	whole := &round{elapsed: time.Since(begin)}
	for i := range rounds {
		whole.requests += rounds[i].requests
		whole.add(&rounds[i].histogram)
	}
	return whole, context.Cause(ctx)
}

// loop is one connection's part.
func (l *load) loop(ctx context.Context, p *prepared, c *connection, r *round, begin time.Time, left *atomic.Int64) error {
	for now := begin; now.Sub(begin) < l.duration && ctx.Err() == nil; {
		if l.most > 0 && left.Add(-1) < 0 {
			return nil
		}
		l.ids.put(c.text, p.ids)
		status, body, err := c.exchange()
		if err == nil {
			err = p.check(status, body)
		}
		if err != nil {
			return fmt.Errorf("request %d of a connection: %w", r.requests+1, err)
		}
		if c.closes {
			c.close()
			if err := c.connect(p.address); err != nil {
				return err
			}
		}
		done := time.Now()
		r.record(done.Sub(now))
		r.requests++
		now = done
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	connections = 16               // at once, of the measurement of capacity as of the load
	patience    = 30 * time.Second // longer than API Gateway waits for an integration
	building    = 3 * time.Minute
)

// load sends requests of all routes in turn, and counts what comes of them.
type load struct {
	base   string
	ledger *ledger
	client *http.Client
	next   atomic.Int64 // number of the next request
	unsure int          // requests that failed while functions were built; each may have stored an order

	mu      sync.Mutex
	results []result // one for each route
}

type result struct {
	latencies []time.Duration
	errors    map[string]int
}

func newLoad(base string, ledger *ledger) *load {
	l := &load{base: base, ledger: ledger, client: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true},
	}}
	l.reset()
	return l
}

// reset forgets what was counted.
func (l *load) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.results = make([]result, len(routes))
}

// send sends the next request. Its latency counts from due.
func (l *load) send(ctx context.Context, due time.Time) {
	n := l.next.Add(1) - 1
	err := l.exchange(ctx, &routes[n%int64(len(routes))], n)
	if err != nil && ctx.Err() != nil {
		return // cut by Ctrl-C
	}
	l.count(n, time.Since(due), err)
}

func (l *load) count(n int64, latency time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &l.results[n%int64(len(routes))]
	r.latencies = append(r.latencies, latency)
	if err != nil {
		if r.errors == nil {
			r.errors = map[string]int{}
		}
		r.errors[err.Error()]++
	}
}

func (l *load) exchange(ctx context.Context, r *route, n int64) error {
	q := r.request(l.ledger, n)
	request, err := http.NewRequestWithContext(ctx, q.method, l.base+q.path, strings.NewReader(q.body))
	if err != nil {
		return err
	}
	if q.contentType != "" {
		request.Header.Set("Content-Type", q.contentType)
	}
	response, err := l.client.Do(request)
	if err != nil {
		return errors.Unwrap(err) // without the URL, which has the number
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != r.status || !strings.Contains(string(body), q.contains) {
		return fmt.Errorf("status %d, want %d: %.200s", response.StatusCode, r.status, body)
	}
	if r.answered == nil {
		return nil
	}
	return r.answered(l.ledger, n, body)
}

// closed sends for a while over the connections, each request when the one before is answered, and gives the rate.
func (l *load) closed(ctx context.Context, duration time.Duration) (perSecond float64) {
	first, begin := l.next.Load(), time.Now()
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			for time.Since(begin) < duration && ctx.Err() == nil {
				l.send(ctx, time.Now())
			}
		})
	}
	workers.Wait()
	return float64(l.next.Load()-first) / time.Since(begin).Seconds()
}

// steady sends a fixed number of requests a second, as wrk2 does: each has its time and is sent then, or as soon as one of
// the connections is free, and its latency counts from its time. So an answer that is late makes others late, which is
// seen, and not fewer. What is not sent when the duration is over stays unsent.
func (l *load) steady(ctx context.Context, perSecond float64, duration time.Duration) {
	begin := time.Now()
	var tickets atomic.Int64
	var workers sync.WaitGroup
	for range connections {
		workers.Go(func() {
			for time.Since(begin) < duration && ctx.Err() == nil {
				due := begin.Add(time.Duration(float64(tickets.Add(1)-1) / perSecond * float64(time.Second)))
				if due.Sub(begin) >= duration {
					return
				}
				select {
				case <-time.After(time.Until(due)):
					l.send(ctx, due)
				case <-ctx.Done():
				}
			}
		})
	}
	workers.Wait()
}

// totals are of all routes.
func (l *load) totals() (requests, failed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.results {
		requests += len(l.results[i].latencies)
		failed += l.results[i].failed()
	}
	return requests, failed
}

func (r *result) failed() (n int) {
	for _, count := range r.errors {
		n += count
	}
	return n
}

// percentile sorts what it is asked about.
func percentile(latencies []time.Duration, p float64) time.Duration {
	if len(latencies) == 0 {
		return 0
	}
	slices.Sort(latencies)
	return latencies[min(len(latencies)-1, int(p/100*float64(len(latencies))))]
}

// firstAnswers asks each route until it answers as it has to: functions and containers are built meanwhile, which may take
// longer than an integration.
func (s *soak) firstAnswers(ctx context.Context) error {
	s.load = newLoad(s.gateway.base, s.ledger)
	for i := range routes {
		for until := time.Now().Add(building); ; {
			err := s.load.exchange(ctx, &routes[i], s.load.next.Load())
			s.load.next.Add(1)
			if err == nil {
				break
			}
			s.load.unsure++
			if time.Now().After(until) || ctx.Err() != nil {
				return errors.Join(ctx.Err(), fmt.Errorf("%s: %w", routes[i].name, err))
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
	return nil
}

// firstErrors names one error of each route that has any.
func (l *load) firstErrors() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for i, r := range l.results {
		for text, count := range r.errors {
			errs = append(errs, fmt.Errorf("%s: %d times %s", routes[i].name, count, text))
			break
		}
	}
	return errors.Join(errs...)
}

// measuring is how long capacity is measured, after as long a time to warm up.
func (s *soak) measuring() time.Duration { return min(15*time.Second, s.For/10) }

func (s *soak) measureCapacity(ctx context.Context) error {
	s.load.closed(ctx, s.measuring())
	rate := s.load.closed(ctx, s.measuring())
	fmt.Printf("  %.0f requests a second over %d connections\n", rate, connections)
	s.found = &findings{capacity: rate}
	return errors.Join(ctx.Err(), s.load.firstErrors())
}

func (s *soak) sendLoad(ctx context.Context) error {
	s.load.reset()
	s.watch = newWatch(s.gateway)
	watching, end := context.WithCancel(ctx)
	var w sync.WaitGroup
	w.Go(func() { s.watch.run(watching, s.progress) })
	s.load.steady(ctx, s.found.capacity/2, s.For)
	end()
	w.Wait()
	select {
	case <-s.gateway.exited:
		return fmt.Errorf("the gateway has ended: %s\n%s", s.gateway.cmd.ProcessState, strings.Join(s.gateway.logged(), "\n"))
	default:
		return ctx.Err()
	}
}

package vpclink

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// targetGroup is a set of targets that a load balancer chooses from.
type targetGroup struct {
	name     string
	resource *cfn.Resource
	served   bool // a service of the assembly, or what runs in its place, is registered

	probe func(ctx context.Context, address string) error
	check healthCheck

	// A target that is a load balancer itself, nil for all others.
	balancer *loadBalancer
	port     int

	// deployed is closed when the group's first target is healthy or has
	// failed: as after a deployment, requests wait no longer from then on.
	deployed chan struct{}
	settled  sync.Once

	abandoned atomic.Bool // no target will ever be registered

	fixed string // the only target when one is given, never checked

	mu      sync.Mutex
	targets []*target
	turn    int
}

// patience is how long requests wait at most for a deployment's first target.
const patience = 10 * time.Second

// target is one registered address.
type target struct {
	address    string
	registered time.Time
	health     health
	cancel     context.CancelFunc
}

func newTargetGroup(name string, check healthCheck, transport http.RoundTripper) *targetGroup {
	return &targetGroup{
		name:     name,
		check:    check,
		probe:    func(ctx context.Context, address string) error { return check.probe(ctx, transport, address) },
		deployed: make(chan struct{}),
	}
}

// fix makes address the group's only target.
func (g *targetGroup) fix(address string) {
	g.fixed, g.served = address, true
	g.settle()
}

// settle ends the waiting of requests for the group's deployment.
func (g *targetGroup) settle() { g.settled.Do(func() { close(g.deployed) }) }

// register adds a target and checks it until ctx ends or it is deregistered.
// unhealthy is called after each check that leaves it unhealthy.
func (g *targetGroup) register(ctx context.Context, address string, unhealthy func()) *target {
	ctx, cancel := context.WithCancel(ctx)
	t := &target{address: address, registered: time.Now(), health: health{status: initial}, cancel: cancel}
	g.mu.Lock()
	g.targets = append(g.targets, t)
	g.mu.Unlock()
	go g.watch(ctx, t, unhealthy)
	return t
}

// deregister takes a target out at once.
func (g *targetGroup) deregister(t *target) {
	t.cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.targets = slices.DeleteFunc(g.targets, func(other *target) bool { return other == t })
}

func (g *targetGroup) watch(ctx context.Context, t *target, whenUnhealthy func()) {
	for {
		err := g.probe(ctx, t.address)
		if ctx.Err() != nil {
			return
		}
		g.mu.Lock()
		age := time.Since(t.registered)
		delay := t.health.observe(g.check, err == nil, age)
		now := t.health.status
		g.mu.Unlock()
		_, answered := errors.AsType[codeError](err)
		if now != initial || answered || age >= patience {
			g.settle()
		}
		if now == unhealthy {
			whenUnhealthy()
		}
		if !wait(ctx, delay) {
			return
		}
	}
}

// pick takes the healthy targets in turn. When all are unhealthy the load
// balancer fails open and takes those; new ones get no request.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
func (g *targetGroup) pick() (address string, ok bool) {
	if g.fixed != "" {
		return g.fixed, true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, wanted := range []status{healthy, unhealthy} {
		for i := range g.targets {
			at := (g.turn + i) % len(g.targets)
			if g.targets[at].health.status == wanted {
				g.turn = at + 1
				return g.targets[at].address, true
			}
		}
	}
	return "", false
}

// wait is false when ctx ended before the delay did.
func wait(ctx context.Context, delay time.Duration) bool {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

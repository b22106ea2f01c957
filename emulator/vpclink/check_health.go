package vpclink

import (
	"context"
	"errors"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Health is what a target group's health check finds.
type Health struct {
	Group *cfn.Resource
	Err   error // nil: the target is healthy
}

var errNoTask = errors.New("no task runs")

// CheckHealth checks a target of each group that has a service, or something in
// place of one, after the service has come up or failed. The network must have
// been started.
func (n *Network) CheckHealth(ctx context.Context) []Health {
	var all []Health
	for _, g := range n.groups {
		if !g.served {
			continue
		}
		select {
		case <-g.deployed:
		case <-ctx.Done():
		}
		all = append(all, Health{g.resource, g.checkHealth(ctx)})
	}
	return all
}

// listenLimit is how long a service may take until a task listens: on a machine
// that is busy with a first build, longer than requests wait for it.
const listenLimit = time.Minute

// checkHealth probes until the target answers, well or not, or can be expected
// to answer no more.
func (g *targetGroup) checkHealth(ctx context.Context) error {
	if g.fixed != "" {
		return g.probe(ctx, g.fixed)
	}
	ctx, cancel := context.WithTimeout(ctx, listenLimit)
	defer cancel()
	for {
		err := errNoTask
		if address := g.first(); address != "" {
			err = g.probe(ctx, address)
		}
		_, answered := errors.AsType[codeError](err)
		if err == nil || answered || g.abandoned.Load() || !wait(ctx, maxDelay) {
			return err
		}
	}
}

// first is a target's address, empty when there is none at the moment.
func (g *targetGroup) first() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.targets) == 0 {
		return ""
	}
	return g.targets[0].address
}

package vpclink

import (
	"context"
	"errors"

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

func (g *targetGroup) checkHealth(ctx context.Context) error {
	address := g.fixed
	if address == "" {
		g.mu.Lock()
		if len(g.targets) > 0 {
			address = g.targets[0].address
		}
		g.mu.Unlock()
	}
	if address == "" {
		return errNoTask
	}
	return g.probe(ctx, address)
}

package emulator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// put has next take the requests from now on, each API where it was served
// before. When those of before have ended, it closes what only they had.
func (e *Emulator) put(ctx context.Context, next *served) error {
	now := e.current.Load()
	next.gateways, next.listeners = e.gateways(next.apis), nil
	for i, g := range next.gateways {
		listener := now.listenerOf(g.API())
		if listener == nil {
			var err error
			if listener, err = e.listenBeside(i, g); err != nil {
				return fmt.Errorf("listen for API %s: %w", g.API().Name, err)
			}
		}
		next.listeners = append(next.listeners, listener)
	}
	var before []func()
	for i, listener := range next.listeners {
		before = append(before, listener.Serve(next.gateways[i]))
	}
	e.current.Store(next)
	e.ending.Go(func() {
		for _, answered := range before {
			answered()
		}
		if err := errors.Join(now.close(ctx, next), now.end(ctx, next)); err != nil {
			e.options.Log.Warn("what was served before did not end well", "error", err)
		}
	})
	return nil
}

// close closes the listeners of s that other has not.
func (s *served) close(ctx context.Context, other *served) error {
	var errs []error
	for _, listener := range s.listeners {
		if !slices.Contains(other.listeners, listener) {
			errs = append(errs, listener.Close(ctx))
		}
	}
	return errors.Join(errs...)
}

// listenerOf is where the API's stage is served; nil when it is not.
func (s *served) listenerOf(api *gateway.API) *gateway.Listener {
	for i, listener := range s.listeners {
		if other := s.apis[i]; other.StackName == api.StackName && other.LogicalID == api.LogicalID && other.Stage.Name == api.Stage.Name {
			return listener
		}
	}
	return nil
}

// listenBeside listens for an API that was not there at the start: on the port
// of its place, or on a free one when that is taken.
func (e *Emulator) listenBeside(i int, g *gateway.Gateway) (*gateway.Listener, error) {
	if e.options.Port != 0 {
		if listener, err := gateway.Listen(fmt.Sprintf("127.0.0.1:%d", e.options.Port+i), g); err == nil {
			return listener, nil
		}
	}
	return gateway.Listen("127.0.0.1:0", g)
}

package emulator

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// containerCode is what the program of a container is built from.
type containerCode struct {
	*Emulator
	source   string // folder, relative to the project
	program  string
	tried    string // sum of the inputs that were taken over, or are broken
	identity string // of the program that runs
}

func (c *containerCode) inputs() (folders []string, sum string) {
	if folders, sum := hostbuild.Inputs(c.program); sum != "" {
		return folders, sum
	}
	return watch.Tree(filepath.Join(c.Assembly().Root, c.source), nil)
}

func (c *containerCode) folders() []string {
	folders, _ := c.inputs()
	return folders
}

// follow builds again until nothing has changed meanwhile.
func (c *containerCode) follow(ctx context.Context) (changed bool) {
	for ctx.Err() == nil {
		noticed := time.Now()
		_, sum := c.inputs()
		if sum == c.tried {
			return changed
		}
		c.tried, changed = sum, true
		err := hostbuild.Build(ctx, c.Assembly().Root, c.source, c.program)
		before := c.identity
		c.identity = hostbuild.Identity(c.program)
		isNew := err == nil && before != "" && before != c.identity
		if isNew {
			err = c.redeploy(ctx)
		}
		if ctx.Err() == nil && (err != nil || isNew || c.isBroken(c.source)) {
			c.tell(c.source, noticed, err)
		}
	}
	return false
}

// redeploy starts the containers anew beside those that run, which end when the
// new ones are well and the requests that they have are answered. Until then
// other changes are taken over; with another network there is nothing to replace.
func (e *Emulator) redeploy(ctx context.Context) error {
	before := e.current.Load()
	started := *before
	if err := e.startNetwork(ctx, &started); err != nil {
		return err
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	now := e.current.Load()
	if now.network != before.network {
		return started.network.Close(ctx)
	}
	next := *now
	next.network, next.networkProblems = started.network, started.networkProblems
	if err := e.build(&next, e.backends(&next)); err != nil {
		return errors.Join(err, next.end(ctx, now))
	}
	return e.put(ctx, &next)
}

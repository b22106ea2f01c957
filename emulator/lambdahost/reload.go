package lambdahost

import (
	"context"
	"errors"
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// Folders is name → folder of the functions that are made from one.
func (h *Host) Folders() map[string]string {
	folders := map[string]string{}
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, e := range h.functions {
		if f := e.function; f.Folder != "" && f.Missing == nil {
			folders[name] = f.Folder
		}
	}
	return folders
}

// Inputs gives the folders of all that such a function is made of, and a sum
// that changes with what is in them.
func (h *Host) Inputs(name string) (folders []string, sum string) {
	e := h.environments(name)
	if e == nil {
		return nil, ""
	}
	if e.function.Source != "" {
		if folders, sum := hostbuild.Inputs(e.command[0]); sum != "" {
			return folders, sum
		}
	}
	return watch.Tree(e.function.Folder, nil)
}

// Reload has further invocations run the function as its folder is now. The new
// program is built and a process of it started before; when either fails, the
// processes of the old one go on, and take further invocations in turn. No
// invocation is lost: those that are running end in their old process. changed is
// false when the program is the same, or changed again meanwhile.
func (h *Host) Reload(ctx context.Context, name string) (changed bool, err error) {
	e := h.environments(name)
	if e == nil {
		return false, nil
	}
	e.building.Lock()
	defer e.building.Unlock()
	first := !e.built.Load()
	if err := e.build(ctx); err != nil {
		return false, err
	}
	made := e.made()
	e.mu.Lock()
	same := first || made == e.identity
	if same {
		e.identity = made
	}
	e.mu.Unlock()
	if same {
		return false, nil
	}
	return e.replace(ctx, made)
}

// replace starts a process of what was made, and has it take the place of those
// before.
func (e *environments) replace(ctx context.Context, made string) (changed bool, err error) {
	e.mu.Lock()
	next := e.generation + 1
	e.mu.Unlock()
	p, failure, err := e.start(ctx, next)
	if e.made() != made { // it may have read half of each
		if p != nil {
			e.forget(p)
		}
		return false, nil
	}
	if err == nil && failure != nil {
		err = fmt.Errorf("function %s does not start: %w", e.function.Name, errors.New(ErrorMessage(failure.Payload)))
	}
	if err != nil {
		return false, err
	}
	e.mu.Lock()
	old := e.idle
	e.idle, e.generation, e.identity = []*process{p}, next, made
	e.returned.Broadcast()
	e.mu.Unlock()
	for _, p := range old {
		e.forget(p)
	}
	return true, nil
}

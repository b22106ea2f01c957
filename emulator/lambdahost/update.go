package lambdahost

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"sync"
)

// Update runs these functions from now on. The processes of a function that has
// not changed go on; what has is built first, and when that fails all stays as
// it was. finish forgets the functions that are gone; it is called when nobody
// asks for them any more.
func (h *Host) Update(ctx context.Context, functions []Function) (finish func(), err error) {
	next, described := map[string]*environments{}, map[string]*Function{}
	var gone []*environments
	h.mu.Lock()
	known := maps.Clone(h.functions)
	h.mu.Unlock()
	var builds sync.WaitGroup
	errs := make([]error, len(functions))
	for i := range functions {
		f := &functions[i]
		described[f.Name] = f
		old := known[f.Name]
		if old != nil && old.function.runsAs(f) {
			next[f.Name] = old
			continue
		}
		if old != nil {
			gone = append(gone, old)
		}
		e := h.newEnvironments(f)
		next[f.Name] = e
		builds.Go(func() { errs[i] = e.program(ctx) })
	}
	builds.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := h.serveURLs(functions); err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.described = described
	maps.Copy(h.functions, next)
	h.retired = append(h.retired, gone...)
	h.mu.Unlock()
	for _, e := range gone {
		e.retire()
	}
	return func() { h.forgetOthers(next) }, nil
}

// forgetOthers ends what is none of these functions.
func (h *Host) forgetOthers(these map[string]*environments) {
	h.mu.Lock()
	var gone []*environments
	for name, e := range h.functions {
		if these[name] == nil {
			gone = append(gone, e)
		}
	}
	h.functions = these
	h.retired = append(h.retired, gone...)
	h.mu.Unlock()
	for _, e := range gone {
		e.retire()
	}
}

// runsAs says whether processes of f may go on as those of other: who may call
// them is no affair of theirs.
func (f *Function) runsAs(other *Function) bool {
	a, b := *f, *other
	a.Permissions, b.Permissions, a.URL, b.URL = nil, nil, nil, nil
	if a.Inline != "" {
		b.TaskRoot = a.TaskRoot // made by newEnvironments
	}
	return reflect.DeepEqual(a, b)
}

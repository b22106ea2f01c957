package lambdahost

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

const (
	// accountConcurrency is the number of invocations in flight from which on
	// a function without reserved concurrency is throttled: the quota of a
	// fresh account.
	accountConcurrency = 1000
	// maxProcesses is how many processes of such a function run at most.
	maxProcesses = 64
)

// environments are the processes of one function.
type environments struct {
	host     *Host
	function *Function
	places   chan struct{} // one for each invocation that runs
	command  []string      // built from source, or the function's own
	printed  tail

	building sync.Mutex
	built    atomic.Bool // there is a program

	mu         sync.Mutex
	returned   sync.Cond // that idle, all or generation is another
	waiting    int       // admitted or waiting for it
	idle       []*process
	all        map[*process]bool
	closed     bool
	retired    bool   // nothing new comes: processes end with what they do
	generation int    // of the program: counts reloads
	identity   string // what the generation was made from, see made

	// What Status tells.
	invocations, coldStarts int
	coldStart               time.Duration
}

func (h *Host) newEnvironments(f *Function) *environments {
	places := maxProcesses
	if f.Reserved != nil {
		places = *f.Reserved
	}
	e := &environments{host: h, function: f, places: make(chan struct{}, places), all: map[*process]bool{}}
	e.returned.L = &e.mu
	if f.Inline != "" {
		f.TaskRoot = filepath.Join(h.options.BuildDir, "inline", f.Name)
	}
	e.command = f.Command
	if f.Source != "" {
		e.command = []string{filepath.Join(h.options.BuildDir, filepath.FromSlash(f.Source), path.Base(f.Source))}
	}
	return e
}

// program makes the function's program, unless there is one: a later one is
// made by reload alone.
func (e *environments) program(ctx context.Context) error {
	if e.built.Load() {
		return nil
	}
	e.building.Lock()
	defer e.building.Unlock()
	if e.built.Load() {
		return nil
	}
	if err := e.build(ctx); err != nil {
		return err
	}
	made := e.made()
	e.mu.Lock()
	e.identity = made
	e.mu.Unlock()
	return nil
}

// build makes the program from the function's source, if it has one; building
// is locked.
func (e *environments) build(ctx context.Context) error {
	f := e.function
	switch {
	case f.Missing != nil: // nothing of it is run
	case f.Inline != "":
		if err := f.writeInline(); err != nil {
			return err
		}
	case f.Source != "":
		if err := hostbuild.Build(ctx, f.TaskRoot, ".", e.command[0]); err != nil {
			return fmt.Errorf("build function %s from %s: %w", f.Name, f.TaskRoot, err)
		}
	}
	e.built.Store(true)
	return nil
}

// made tells what a process would be started from now: one built program or one
// state of the folder from another. "" for a command.
func (e *environments) made() (identity string) {
	switch f := e.function; {
	case f.Source != "":
		return hostbuild.Identity(e.command[0])
	case f.Folder != "":
		_, identity = watch.Tree(f.Folder, nil)
	}
	return identity
}

// admit takes a place for a synchronous invocation, or throttles it.
func (e *environments) admit(ctx context.Context) error {
	e.mu.Lock()
	full := e.waiting >= accountConcurrency
	if e.function.Reserved != nil {
		full = e.waiting >= *e.function.Reserved
	}
	if full {
		e.mu.Unlock()
		return &Error{http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded."}
	}
	e.waiting++
	e.mu.Unlock()
	return e.take(ctx)
}

// admitEvent waits for a place for as long as it takes.
func (e *environments) admitEvent(ctx context.Context) error {
	e.mu.Lock()
	e.waiting++
	e.mu.Unlock()
	return e.take(ctx)
}

func (e *environments) take(ctx context.Context) error {
	select {
	case e.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		e.leave()
		return ctx.Err()
	}
}

func (e *environments) leave() {
	e.mu.Lock()
	e.waiting--
	e.mu.Unlock()
}

// release gives a place back.
func (e *environments) release() {
	<-e.places
	e.leave()
}

// invoke runs i in an idle process, or in a further one; elsewhere, or not at
// all, when that is how the function is given.
func (e *environments) invoke(i *invocation) (*Result, error) {
	e.mu.Lock()
	e.invocations++
	e.mu.Unlock()
	switch f := e.function; {
	case f.Missing != nil:
		e.host.options.Log.Warn("the function is not there", "reason", f.Missing)
		return NotFound(f.Missing.Error()), nil
	case f.Remote != "":
		return e.host.forward(f.Remote, i)
	}
	for {
		p, failure, err := e.acquire()
		if err != nil {
			return nil, err
		}
		if failure == nil {
			var delivered, reusable bool
			failure, delivered, reusable = p.run(i)
			e.put(p, reusable)
			if !delivered {
				continue // it had ended while it was idle
			}
		}
		failure.RequestID, failure.ExecutedVersion = i.id, "$LATEST"
		return failure, nil
	}
}

// acquire gives an idle process or starts one. A result tells that the process
// could not be initialized.
func (e *environments) acquire() (*process, *Result, error) {
	ctx := e.host.running
	for {
		p, generation, identity := e.pop()
		if p != nil {
			return p, nil, nil
		}
		if ctx.Err() != nil {
			return nil, nil, errClosed
		}
		if err := e.program(ctx); err != nil {
			return nil, nil, err
		}
		p, failure, err := e.start(ctx, generation)
		made := e.made()
		if identity == "" || made == identity || !e.await(p, generation, made) {
			return p, failure, err
		}
		if p != nil {
			e.forget(p)
		}
	}
}

// await waits for a process of the generation, in place of p, which was started
// from something else: half written or broken, perhaps. It is false when there
// is none; then p will have to do.
func (e *environments) await(p *process, generation int, made string) bool {
	others := 1
	if p == nil {
		others = 0
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.idle) == 0 && e.generation == generation && len(e.all) > others {
		e.returned.Wait()
	}
	if len(e.idle) == 0 && e.generation == generation {
		e.identity = made
		return false
	}
	return true
}

// start starts a process of the program of that generation.
func (e *environments) start(ctx context.Context, generation int) (*process, *Result, error) {
	begun := time.Now()
	p, failure, err := e.host.startProcess(ctx, e.function, e.command, &e.printed)
	if p == nil {
		return nil, failure, err
	}
	p.generation = generation
	e.mu.Lock()
	closed := e.closed
	e.all[p] = true
	e.coldStarts, e.coldStart = e.coldStarts+1, time.Since(begun)
	e.mu.Unlock()
	if closed {
		e.forget(p)
		return nil, nil, errClosed
	}
	return p, nil, nil
}

// pop takes the process that became idle last; nil when there is none.
func (e *environments) pop() (p *process, generation int, identity string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if last := len(e.idle) - 1; last >= 0 {
		p, e.idle = e.idle[last], e.idle[:last]
	}
	return p, e.generation, e.identity
}

// put takes a process back, to be used again or to be ended.
func (e *environments) put(p *process, reusable bool) {
	e.mu.Lock()
	reusable = reusable && p.generation == e.generation && !e.retired
	if reusable {
		e.idle = append(e.idle, p)
		e.returned.Broadcast()
	}
	e.mu.Unlock()
	if !reusable {
		e.forget(p)
	}
}

func (e *environments) forget(p *process) {
	p.kill()
	e.mu.Lock()
	delete(e.all, p)
	e.returned.Broadcast()
	e.mu.Unlock()
}

// retire ends the idle processes, and the others when they have answered.
func (e *environments) retire() {
	e.mu.Lock()
	idle := e.idle
	e.idle, e.retired = nil, true
	e.mu.Unlock()
	for _, p := range idle {
		e.forget(p)
	}
}

// close ends all processes.
func (e *environments) close() {
	e.mu.Lock()
	var all []*process
	for p := range e.all {
		all = append(all, p)
	}
	e.idle, e.closed = nil, true
	e.mu.Unlock()
	var wg sync.WaitGroup
	for _, p := range all {
		wg.Go(p.kill)
	}
	wg.Wait()
}

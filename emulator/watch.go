package emulator

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// input is something that is served from files.
type input interface {
	// folders are where its files are, and files that may become its own.
	folders() []string
	// follow takes over what has changed since it was called last, and says
	// whether its folders may be others now. It runs once at a time, and at the
	// beginning too.
	follow(ctx context.Context) (changed bool)
}

// inputs are what is served from files now, by name.
func (e *Emulator) inputs() map[string]input {
	now := e.current.Load()
	found := map[string]input{
		"mapping templates": &mappingFiles{e, map[string]bool{}},
		"assembly":          &assemblyFiles{Emulator: e, app: e.app(), tried: now.sum},
	}
	for source, program := range now.network.Sources() {
		found["container "+source] = &containerCode{Emulator: e, source: source, program: program}
	}
	for name, folder := range e.functions.Folders() {
		found["function "+name] = &functionCode{Emulator: e, name: name, what: e.displayed(folder)}
	}
	return found
}

// displayed is a path below the project's folder without it.
func (e *Emulator) displayed(path string) string {
	if below, err := filepath.Rel(e.Assembly().Root, path); err == nil && filepath.IsLocal(below) {
		return filepath.ToSlash(below)
	}
	return path
}

// Watch takes over what changes in the files that are served, until ctx ends:
// mapping templates, the code of functions and containers, the assembly, and the
// CDK app that makes it. A change that is broken leaves what was there before. Requests in flight end as they began. An error means
// that files can't be watched, or no longer.
func (e *Emulator) Watch(ctx context.Context) error {
	watcher, err := watch.New()
	if err != nil {
		return err
	}
	defer watcher.Close()
	followers := followers{changed: watcher.Wake, running: map[string]*follower{}}
	ctx, stop := context.WithCancel(ctx)
	defer followers.wait()
	defer stop()
	for {
		if err := watcher.Follow(followers.keep(ctx, e.inputs())); err != nil {
			e.options.Log.Warn("not all files are watched", "error", err)
		}
		if err := watcher.Wait(ctx); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
		followers.wake()
	}
}

// followers run side by side: a build holds up no mapping template.
type followers struct {
	changed func() // called when an input's folders may be others
	running map[string]*follower
	group   sync.WaitGroup
}

// follower runs an input's follow whenever it is woken.
type follower struct {
	input
	woken chan struct{} // holds one; closed at the end
}

// keep has a follower for each input, and gives the folders of all.
func (f *followers) keep(ctx context.Context, inputs map[string]input) (folders []string) {
	for name, one := range f.running {
		if inputs[name] == nil {
			close(one.woken)
			delete(f.running, name)
		}
	}
	for name, in := range inputs {
		if f.running[name] == nil {
			one := &follower{in, make(chan struct{}, 1)}
			f.running[name] = one
			f.group.Go(func() { one.run(ctx, f.changed) })
		}
		folders = append(folders, f.running[name].folders()...)
	}
	return folders
}

func (f *followers) wake() {
	for _, one := range f.running {
		select {
		case one.woken <- struct{}{}:
		default: // it has yet to look
		}
	}
}

func (f *followers) wait() {
	for _, one := range f.running {
		close(one.woken)
	}
	f.group.Wait()
}

func (f *follower) run(ctx context.Context, changed func()) {
	for range f.woken {
		if ctx.Err() == nil && f.follow(ctx) {
			changed()
		}
	}
}

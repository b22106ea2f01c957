// Package watch tells that files in some folders have changed, as the system
// reports it: nothing is asked in intervals.
//
// A report is a reason to look, not more: which file it was is not told, since
// editors write by renaming, by emptying first, and by files beside. Whoever
// looks compares a Sum with the one before.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing may be written before a change is told, so that
	// one saved file is one change, and whole.
	quiet = 10 * time.Millisecond
	// patience is how long a change is held back while writing goes on.
	patience = 100 * time.Millisecond
)

// Watcher watches folders, not those below them.
type Watcher struct {
	system  *fsnotify.Watcher
	folders map[string]bool
	woken   chan struct{} // holds one
}

// New watches nothing yet; Close ends it.
func New() (*Watcher, error) {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	return &Watcher{system: system, folders: map[string]bool{}, woken: make(chan struct{}, 1)}, nil
}

// Follow watches these folders from now on, and no others. In place of one that
// is not there it watches the nearest above it. What changed in a folder before
// it was watched nobody has told: a new one ends the next Wait.
func (w *Watcher) Follow(folders []string) error {
	wanted, before := map[string]bool{}, maps.Clone(w.folders)
	var failed error
	for _, folder := range folders {
		at, err := w.add(folder)
		if err != nil {
			failed = fmt.Errorf("watch %s: %w", folder, err)
		}
		wanted[at] = true
		if !before[at] {
			w.Wake()
		}
	}
	for folder := range w.folders {
		if !wanted[folder] {
			w.system.Remove(folder) // it may have gone by itself
			delete(w.folders, folder)
		}
	}
	return failed
}

// add watches folder, or the nearest above it that is there.
func (w *Watcher) add(folder string) (at string, err error) {
	for {
		if w.folders[folder] {
			return folder, nil
		}
		err := w.system.Add(folder)
		if err == nil {
			w.folders[folder] = true
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder || !errors.Is(err, fs.ErrNotExist) {
			return folder, err
		}
		folder = above
	}
}

// Wake ends a Wait as a change does.
func (w *Watcher) Wake() {
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// Wait returns when something has changed, or was woken; its error is that of
// ctx, or of the system's reports.
func (w *Watcher) Wait(ctx context.Context) error {
	var settled, overdue <-chan time.Time // nil: nothing has changed yet
	for {
		select {
		case event, open := <-w.system.Events:
			if !open {
				return fsnotify.ErrClosed
			}
			if event.Op == fsnotify.Chmod {
				continue
			}
			if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
				delete(w.folders, event.Name) // of a folder: the system watches it no longer
			}
			settled = time.After(quiet)
			if overdue == nil {
				overdue = time.After(patience)
			}
		case err := <-w.system.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				return nil // a change that nobody can name is one
			}
			return fmt.Errorf("watch files: %w", err)
		case <-w.woken:
			settled = time.After(quiet) // a file may be half written
		case <-settled:
			return nil
		case <-overdue:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close ends the watching.
func (w *Watcher) Close() error { return w.system.Close() }

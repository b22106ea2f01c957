package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settled is how long files must be left alone after a change: editors write in
// several steps.
const settled = 20 * time.Millisecond

// onChange calls do at once, and whenever one of the files was changed, until
// ctx ends. Folders are watched, because editors put new files in the place of
// old ones.
func onChange(ctx context.Context, files []string, do func()) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	watched := map[string]bool{}
	for _, file := range files {
		watched[filepath.Clean(file)] = true
		if err := watcher.Add(filepath.Dir(file)); err != nil {
			return err
		}
	}
	do()
	quiet := time.NewTimer(settled)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-watcher.Events:
			if watched[filepath.Clean(event.Name)] && !event.Has(fsnotify.Chmod) {
				quiet.Reset(settled)
			}
		case err := <-watcher.Errors:
			return err
		case <-quiet.C:
			do()
		}
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// stopTimeout is how long everything together may take to end; a deployment that was cut off ends first.
const stopTimeout = 2 * time.Minute

// step is one of the steps that main.go lists.
type step struct {
	name string
	do   func(*session, context.Context) error
}

// session is one run. Its steps fill it in.
type session struct {
	options
	out      io.Writer
	work     string // folder of this run, empty at the start
	cache    string // folder of what is installed once
	launcher *hostprocess.Launcher
	stops    []func(context.Context) error

	localStack  localStack
	endpoint    string // of LocalStack
	productsURL string // as LocalStack reaches it
	outputs     outputs
	baseURL     string // of the stage
}

// withSession runs the steps in the project's folder, up to the first that fails, and ends what they started.
func withSession(ctx context.Context, o options, steps []step) (err error) {
	unlock, err := lock(filepath.Join(".build", "localstack"))
	if err != nil {
		return err
	}
	defer unlock()
	s, err := newSession(o, filepath.Join(".build", "localstack"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	begin := time.Now()
	for _, step := range steps {
		stepBegin := time.Now()
		if err := step.do(s, ctx); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("interrupted: %s", step.name)
			}
			return fmt.Errorf("%s: %w", step.name, err)
		}
		if ctx.Err() == nil { // staying takes as long as the user likes
			fmt.Fprintf(s.out, "%s: %.1f s, %.1f s in all\n", step.name, time.Since(stepBegin).Seconds(), time.Since(begin).Seconds())
		}
	}
	return nil
}

func newSession(o options, folder string) (*session, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	s := &session{
		options:  o,
		out:      os.Stdout,
		work:     filepath.Join(folder, "run"),
		cache:    filepath.Join(folder, "cache"),
		launcher: hostprocess.NewLauncher(),
	}
	if err := os.RemoveAll(s.work); err != nil {
		return nil, err
	}
	return s, os.MkdirAll(s.work, 0o755)
}

// lock keeps a second run out of the folder.
func lock(folder string) (unlock func(), err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, usageError{fmt.Errorf("%s is used by another run: end that one first", folder)}
	}
	return func() { file.Close() }, nil
}

// onStop has stop run at the end of the session, before what was started earlier is ended.
func (s *session) onStop(stop func(context.Context) error) { s.stops = append(s.stops, stop) }

func (s *session) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var errs []error
	for _, stop := range slices.Backward(s.stops) {
		errs = append(errs, stop(ctx))
	}
	s.launcher.Close()
	return errors.Join(errs...)
}

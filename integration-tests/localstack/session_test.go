package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestSessionEndsWhatItStarted(t *testing.T) {
	for _, test := range []struct {
		name      string
		interrupt bool
		fails     error
		want      string
		steps     []string
	}{
		{name: "all well", steps: []string{"start a", "start b", "end b", "end a"}},
		{name: "a step fails", fails: errors.New("no table"), want: "start b: no table", steps: []string{"start a", "end a"}},
		{name: "interrupted", interrupt: true, fails: context.Canceled, want: "interrupted: start b", steps: []string{"start a", "end a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var done []string
			start := func(name string, fails error) step {
				return step{"start " + name, func(s *session, _ context.Context) error {
					if test.interrupt && fails != nil {
						cancel()
					}
					if fails != nil {
						return fails
					}
					done = append(done, "start "+name)
					s.onStop(func(ctx context.Context) error {
						done = append(done, "end "+name)
						return ctx.Err()
					})
					return nil
				}}
			}
			err := withSession(ctx, options{}, []step{start("a", nil), start("b", test.fails)})
			if text(err) != test.want || !reflect.DeepEqual(done, test.steps) {
				t.Errorf("got %v, %q", err, done)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestOneSessionAtATime(t *testing.T) {
	t.Chdir(t.TempDir())
	inside := step{"begin another", func(*session, context.Context) error { return withSession(t.Context(), options{}, nil) }}
	err := withSession(t.Context(), options{}, []step{inside})
	if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), "used by another run") {
		t.Errorf("got %v", err)
	}
	if err := withSession(t.Context(), options{}, nil); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestSessionFindsAnEmptyFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	leave := step{"leave a file", func(s *session, _ context.Context) error {
		entries, err := os.ReadDir(s.work)
		if len(entries) > 0 {
			return fmt.Errorf("found %s", entries[0].Name())
		}
		return errors.Join(err, os.WriteFile(s.work+"/left", nil, 0o644))
	}}
	for range 2 {
		if err := withSession(t.Context(), options{}, []step{leave}); err != nil {
			t.Error(err)
		}
	}
}

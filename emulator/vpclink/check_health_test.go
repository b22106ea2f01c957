package vpclink

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestCheckHealthWaitsForATaskToListen(t *testing.T) {
	refused := errors.New("connection refused")
	tests := []struct {
		name   string
		after  time.Duration // from when on the task answers
		answer error
		want   error
	}{
		{"at once", 0, nil, nil},
		{"late", 40 * time.Second, nil, nil},
		{"never", time.Hour, nil, refused},
		{"with another code", 0, codeError(404), codeError(404)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				g := &targetGroup{targets: []*target{{address: "127.0.0.1:1"}}}
				g.probe = func(context.Context, string) error {
					if time.Since(began) < test.after {
						return refused
					}
					return test.answer
				}
				if err := g.checkHealth(t.Context()); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			})
		})
	}
	t.Run("no task, ever", func(t *testing.T) {
		g := &targetGroup{}
		g.abandoned.Store(true)
		if err := g.checkHealth(t.Context()); !errors.Is(err, errNoTask) {
			t.Errorf("got %v", err)
		}
	})
}

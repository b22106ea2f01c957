package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

func newTestSession(t *testing.T) *session {
	s := &session{out: io.Discard, work: t.TempDir(), cache: t.TempDir(), launcher: hostprocess.NewLauncher()}
	t.Cleanup(s.launcher.Close)
	return s
}

func TestRunShowsTheEndOfTheLog(t *testing.T) {
	s := newTestSession(t)
	if err := s.run(t.Context(), "x.log", os.Environ(), "sh", "-c", "echo fine"); err != nil {
		t.Error(err)
	}
	err := s.run(t.Context(), "x.log", os.Environ(), "sh", "-c", "seq 100; echo no such table >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "sh: exit status 3") || !strings.HasSuffix(err.Error(), "\n100\nno such table") ||
		strings.Contains(err.Error(), "\n50\n") {
		t.Errorf("got %v", err)
	}
}

func TestProcessEnds(t *testing.T) {
	for name, end := range map[string]func(p *process, cancel func()){
		"stopped":            func(p *process, _ func()) { p.stop(context.Background()) },
		"context ends":       func(_ *process, cancel func()) { cancel() },
		"out of time to end": func(p *process, _ func()) { p.stop(ended()) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestSession(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p, err := s.start(ctx, "x.log", os.Environ(), "sh", "-c", "sleep 600 & echo $!; wait")
			if err != nil {
				t.Fatal(err)
			}
			var child int
			processtest.Eventually(t, "the child starts", func() bool {
				child, err = strconv.Atoi(tail(p.log))
				return err == nil
			})
			end(p, cancel)
			<-p.ended
			processtest.Eventually(t, "the child ends", func() bool { return !processtest.Alive(child) })
		})
	}
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestUntil(t *testing.T) {
	absent := errors.New("connection refused")
	for _, test := range []struct {
		name, program string
		check         func(context.Context) error
		want          string
	}{
		{"answers", "sleep 600", func(context.Context) error { return nil }, ""},
		{"ends", "echo no licence; exit 55", func(context.Context) error { return absent }, "no licence"},
		{"takes too long", "echo starting; sleep 600", func(context.Context) error { return absent }, "does not answer after 300ms: connection refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTestSession(t)
			p, err := s.start(t.Context(), "x.log", os.Environ(), "sh", "-c", test.program)
			if err != nil {
				t.Fatal(err)
			}
			defer p.stop(ended())
			limit := time.Minute
			if strings.HasPrefix(test.name, "takes") {
				limit = 300 * time.Millisecond
			}
			err = until(t.Context(), limit, p, test.check)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Nothing of the user's AWS configuration may lead a program to a real account.
func TestEnvironment(t *testing.T) {
	for _, name := range []string{"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ACCESS_KEY_ID"} {
		t.Setenv(name, "real")
	}
	env := (&session{endpoint: "http://127.0.0.1:1"}).environment()
	for _, variable := range env {
		if strings.HasSuffix(variable, "=real") {
			t.Errorf("%s is handed on", variable)
		}
	}
	for _, want := range []string{"AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_ACCESS_KEY_ID=test", "AWS_CONFIG_FILE=" + os.DevNull} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

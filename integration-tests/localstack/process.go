package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// patience is how long a process may take to end when asked to, before it is killed.
const patience = 5 * time.Second

// shownLines is how much of its log the error of a failed program shows.
const shownLines = 25

// run runs a program to its end, in the project's folder. What it prints goes to the log, a file of the run's
// folder; an error shows the end of it.
func (s *session) run(ctx context.Context, log string, env []string, program string, arguments ...string) error {
	p, err := s.start(ctx, log, env, program, arguments...)
	if err != nil {
		return err
	}
	<-p.ended
	return p.failure()
}

// process is a program that runs.
type process struct {
	cmd   *exec.Cmd
	log   string
	ended chan struct{} // closed when the process and its children have ended
	err   error         // valid then
}

// start starts a program whose output goes to a log; it ends with ctx.
func (s *session) start(ctx context.Context, log string, env []string, program string, arguments ...string) (*process, error) {
	file, err := os.OpenFile(filepath.Join(s.work, log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the program has its own then
	p, err := s.launch(ctx, file, env, program, arguments...)
	if err != nil {
		return nil, err
	}
	p.log = file.Name()
	return p, nil
}

func (s *session) launch(ctx context.Context, output *os.File, env []string, program string, arguments ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = output, output
	cmd.Cancel = func() error {
		hostprocess.Terminate(cmd)
		return nil
	}
	cmd.WaitDelay = patience
	if err := s.launcher.Start(cmd); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, ended: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		hostprocess.Kill(cmd) // children that it left behind
		close(p.ended)
	}()
	return p, nil
}

// failure is the error of a process that has ended, with the end of its log.
func (p *process) failure() error {
	if p.err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w; the end of %s:\n%s", filepath.Base(p.cmd.Path), p.err, p.log, tail(p.log))
}

// stop asks the process to end, and kills it when it takes too long.
func (p *process) stop(ctx context.Context) error {
	hostprocess.Terminate(p.cmd)
	select {
	case <-p.ended:
	case <-time.After(patience):
		hostprocess.Kill(p.cmd)
		<-p.ended
	case <-ctx.Done():
		hostprocess.Kill(p.cmd)
		<-p.ended
	}
	return nil
}

func tail(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-shownLines):], []byte("\n")))
}

// environment is what programs get that talk to LocalStack: nothing of the user's AWS configuration, so that nothing
// reaches a real account.
func (s *session) environment() []string {
	return append(withoutAWS(os.Environ()),
		"AWS_ENDPOINT_URL="+s.endpoint,
		"AWS_ACCESS_KEY_ID="+accessKey,
		"AWS_SECRET_ACCESS_KEY="+secretKey,
		"AWS_REGION="+region,
		"AWS_DEFAULT_REGION="+region,
		"AWS_CONFIG_FILE="+os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
	)
}

func withoutAWS(env []string) []string {
	var kept []string
	for _, variable := range env {
		if !strings.HasPrefix(variable, "AWS_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// until tries again and again until check says that it is there, the process has ended, or the time is over.
func until(ctx context.Context, limit time.Duration, p *process, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return errors.Join(errors.New("it ended"), p.failure())
		case <-ctx.Done():
			return fmt.Errorf("it does not answer after %s: %w; the end of %s:\n%s", limit, err, p.log, tail(p.log))
		case <-ticks.C:
		}
	}
}

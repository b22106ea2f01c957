package vpclink

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// A task that has ended is started again after a delay that doubles each time;
// one that ran for a while is taken as sound.
const (
	firstRestart = 100 * time.Millisecond
	maxRestart   = 10 * time.Second
	soundAfter   = 10 * time.Second
)

// pipeGrace is how long output is read on after a task's end.
const pipeGrace = time.Second

// keepRunning runs a task again whenever it ends, until ctx does.
func (s *service) keepRunning(ctx context.Context, number int) {
	log := s.network.options.Log.With("container", s.container.name, "task", number)
	delay := firstRestart
	for {
		started := time.Now()
		err := s.runTask(ctx, number)
		if ctx.Err() != nil {
			return
		}
		s.settle()
		if time.Since(started) >= soundAfter {
			delay = firstRestart
		}
		log.Warn("task ended, it is started again", "error", err, "delay", delay)
		if !wait(ctx, delay) {
			return
		}
		delay = min(2*delay, maxRestart)
	}
}

var errUnhealthy = errors.New("task failed load balancer health checks")

// runTask runs the container's program once, registered with the target groups
// as long as it runs, and ends it when ctx ends or the checks give it up.
func (s *service) runTask(ctx context.Context, number int) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	cmd, err := s.command(ctx, address)
	if err != nil {
		return err
	}
	exited, err := s.launch(cmd, number)
	if err != nil {
		return err
	}
	started := time.Now()
	givenUp := make(chan struct{}, 1)
	giveUp := func() {
		if time.Since(started) >= s.grace {
			select {
			case givenUp <- struct{}{}:
			default:
			}
		}
	}
	deregister := s.register(ctx, address, giveUp)
	select {
	case err := <-exited:
		deregister()
		if err == nil {
			err = errors.New("essential container in task exited")
		}
		return err
	case <-givenUp:
		deregister()
		s.end(cmd, exited)
		return errUnhealthy
	case <-ctx.Done():
		deregister()
		s.end(cmd, exited)
		return ctx.Err()
	}
}

// launch starts a task's process and tells its end.
func (s *service) launch(cmd *exec.Cmd, number int) (exited <-chan error, err error) {
	output := hostprocess.NewLines(s.network.options.Output, s.container.name+" "+strconv.Itoa(number))
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = output, output, pipeGrace
	if err := s.network.launcher.Start(cmd); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		hostprocess.Kill(cmd) // children that it left behind
		output.Flush()
		ended <- err
	}()
	return ended, nil
}

// register adds a task to the service's target groups; the function it returns
// takes it out again.
func (s *service) register(ctx context.Context, address string, unhealthy func()) (deregister func()) {
	targets := make([]*target, len(s.groups))
	for i, group := range s.groups {
		targets[i] = group.register(ctx, address, unhealthy)
	}
	return func() {
		for i, group := range s.groups {
			group.deregister(targets[i])
		}
	}
}

// end asks the process to end, and kills it when its stop timeout is over or
// the network can't wait.
func (s *service) end(cmd *exec.Cmd, exited <-chan error) {
	hostprocess.Terminate(cmd)
	timer := time.NewTimer(s.container.stopTimeout)
	defer timer.Stop()
	select {
	case <-exited:
		return
	case <-timer.C:
	case <-s.network.cut:
	}
	hostprocess.Kill(cmd)
	<-exited
}

// defaultPath is the PATH of an image that sets none.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// command is the container's program with its environment. PORT is the task's
// own, endpoints of local engines go before the template's.
func (s *service) command(ctx context.Context, address string) (*exec.Cmd, error) {
	var engines map[string]string
	if s.network.options.Env != nil {
		var err error
		if engines, err = s.network.options.Env(ctx); err != nil {
			return nil, fmt.Errorf("environment of containers: %w", err)
		}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(s.container.program, s.container.arguments...)
	cmd.Env = hostprocess.Environment(
		map[string]string{"AWS_EXECUTION_ENV": "AWS_ECS_FARGATE", "PATH": defaultPath}, s.container.environment, engines,
		map[string]string{"HOST": host, "PORT": port})
	return cmd, nil
}

// freeAddress finds a port of the loopback interface. Should another program
// take it first, the task fails and is started again on another one.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

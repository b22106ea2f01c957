package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// gatewayFlags are those of make run, and leave all on that a user has, but throttling, the watch of files, and lines for each request.
var gatewayFlags = []string{"serve", "--no-throttle", "--allow-functions", "--no-watch", "--quiet", "--debug", "--port", "0"}

// gateway is the loaded program, and what it says of itself.
type gateway struct {
	cmd      *exec.Cmd
	launcher *hostprocess.Launcher
	folder   string // with tables and outputs; removed in the end
	exited   chan struct{}

	base    string            // URL of the stage
	outputs map[string]string // of all stacks
	tables  *dynamodb.Client
	states  *sfn.Client

	mu     sync.Mutex
	events []string // what it logged as a warning or an error
}

func (s *soak) start(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "apigw-soak-")
	if err != nil {
		return err
	}
	g := &gateway{folder: folder, launcher: hostprocess.NewLauncher(), exited: make(chan struct{}), outputs: map[string]string{}}
	s.gateway = g
	outputs := filepath.Join(folder, "outputs.json")
	g.cmd = exec.Command(s.Program, append(gatewayFlags, "--app", s.App, "--outputs", outputs, "--data-dir", filepath.Join(folder, "data"))...)
	environment, err := g.launch(ctx)
	if err != nil {
		return err
	}
	g.connect(environment)
	return g.readOutputs(outputs)
}

// launch starts the program, and reads what an AWS SDK needs to reach the engines.
func (g *gateway) launch(ctx context.Context) (environment map[string]string, err error) {
	stdout, err := g.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := g.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := g.launcher.Start(g.cmd); err != nil {
		close(g.exited)
		return nil, err
	}
	environment = map[string]string{}
	ready := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if variable, ok := strings.CutPrefix(lines.Text(), "  export "); ok {
				name, value, _ := strings.Cut(variable, "=")
				environment[name] = strings.Trim(value, "'")
			}
			if strings.HasPrefix(lines.Text(), "Ctrl-C") {
				close(ready)
				break
			}
		}
		io.Copy(io.Discard, stdout)
	})
	reading.Go(func() { g.readLog(stderr) })
	go func() {
		reading.Wait()
		g.cmd.Wait()
		close(g.exited)
	}()
	select {
	case <-ready:
		return environment, nil
	case <-g.exited:
		return nil, fmt.Errorf("%s has ended: %s\n%s", g.cmd, g.cmd.ProcessState, strings.Join(g.logged(), "\n"))
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readLog keeps what is no mere event of every day.
func (g *gateway) readLog(log io.Reader) {
	for lines := bufio.NewReader(log); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		if line = bytes.TrimSpace(line); bytes.Contains(line, []byte("level=WARN")) || bytes.Contains(line, []byte("level=ERROR")) || bytes.HasPrefix(line, []byte("apigw: ")) {
			g.mu.Lock()
			g.events = append(g.events, string(line))
			g.mu.Unlock()
		}
	}
}

func (g *gateway) logged() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.events
}

func (g *gateway) connect(environment map[string]string) {
	config := aws.Config{
		Region:      environment["AWS_REGION"],
		Credentials: credentials.NewStaticCredentialsProvider(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], ""),
	}
	g.tables = dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.BaseEndpoint = aws.String(environment["AWS_ENDPOINT_URL_DYNAMODB"]) })
	g.states = sfn.NewFromConfig(config, func(o *sfn.Options) { o.BaseEndpoint = aws.String(environment["AWS_ENDPOINT_URL_SFN"]) })
}

func (g *gateway) readOutputs(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var stacks map[string]map[string]string
	if err := json.Unmarshal(text, &stacks); err != nil {
		return err
	}
	for _, outputs := range stacks {
		maps.Copy(g.outputs, outputs)
	}
	g.base = strings.TrimSuffix(g.outputs["ApiUrl"], "/")
	return nil
}

// grace is how long the gateway may take to end.
const grace = 20 * time.Second

// stop ends the gateway as Ctrl-C does, which has to go well, and removes its tables.
func (s *soak) stop() (err error) {
	g := s.gateway
	if g == nil {
		return nil
	}
	if g.cmd.Process != nil {
		g.cmd.Process.Signal(os.Interrupt) // unless it has ended
		select {
		case <-g.exited:
		case <-time.After(grace):
			err = fmt.Errorf("the gateway did not end within %v", grace)
			hostprocess.Kill(g.cmd)
			<-g.exited
		}
		if err == nil && !g.cmd.ProcessState.Success() {
			err = fmt.Errorf("the gateway ended with %s", g.cmd.ProcessState)
		}
	}
	g.launcher.Close()
	return errors.Join(err, os.RemoveAll(g.folder))
}

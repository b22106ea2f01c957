package awsservice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sidecar is the Node process in which the engines of npm packages run. When it
// ends by itself it is started again, its engines at the same ports: programs
// know them.
type sidecar struct {
	log     *slog.Logger
	folder  string          // where the programs are written
	prepare prepare         // called when an engine listens, before requests go to it
	tasks   sync.WaitGroup  // calls of prepare
	closing context.Context // over when close begins
	stop    context.CancelFunc
	gone    chan struct{} // closed when no process runs, and none will

	mu      sync.Mutex
	config  sidecarConfig          // of all engines
	engines map[string]*sideEngine // those of the configuration
	process *engineProcess         // nil before the first configuration
	err     error                  // why there is none any more
}

// prepare gives an engine what it is to have. ctx ends with the engine's process;
// an error is what its requests get.
type prepare func(ctx context.Context, engine string, port int) error

// sideEngine is an engine of the sidecar. Its port stays.
type sideEngine struct {
	up   chan struct{} // closed while it is prepared, or err is set
	port int
	err  error
}

// sidecarConfig is one line of the process's input: an engine that runs already
// takes what it is given in place of what it had.
type sidecarConfig struct {
	DynamoDB *dynamoDBConfig `json:"dynamodb,omitempty"`
	States   *statesConfig   `json:"states,omitempty"`
	Ports    map[string]int  `json:"ports,omitempty"` // of engines that ran before
}

// A process that has ended is started again after a delay that doubles each
// time, unless it ended too often; one that ran for a while is taken as sound.
const (
	firstRestart = 100 * time.Millisecond
	maxRestarts  = 4
	soundAfter   = 10 * time.Second
)

func newSidecar(log *slog.Logger, folder string, prepare prepare) *sidecar {
	s := &sidecar{log: log, folder: folder, prepare: prepare, engines: map[string]*sideEngine{}, gone: make(chan struct{})}
	s.closing, s.stop = context.WithCancel(context.Background())
	return s
}

// configure runs the engines of the configuration, if it has any, in the process
// that runs already if there is one.
func (s *sidecar) configure(config sidecarConfig) error {
	if config.DynamoDB == nil && config.States == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if config.DynamoDB != nil {
		s.config.DynamoDB = config.DynamoDB
		s.expect("dynamodb")
	}
	if config.States != nil {
		s.config.States = config.States
		s.expect("states")
	}
	switch {
	case s.err != nil:
		return s.err
	case s.process != nil:
		s.process.configure(config)
		return nil
	}
	process, err := startEngineProcess(s.folder)
	if err != nil {
		return err
	}
	s.process = process
	s.process.configure(s.config)
	go s.keepRunning(process)
	return nil
}

func (s *sidecar) expect(engine string) {
	if s.engines[engine] == nil {
		s.engines[engine] = &sideEngine{up: make(chan struct{})}
	}
}

// keepRunning follows the process, and starts it again when it ends.
func (s *sidecar) keepRunning(process *engineProcess) {
	defer close(s.gone)
	delay, restarts := firstRestart, 0
	for {
		began := time.Now()
		ctx, ended := context.WithCancel(s.closing)
		failure := process.follow(s.log, func(engine string, port int) { s.listening(ctx, engine, port) })
		ended()
		s.tasks.Wait()
		s.down()
		close(process.ended)
		if time.Since(began) >= soundAfter {
			delay, restarts = firstRestart, 0
		}
		restarts++
		log := s.log.With("error", failure)
		switch {
		case s.closing.Err() != nil:
		case restarts > maxRestarts:
			log.Error("the engines ended too often and are not started again: restart the gateway", "times", restarts)
		default:
			log.Error("the engines have ended and are started again: "+s.lost()+" are lost", "delay", delay)
		}
		if process = s.restart(failure, restarts > maxRestarts, delay); process == nil {
			return
		}
		delay *= 2
	}
}

// lost is what ends with the process.
func (s *sidecar) lost() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.config.DynamoDB != nil && s.config.DynamoDB.Path != "" {
		return "executions"
	}
	return "items of tables and executions"
}

// restart starts a process in place of one that failed; nil when there is none
// any more, because it failed too often or the sidecar is closed.
func (s *sidecar) restart(failure error, tooOften bool, delay time.Duration) *engineProcess {
	if !tooOften {
		select {
		case <-time.After(delay):
		case <-s.closing.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err = failure; tooOften || s.closing.Err() != nil {
		return nil
	}
	if s.process, s.err = startEngineProcess(s.folder); s.err != nil {
		s.log.Error("the engines can't be started again", "error", s.err)
		return nil
	}
	config := s.config
	config.Ports = map[string]int{}
	for name, engine := range s.engines {
		config.Ports[name] = engine.port
	}
	s.process.configure(config)
	return s.process
}

// listening prepares the engine and lets requests go to it.
func (s *sidecar) listening(ctx context.Context, name string, port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	engine := s.engines[name]
	engine.port = port
	s.tasks.Go(func() {
		err := s.prepare(ctx, name, port)
		s.mu.Lock()
		defer s.mu.Unlock()
		if ctx.Err() == nil { // else the next process is prepared
			engine.err = err
			close(engine.up)
		}
	})
}

// down has requests wait for the engines of the next process.
func (s *sidecar) down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, engine := range s.engines {
		select {
		case <-engine.up:
			engine.up = make(chan struct{})
		default: // it never was
		}
	}
}

// has says whether the engine was configured.
func (s *sidecar) has(engine string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engines[engine] != nil
}

// port waits until the engine listens and is prepared.
func (s *sidecar) port(ctx context.Context, name string) (int, error) {
	s.mu.Lock()
	engine := s.engines[name]
	if engine == nil {
		s.mu.Unlock()
		return 0, fmt.Errorf("the embedded engine of %s was not started", name)
	}
	up := engine.up
	s.mu.Unlock()
	select {
	case <-up:
		s.mu.Lock()
		defer s.mu.Unlock()
		return engine.port, engine.err
	case <-s.gone:
		return 0, s.failed()
	case <-ctx.Done():
		return 0, fmt.Errorf("wait for the embedded engine of %s: %w", name, ctx.Err())
	}
}

// failed says why there is no process any more; nil while there is one.
func (s *sidecar) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// close ends the process.
func (s *sidecar) close() error {
	s.mu.Lock()
	process := s.process
	if process == nil || s.closing.Err() != nil {
		s.mu.Unlock()
		return nil
	}
	s.stop()
	s.mu.Unlock()
	err := process.end()
	<-s.gone
	return err
}

// findPackage looks for an npm package in the node_modules of the template's
// folder and of the working folder, if what is there may run, and of this
// program's, and above each.
func (s *Services) findPackage(name string) (nodeModules string, err error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("node is not in the PATH: install Node.js 20 or later")
	}
	working, err := os.Getwd()
	if err != nil {
		return "", err
	}
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	folders := []string{filepath.Dir(program)}
	if s.options.AllowFunctions {
		folders = append([]string{s.options.Assembly.Dir, working}, folders...)
	}
	for _, at := range folders {
		for ; ; at = filepath.Dir(at) {
			modules := filepath.Join(at, "node_modules")
			if _, err := os.Stat(filepath.Join(modules, name, "package.json")); err == nil {
				return modules, nil
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	if !s.options.AllowFunctions {
		return "", fmt.Errorf("npm package %s is not beside this program, in %s or above, and those beside the template are its own code: "+
			"pass --allow-functions if you trust it", name, folders[0])
	}
	return "", fmt.Errorf("npm package %s not found in %s or above: run npm ci in the project, or npm install %[1]s", name, strings.Join(folders, ", "))
}

// atPort is the base URL of a port of this machine.
func atPort(port int) *url.URL {
	return &url.URL{Scheme: "http", Host: "127.0.0.1:" + strconv.Itoa(port)}
}

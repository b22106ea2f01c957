package awsservice

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// The Node programs of the engines; see engine/main.cjs for how they are spoken to.
//
//go:embed engine
var engineFiles embed.FS

// exitGrace is how long the process may take to end after its input is closed.
const exitGrace = 5 * time.Second

// sidecar is the Node process in which the engines of npm packages run. It is
// not started again when it crashes: what it held in memory would be gone.
type sidecar struct {
	log    *slog.Logger
	folder string // where the programs are written

	cmd   *exec.Cmd
	stdin io.WriteCloser
	ended chan struct{} // closed when the process has ended and its output is read

	mu     sync.Mutex
	ports  map[string]chan int // engine → its port, once it listens
	err    error               // why the process ended
	closed bool                // by us
}

// sidecarConfig is one line of the process's input: an engine that runs already
// takes what it is given in place of what it had.
type sidecarConfig struct {
	DynamoDB *dynamoDBConfig `json:"dynamodb,omitempty"`
	States   *statesConfig   `json:"states,omitempty"`
}

// configure runs the engines of the configuration, in the process that runs
// already if there is one.
func (s *sidecar) configure(config sidecarConfig) error {
	line, err := json.Marshal(config)
	if err != nil {
		return err
	}
	s.expect("dynamodb", config.DynamoDB != nil)
	s.expect("states", config.States != nil)
	if s.cmd == nil {
		if err := s.start(); err != nil {
			return err
		}
	}
	if _, err := s.stdin.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("configure the engine process: %w", err)
	}
	return nil
}

// expect makes a place for the engine's port.
func (s *sidecar) expect(engine string, wanted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if wanted && s.ports[engine] == nil {
		s.ports[engine] = make(chan int, 1)
	}
}

func (s *sidecar) start() error {
	s.ended = make(chan struct{})
	if err := writeEngineFiles(s.folder); err != nil {
		return fmt.Errorf("write the engines' programs: %w", err)
	}
	var err error
	s.cmd = exec.Command("node", filepath.Join(s.folder, "main.cjs"))
	s.cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // packages of others need no credentials of ours
	s.cmd.Stderr = &tail{}
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start node for the embedded engines: %w; install Node.js 20 or later", err)
	}
	go s.watch(stdout)
	return nil
}

// watch reads the process's events until it ends.
func (s *sidecar) watch(stdout io.Reader) {
	defer close(s.ended)
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct {
			Engine    string
			Port      int
			Abandoned []string
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			s.log.Warn("engine process said something else than an event", "error", err)
			continue
		}
		if port := s.expected(event.Engine); port != nil {
			port <- event.Port
		}
		for _, execution := range event.Abandoned {
			s.log.Warn("execution abandoned at the end of its engine", "execution", execution)
		}
	}
	err := s.cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = fmt.Errorf("the process of the embedded engines (DynamoDB, Step Functions) has ended: %w: %s", orExit(err), s.cmd.Stderr)
	if !s.closed {
		s.log.Error("engines are gone; restart to have them again", "error", s.err)
	}
}

func orExit(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// has says whether the engine was started.
func (s *sidecar) has(engine string) bool { return s.expected(engine) != nil }

// expected is where the engine's port is told; nil when it was not started.
func (s *sidecar) expected(engine string) chan int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ports[engine]
}

// port waits until the engine listens.
func (s *sidecar) port(ctx context.Context, engine string) (int, error) {
	expected := s.expected(engine)
	if expected == nil {
		return 0, fmt.Errorf("the embedded engine of %s was not started", engine)
	}
	select {
	case port := <-expected:
		expected <- port // for the next who asks
		return port, s.failed()
	case <-s.ended:
		return 0, s.failed()
	case <-ctx.Done():
		return 0, fmt.Errorf("wait for the embedded engine of %s: %w", engine, ctx.Err())
	}
}

// failed says why the process is gone; nil while it runs.
func (s *sidecar) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// close ends the process: its input is closed, and it is killed when that does
// not do within exitGrace. No context shortens that: the process would be
// killed, and an error reported, where it only had no time to end.
func (s *sidecar) close() error {
	if s.cmd == nil || s.cmd.Process == nil {
		return nil
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	closeErr := s.stdin.Close()
	grace := time.NewTimer(exitGrace)
	defer grace.Stop()
	select {
	case <-s.ended:
		return nil
	case <-grace.C:
	}
	killErr := s.cmd.Process.Kill()
	<-s.ended
	return errors.Join(fmt.Errorf("the engine process did not end in time and was killed"), closeErr, killErr)
}

// writeEngineFiles puts the programs where Node can run them. Each file is
// moved into place whole, because several gateways may start from one folder.
func writeEngineFiles(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return fs.WalkDir(engineFiles, "engine", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := engineFiles.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(folder, entry.Name())
		temporary := to + "." + strconv.Itoa(os.Getpid())
		if err := os.WriteFile(temporary, text, 0o644); err != nil {
			return err
		}
		return os.Rename(temporary, to)
	})
}

// findPackage looks for an npm package in the node_modules of folder and of the
// working folder, and above both.
func findPackage(folder, name string) (nodeModules string, err error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("node is not in the PATH: install Node.js 20 or later")
	}
	working, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for _, at := range []string{folder, working} {
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
	return "", fmt.Errorf("npm package %s not found in %s, in %s or above: run npm ci in the project, or npm install %[1]s", name, folder, working)
}

// loopback is the base URL of a port of this machine.
func loopback(port int) *url.URL {
	return &url.URL{Scheme: "http", Host: "127.0.0.1:" + strconv.Itoa(port)}
}

// tail keeps the last lines of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 2000

// Write keeps the end of everything written.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	t.text = t.text[max(0, len(t.text)-tailSize):]
	return len(p), nil
}

// String gives what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}

package awsservice

import (
	"bufio"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// The Node programs of the engines; see engine/main.cjs for how they are spoken to.
//
//go:embed engine
var engineFiles embed.FS

// exitGrace is how long the process may take to end after its input is closed.
const exitGrace = 5 * time.Second

// engineProcess is one run of the engines' program.
type engineProcess struct {
	launcher *hostprocess.Launcher
	cmd      *exec.Cmd
	stdin    io.WriteCloser
	stdout   io.Reader
	ended    chan struct{} // closed when it has ended and everybody knows
}

func startEngineProcess(folder string) (*engineProcess, error) {
	if err := writeEngineFiles(folder); err != nil {
		return nil, fmt.Errorf("write the engines' programs: %w", err)
	}
	p := &engineProcess{ended: make(chan struct{}), cmd: exec.Command("node", filepath.Join(folder, "main.cjs"))}
	p.cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // packages of others need no credentials of ours
	p.cmd.Stderr = &tail{}
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.stdout, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	p.launcher = hostprocess.NewLauncher()
	if err := p.launcher.Record(folder); err != nil {
		p.launcher.Close()
		return nil, fmt.Errorf("record the engines' process: %w", err)
	}
	if err := p.launcher.Start(p.cmd); err != nil {
		p.launcher.Close()
		return nil, fmt.Errorf("start node for the embedded engines: %w; install Node.js 20 or later", err)
	}
	return p, nil
}

// configure writes one line of input. A process that can't read it has ended,
// and the next one gets the whole configuration.
func (p *engineProcess) configure(config sidecarConfig) {
	line, _ := json.Marshal(config) // texts and numbers always marshal
	p.stdin.Write(append(line, '\n'))
}

// follow reads the process's events until it ends, and says why it has.
func (p *engineProcess) follow(log *slog.Logger, listening func(engine string, port int)) error {
	defer p.launcher.Close()
	lines := bufio.NewScanner(p.stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct {
			Engine    string
			Port      int
			Abandoned []string
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			log.Warn("engine process said something else than an event", "error", err)
			continue
		}
		if event.Engine != "" {
			listening(event.Engine, event.Port)
		}
		for _, execution := range event.Abandoned {
			log.Warn("execution abandoned at the end of its engine", "execution", execution)
		}
	}
	return fmt.Errorf("the process of the embedded engines (DynamoDB, Step Functions) has ended: %w: %s", orExit(p.cmd.Wait()), p.cmd.Stderr)
}

func orExit(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// end closes the process's input, and kills it when that does not do within
// exitGrace. No context shortens that: the process would be killed, and an error
// reported, where it only had no time to end.
func (p *engineProcess) end() error {
	closeErr := p.stdin.Close()
	grace := time.NewTimer(exitGrace)
	defer grace.Stop()
	select {
	case <-p.ended:
		return nil
	case <-grace.C:
	}
	hostprocess.Kill(p.cmd)
	<-p.ended
	return errors.Join(errors.New("the engine process did not end in time and was killed"), closeErr)
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
		temporary := hostprocess.Fresh(to)
		if err := os.WriteFile(temporary, text, 0o644); err != nil {
			return err
		}
		return os.Rename(temporary, to)
	})
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

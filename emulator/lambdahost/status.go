package lambdahost

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Status is what has become of a function until now.
type Status struct {
	Name        string        `json:"name"`
	LogicalID   string        `json:"logicalId"`
	Runtime     string        `json:"runtime"`
	RunsFrom    string        `json:"runsFrom"` // source folder, command or URL
	Missing     string        `json:"missing"`  // why nothing runs it; "" when something does
	Processes   int           `json:"processes"`
	Idle        int           `json:"idle"` // of the processes
	Invocations int           `json:"invocations"`
	ColdStarts  int           `json:"coldStarts"`
	ColdStart   time.Duration `json:"coldStartNs"` // the last one's, until the process asked for its first event
	Log         []string      `json:"log"`         // the last lines that it printed
}

// Status is that of every function, in the order of their names.
func (h *Host) Status() []Status {
	h.mu.Lock()
	functions := slices.Collect(maps.Values(h.functions))
	h.mu.Unlock()
	all := make([]Status, 0, len(functions))
	for _, e := range functions {
		all = append(all, e.status())
	}
	slices.SortFunc(all, func(a, b Status) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (e *environments) status() Status {
	f := e.function
	s := Status{
		Name: f.Name, LogicalID: f.LogicalID, Runtime: f.Runtime,
		RunsFrom: cmp.Or(f.Remote, f.Source, strings.Join(f.Command, " ")), Log: e.printed.lines(),
	}
	if f.Missing != nil {
		s.Missing = f.Missing.Error()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Processes, s.Idle = len(e.all), len(e.idle)
	s.Invocations, s.ColdStarts, s.ColdStart = e.invocations, e.coldStarts, e.coldStart
	return s
}

// What is kept of a function's output: its last lines, and of each so many bytes.
const (
	keptLines  = 200
	keptOfLine = 16 << 10
)

// tail keeps the last lines that are written to it, whole ones each time.
type tail struct {
	mu   sync.Mutex
	last []string
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range strings.Lines(string(p)) {
		line = strings.TrimSuffix(line, "\n")
		if len(line) > keptOfLine {
			line = strings.ToValidUTF8(line[:keptOfLine], "") + "…"
		}
		t.last = append(t.last, line)
	}
	if more := len(t.last) - keptLines; more > 0 {
		t.last = slices.Clone(t.last[more:])
	}
	return len(p), nil
}

func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string{}, t.last...)
}

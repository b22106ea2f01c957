package bench

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// usage is what Linux says of a process.
type usage struct {
	parent int
	cpu    time.Duration
	memory int // bytes that are resident
}

// clockTick is USER_HZ, in which Linux counts processor time for programs.
const clockTick = 10 * time.Millisecond

// usages reads all processes; nothing on systems without /proc.
func usages() map[int]usage {
	all := map[int]usage{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // a pattern that is well-formed
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The name in parentheses may hold anything, so count from its end: see proc_pid_stat(5).
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if len(fields) < 22 {
			continue
		}
		number := func(i int) int {
			n, _ := strconv.Atoi(string(fields[i]))
			return n
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		all[pid] = usage{parent: number(1), cpu: time.Duration(number(11)+number(12)) * clockTick, memory: number(21) * os.Getpagesize()}
	}
	return all
}

// cpu is what all programs that this one has started have used, and those below
// them.
func cpu() (sum time.Duration) {
	all := usages()
	for _, u := range all {
		for up := u.parent; up > 1; up = all[up].parent {
			if up == os.Getpid() {
				sum += u.cpu
				break
			}
		}
	}
	return sum
}

// settle waits until what was measured last, and what it has left to do, is
// done: until all programs together use less than a tenth of a processor.
func settle(ctx context.Context) error {
	const look = 200 * time.Millisecond
	for before := cpu(); ; {
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return ctx.Err()
		}
		now := cpu()
		if now-before < look/10 {
			return nil
		}
		before = now
	}
}

// megabytes are resident of the process alone.
func (p *process) megabytes() float64 { return float64(usages()[p.pid()].memory) / 1e6 }

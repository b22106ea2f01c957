package hostprocess

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
)

// Launcher starts processes from one thread that lives as long as it does: on
// Linux a process asks to be killed when the thread that started it ends
// (PR_SET_PDEATHSIG), so a thread that the Go runtime retires must not be it.
type Launcher struct {
	work  chan func()
	close sync.Once

	record     *os.File // nil without Record
	recordPath string
}

// NewLauncher returns a launcher; Close ends it after its processes have ended.
func NewLauncher() *Launcher {
	l := &Launcher{work: make(chan func())}
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		for start := range l.work {
			start()
		}
	}()
	return l
}

// Start starts cmd in a process group of its own.
func (l *Launcher) Start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = attributes()
	err := make(chan error)
	l.work <- func() { err <- cmd.Start() }
	if err := <-err; err != nil {
		return err
	}
	if err := l.note(cmd.Process.Pid); err != nil {
		Kill(cmd)
		return errors.Join(fmt.Errorf("record the process: %w", err), cmd.Wait())
	}
	return nil
}

// Close ends the launcher's thread, and what it has recorded.
func (l *Launcher) Close() {
	l.close.Do(func() {
		close(l.work)
		if l.record != nil {
			os.Remove(l.recordPath) // an empty or outdated one does no harm
			l.record.Close()
		}
	})
}

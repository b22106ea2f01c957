package hostprocess

import (
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
	return <-err
}

// Close ends the launcher's thread.
func (l *Launcher) Close() { l.close.Do(func() { close(l.work) }) }

package lambdahost

import (
	"os/exec"
	"runtime"
)

// launcher starts processes from one thread that lives as long as the host:
// on Linux a process asks to be killed when the thread that started it ends
// (PR_SET_PDEATHSIG), so that none outlives this program however it dies.
type launcher struct{ work chan func() }

func newLauncher() *launcher {
	l := &launcher{make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range l.work {
			f()
		}
	}()
	return l
}

func (l *launcher) start(cmd *exec.Cmd) error {
	err := make(chan error)
	l.work <- func() { err <- cmd.Start() }
	return <-err
}

func (l *launcher) close() { close(l.work) }

//go:build unix

package hostprocess

import (
	"os/exec"
	"syscall"
)

// Terminate asks the processes of cmd's group to end.
func Terminate(cmd *exec.Cmd) { signalGroup(cmd, syscall.SIGTERM) }

// Kill ends the processes of cmd's group.
func Kill(cmd *exec.Cmd) { signalGroup(cmd, syscall.SIGKILL) }

func signalGroup(cmd *exec.Cmd, signal syscall.Signal) {
	syscall.Kill(-cmd.Process.Pid, signal) // a group that has ended is as good
}

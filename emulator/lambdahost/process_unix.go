//go:build unix && !linux

package lambdahost

import "syscall"

// processAttributes give a process its own group. It ends with ours because
// its poll of the Runtime API fails then.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) } // a group that has ended is as good

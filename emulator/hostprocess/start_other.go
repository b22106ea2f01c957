//go:build unix && !linux

package hostprocess

import (
	"os/exec"
	"strconv"
	"strings"
)

// startOf tells a process from an earlier or later one of the same PID.
func startOf(pid int) (string, error) {
	started, err := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(pid)).Output()
	return strings.TrimSpace(string(started)), err
}

// isGroupOf says whether the group of that ID is that of the process which
// started then.
func isGroupOf(pid int, started string) bool {
	now, err := startOf(pid)
	return err == nil && now == started
}

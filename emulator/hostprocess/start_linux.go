package hostprocess

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// stat is what /proc tells of a process, see proc_pid_stat(5).
type stat struct {
	group, session int
	started        uint64 // clock ticks since the boot
}

func readStat(pid int) (s stat, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s, err
	}
	_, fields, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')'):]), " ")
	var state string
	var parent int
	_, err = fmt.Sscan(fields, &state, &parent, &s.group, &s.session)
	if state == "Z" {
		return s, os.ErrProcessDone // it only waits to be reaped
	}
	if all := strings.Fields(fields); err == nil && len(all) > 19 {
		s.started, err = strconv.ParseUint(all[19], 10, 64)
	}
	return s, err
}

// startOf tells a process from an earlier or later one of the same PID, also of
// another boot; the session says whose it is.
func startOf(pid int) (string, error) {
	s, err := readStat(pid)
	if err != nil {
		return "", err
	}
	boot, err := bootID()
	return fmt.Sprintf("%d %d %s", s.started, s.session, boot), err
}

func bootID() (string, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text)), err
}

// isGroupOf says whether the group of that ID is that of the process which
// started then. Linux kills the process itself with its parent; the group is what
// it has left: its PID is nobody else's as long as that runs, and its members are
// younger and of the same session.
func isGroupOf(pid int, started string) bool {
	if now, err := startOf(pid); err == nil {
		return now == started
	}
	var then stat
	var boot string
	if _, err := fmt.Sscan(started, &then.started, &then.session, &boot); err != nil {
		return false
	}
	if now, err := bootID(); err != nil || now != boot {
		return false
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return false
	}
	members := 0
	for _, process := range processes {
		id, _ := strconv.Atoi(filepath.Base(process))
		member, err := readStat(id)
		if err != nil || member.group != pid {
			continue
		}
		if member.session != then.session || member.started < then.started {
			return false
		}
		members++
	}
	return members > 0
}

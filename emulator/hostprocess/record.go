//go:build unix

package hostprocess

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// A record is a file with the processes that a launcher has started, one a line:
// PID, and when it started. It is locked as long as the launcher's program runs,
// by which others know that somebody else ends those processes.
const recordName = "processes-"

// halfWritten are files that were to be renamed when they are whole: see Fresh.
var halfWritten = regexp.MustCompile(`\.(\d+)\.new$`)

// Fresh names the file to write in place of path before it is renamed to it.
func Fresh(path string) string { return path + "." + strconv.Itoa(os.Getpid()) + ".new" }

// Record has a folder remember the processes that are started from now on, until
// Close. What programs that were killed have left there is removed: processes
// that still run, with their children, and half-written files.
func (l *Launcher) Record(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := errors.Join(endForgotten(folder), removeHalfWritten(folder)); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "new-"+recordName)
	if err != nil {
		return err
	}
	if err := lock(file); err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	name := strings.Replace(file.Name(), "new-"+recordName, recordName, 1)
	if err := os.Rename(file.Name(), name); err != nil {
		return errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	l.record, l.recordPath = file, name
	return nil
}

func lock(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// note adds a process to the record, if there is one.
func (l *Launcher) note(pid int) error {
	if l.record == nil {
		return nil
	}
	started, err := startOf(pid)
	if err != nil {
		return nil // it has ended
	}
	_, err = fmt.Fprintln(l.record, pid, started)
	return err
}

// endForgotten ends what is in the records that nobody holds, and removes them.
func endForgotten(folder string) error {
	records, err := filepath.Glob(filepath.Join(folder, recordName+"*"))
	if err != nil {
		return err
	}
	for _, name := range records {
		file, err := os.Open(name)
		if err != nil {
			continue // another one was faster
		}
		if lock(file) == nil {
			endRecorded(file.Name())
			err = os.Remove(name)
		}
		file.Close()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// endRecorded kills the processes of a record, each with its group. A PID that
// is another process's by now is told by when that one started.
func endRecorded(record string) {
	text, err := os.ReadFile(record)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		id, started, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(id); err == nil && pid > 1 && isGroupOf(pid, started) {
			syscall.Kill(-pid, syscall.SIGKILL) // a group that has ended is as good
		}
	}
}

// removeHalfWritten removes the files that processes which are gone were writing.
func removeHalfWritten(folder string) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		match := halfWritten.FindStringSubmatch(path)
		if match == nil {
			return nil
		}
		pid, err := strconv.Atoi(match[1])
		if err != nil {
			return nil
		}
		if _, err := startOf(pid); err == nil {
			return nil
		}
		return os.Remove(path)
	})
}

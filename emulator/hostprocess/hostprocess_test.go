package hostprocess

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// TestMain lets the test binary be a gateway that is killed while a process runs.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_PARENT") != "" {
		cmd := exec.Command("sh", "-c", "sleep 600 & echo $$ $!; wait")
		cmd.Stdout = os.Stdout
		launcher := NewLauncher()
		if err := errors.Join(launcher.Record(os.Getenv("TEST_PARENT")), launcher.Start(cmd)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed; Go ends a program that waits for nothing
	}
	os.Exit(m.Run())
}

// killedParent kills a program that has started a process, recorded in folder,
// which has a child. It gives the PIDs of both.
func killedParent(t *testing.T, folder string) (process, child int) {
	t.Helper()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), "TEST_PARENT="+folder)
	output, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parent.StdinPipe(); err != nil { // open as long as the parent runs
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(line, &process, &child); err != nil || !processtest.Alive(process) || !processtest.Alive(child) {
		t.Fatalf("processes %q do not run (%v)", line, err)
	}
	processtest.Eventually(t, "the process is recorded", func() bool {
		records, _ := filepath.Glob(filepath.Join(folder, recordName+"*"))
		text, err := os.ReadFile(strings.Join(records, ""))
		return err == nil && strings.HasPrefix(string(text), strconv.Itoa(process))
	})
	parent.Process.Kill()
	parent.Wait()
	return process, child
}

func TestProcessEndsWithItsParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	folder := t.TempDir()
	process, _ := killedParent(t, folder)
	processtest.Eventually(t, "the process ends", func() bool { return !processtest.Alive(process) })
	if err := endForgotten(folder); err != nil { // its child
		t.Fatal(err)
	}
}

// TestNextOneCleansUp has a launcher remove what a killed one has left in its
// folder, and nothing else.
func TestNextOneCleansUp(t *testing.T) {
	folder := t.TempDir()
	process, child := killedParent(t, folder)
	living := NewLauncher()
	defer living.Close()
	stays := exec.Command("sleep", "600")
	if err := living.Start(stays); err != nil {
		t.Fatal(err)
	}
	defer func() { Kill(stays); stays.Wait() }()

	reused, err := startOf(stays.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"program":                        "",
		fmt.Sprintf("x.%d", process):     "", // another one's
		filepath.Base(Fresh("program")):  "", // this process still writes it
		fmt.Sprintf("y.%d.new", process): "",
		recordName + "reused":            fmt.Sprintln(stays.Process.Pid, "1"+reused), // another process of that PID
		recordName + "damaged":           "1 2 3\n-1\n\nx",
	}
	processtest.Eventually(t, "the process ends", func() bool { return runtime.GOOS != "linux" || !processtest.Alive(process) })
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	next := NewLauncher()
	if err := next.Record(folder); err != nil {
		t.Fatal(err)
	}
	processtest.Eventually(t, "the child ends", func() bool { return !processtest.Alive(child) && !processtest.Alive(process) })
	if !processtest.Alive(stays.Process.Pid) {
		t.Error("a process that only has the PID of one that was recorded was killed")
	}
	another := NewLauncher()
	if err := another.Record(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(next.recordPath); err != nil {
		t.Errorf("the record of a launcher that runs was removed: %v", err)
	}
	another.Close()
	next.Close()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	want := []string{"program", filepath.Base(Fresh("program")), fmt.Sprintf("x.%d", process)}
	if !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
}

func TestGroupEnds(t *testing.T) {
	for name, end := range map[string]func(*exec.Cmd){"terminate": Terminate, "kill": Kill} {
		t.Run(name, func(t *testing.T) {
			launcher := NewLauncher()
			defer launcher.Close()
			cmd := exec.Command("sh", "-c", "sleep 600 & echo $!; wait")
			output, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := launcher.Start(cmd); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(output).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			child, err := strconv.Atoi(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			end(cmd)
			cmd.Wait()
			processtest.Eventually(t, "the child ends", func() bool { return !processtest.Alive(child) })
		})
	}
}

func TestStartFails(t *testing.T) {
	launcher := NewLauncher()
	defer launcher.Close()
	if err := launcher.Start(exec.Command("/nowhere/program")); err == nil {
		t.Error("a program that does not exist was started")
	}
}

func TestLines(t *testing.T) {
	tests := []struct {
		name   string
		writes []string
		want   string
	}{
		{"one line", []string{"a\n"}, "[x] a\n"},
		{"two lines at once", []string{"a\nb\n"}, "[x] a\n[x] b\n"},
		{"a line in pieces", []string{"a", "b", "c\nd\n"}, "[x] abc\n[x] d\n"},
		{"no end", []string{"a\nb"}, "[x] a\n[x] b\n"},
		{"empty line", []string{"\n"}, "[x] \n"},
		{"nothing", nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			lines := NewLines(Shared(&out), "x")
			for _, text := range test.writes {
				fmt.Fprint(lines, text)
			}
			lines.Flush()
			if out.String() != test.want {
				t.Errorf("got %q, want %q", out.String(), test.want)
			}
		})
	}
}

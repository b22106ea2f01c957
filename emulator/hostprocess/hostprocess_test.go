package hostprocess

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// TestMain lets the test binary be a gateway that is killed while a process runs.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_PARENT") != "" {
		cmd := exec.Command("sleep", "600")
		if err := NewLauncher().Start(cmd); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(cmd.Process.Pid)
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed; Go ends a program that waits for nothing
	}
	os.Exit(m.Run())
}

func TestProcessEndsWithItsParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), "TEST_PARENT=1")
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
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || !processtest.Alive(pid) {
		t.Fatalf("process %q does not run", line)
	}
	parent.Process.Kill()
	parent.Wait()
	processtest.Eventually(t, "the process ends", func() bool { return !processtest.Alive(pid) })
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

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// faultyServe is apigw serve as a process, with testdata/faults.yaml.
type faultyServe struct {
	*exec.Cmd
	base   string
	stderr *bytes.Buffer
}

// serveFaults starts it; endpoint and function ask gate before they answer.
func serveFaults(t *testing.T, cache, gate string) *faultyServe {
	t.Helper()
	s := &faultyServe{Cmd: faultyCommand(t, cache, gate, "0")}
	s.base, s.stderr = startServe(t, s.Cmd)
	return s
}

// faultyCommand serves a copy of the template, which lies in no project: what is
// built for it goes to the cache.
func faultyCommand(t *testing.T, cache, gate, port string) *exec.Cmd {
	t.Helper()
	text, err := os.ReadFile("testdata/faults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	template := filepath.Join(cache, "faults.yaml")
	if err := os.WriteFile(template, text, 0o600); err != nil {
		t.Fatal(err)
	}
	c := command(t, "serve", "--template", template, "--allow-functions", "--port", port, "--quiet", "--no-watch",
		"--parameter", "Gate="+gate, "--function", "Function="+os.Args[0])
	c.Env = append(c.Env, "XDG_CACHE_HOME="+cache, "HOME="+cache)
	return c
}

// runFunction calls the gate for each invocation; asked to, it leaves a process
// behind and answers with its PID.
func runFunction() {
	lambda.Start(func(event json.RawMessage) (events.APIGatewayProxyResponse, error) {
		answer := events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Body: "done"}
		if bytes.Contains(event, []byte(`"spawn"`)) {
			child := exec.Command("sleep", "600")
			if err := child.Start(); err != nil {
				return answer, err
			}
			answer.Body = strconv.Itoa(child.Process.Pid)
		} else if response, err := http.Get(os.Getenv("GATE")); err == nil {
			response.Body.Close()
		}
		return answer, nil
	})
}

// gate holds the requests that come until it is opened.
type gate struct {
	*httptest.Server
	came chan struct{}
	open func()
}

func newGate(t *testing.T) *gate {
	opened := make(chan struct{})
	g := &gate{came: make(chan struct{}, 100), open: sync.OnceFunc(func() { close(opened) })}
	g.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		g.came <- struct{}{}
		<-opened
	}))
	t.Cleanup(func() { g.open(); g.Close() })
	return g
}

func wantGone(t *testing.T, processes []int) {
	t.Helper()
	for _, pid := range processes {
		processtest.Eventually(t, fmt.Sprintf("process %d ends", pid), func() bool { return !processtest.Alive(pid) })
	}
}

// TestEngineKilled has requests wait for the engine's next process, which has the
// tables again, and none of their items.
func TestEngineKilled(t *testing.T) {
	s := serveFaults(t, t.TempDir(), "http://127.0.0.1:9")
	for range 2 {
		if status, count := request(t, "GET", s.base+"/table", ""); status != 200 || count != "0" {
			t.Fatalf("the table: %d %s", status, count)
		}
		processes := hostprocess.Descendants(s.Process.Pid)
		engine := slices.IndexFunc(processes, isEngine)
		if engine < 0 {
			t.Skip("the engine's process is not known here")
		}
		syscall.Kill(processes[engine], syscall.SIGKILL)
		processtest.Eventually(t, "a request waits for another engine", func() bool {
			status, body := request(t, "GET", s.base+"/table", "")
			if status != 200 && body != `{"message": "Internal server error"}` {
				t.Errorf("in between: %d %s", status, body)
			}
			return status == 200
		})
	}
	stopServe(t, s.Cmd)
	if got := strings.Count(s.stderr.String(), "are lost"); got != 2 {
		t.Errorf("the log says %d times what was lost: %s", got, s.stderr)
	}
}

func isEngine(pid int) bool {
	command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return bytes.Contains(command, []byte("main.cjs"))
}

// TestSIGTERMUnderLoad has requests in flight and others coming when the signal
// comes: the former are answered, nothing new is accepted, nothing is left.
func TestSIGTERMUnderLoad(t *testing.T) {
	gate := newGate(t)
	s := serveFaults(t, t.TempDir(), gate.URL)
	status, count := request(t, "GET", s.base+"/table", "")
	if status != 200 || count != "0" {
		t.Fatalf("the table: %d %s", status, count)
	}

	const held = 10
	var clients sync.WaitGroup
	for i := range 2 * held {
		path := []string{"/endpoint", "/function"}[i%2]
		clients.Go(func() {
			if response, err := http.Get(s.base + path); err != nil {
				t.Errorf("a request in flight: %v", err)
			} else {
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != 200 {
					t.Errorf("a request in flight got %d", response.StatusCode)
				}
			}
		})
	}
	for range 2 * held {
		<-gate.came
	}
	for range held {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for {
				response, err := client.Get(s.base + "/mock")
				if err != nil {
					return // nothing is accepted any more
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != 200 {
					t.Errorf("a request under load got %d", response.StatusCode)
				}
			}
		})
	}
	children := hostprocess.Descendants(s.Process.Pid)
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	processtest.Eventually(t, "new connections are refused", func() bool { return refused(s.base) })
	gate.open()
	if err := s.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, s.stderr)
	}
	clients.Wait()
	if strings.Contains(s.stderr.String(), "level=ERROR") {
		t.Errorf("the log has an error: %s", s.stderr)
	}
	if len(children) == 0 {
		t.Log("the processes below are not known here")
	}
	wantGone(t, children)
}

func refused(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	conn, err := net.Dial("tcp", u.Host)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// TestSecondSIGTERM cuts what is in flight, and says so.
func TestSecondSIGTERM(t *testing.T) {
	gate := newGate(t)
	s := serveFaults(t, t.TempDir(), gate.URL)
	answered := make(chan error, 1)
	go func() {
		response, err := http.Get(s.base + "/function")
		if err == nil {
			response.Body.Close()
		}
		answered <- err
	}()
	<-gate.came
	children := hostprocess.Descendants(s.Process.Pid)
	s.Process.Signal(syscall.SIGTERM)
	processtest.Eventually(t, "new connections are refused", func() bool { return refused(s.base) })
	s.Process.Signal(syscall.SIGTERM)
	if err := s.Wait(); err == nil || s.ProcessState.ExitCode() != 1 || !strings.Contains(s.stderr.String(), "requests in flight were cut: 1") {
		t.Errorf("after the second: %v\n%s", err, s.stderr)
	}
	if err := <-answered; err == nil {
		t.Error("a request that was cut was answered")
	}
	wantGone(t, children)
}

// TestSIGTERMAtTheStart comes while the engines are still on their way.
func TestSIGTERMAtTheStart(t *testing.T) {
	s := serveFaults(t, t.TempDir(), "http://127.0.0.1:9")
	s.Process.Signal(syscall.SIGTERM)
	if err := s.Wait(); err != nil || strings.Contains(s.stderr.String(), "level=ERROR") {
		t.Errorf("%v\n%s", err, s.stderr)
	}
}

// TestPortTaken says what to do, and leaves nothing behind.
func TestPortTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	cache := t.TempDir()
	c := faultyCommand(t, cache, "http://127.0.0.1:9", port)
	output, err := c.CombinedOutput()
	if c.ProcessState.ExitCode() != 1 {
		t.Errorf("exit: %v", err)
	}
	if want := "address already in use (another port: --port)"; !strings.Contains(string(output), want) || strings.Contains(string(output), "level=ERROR") {
		t.Errorf("the output is not just %q: %s", want, output)
	}
	wantNothingLeft(t, cache)
}

// wantNothingLeft wants neither a record of processes nor a half-written file.
func wantNothingLeft(t *testing.T, cache string) {
	t.Helper()
	for _, pattern := range []string{"processes-*", "*.new"} {
		if left, _ := filepath.Glob(filepath.Join(cache, "apigw", "*", "*", pattern)); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

// TestNextStartCleansUp kills the gateway; the next one ends what it has left.
func TestNextStartCleansUp(t *testing.T) {
	cache := t.TempDir()
	s := serveFaults(t, cache, "http://127.0.0.1:9")
	_, left := request(t, "GET", s.base+"/function?do=spawn", "")
	orphan, err := strconv.Atoi(left)
	if err != nil || !processtest.Alive(orphan) {
		t.Fatalf("the function's child: %q", left)
	}
	if status, _ := request(t, "GET", s.base+"/table", ""); status != 200 {
		t.Fatalf("the table: %d", status)
	}
	children := hostprocess.Descendants(s.Process.Pid)
	s.Process.Kill()
	s.Wait()
	children = slices.DeleteFunc(children, func(pid int) bool { return pid == orphan })
	if len(children) > 0 { // Linux: the processes that it started die with it
		wantGone(t, children)
	}
	half := filepath.Join(filepath.Dir(recordOf(t, cache)), fmt.Sprintf("main.cjs.%d.new", s.Process.Pid))
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}

	next := serveFaults(t, cache, "http://127.0.0.1:9")
	wantGone(t, append(children, orphan))
	stopServe(t, next.Cmd)
	wantNothingLeft(t, cache)
}

// recordOf is a file in which a killed gateway has its processes.
func recordOf(t *testing.T, cache string) string {
	t.Helper()
	records, err := filepath.Glob(filepath.Join(cache, "apigw", "*", "*", "processes-*"))
	if err != nil || len(records) == 0 {
		t.Fatalf("no record of processes in %s", cache)
	}
	return records[0]
}

package lambdahost

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

func TestAsynchronous(t *testing.T) {
	delays := retryDelays
	retryDelays = []time.Duration{time.Millisecond, time.Millisecond}
	t.Cleanup(func() { retryDelays = delays })
	for _, c := range []struct {
		name     string
		failures int32 // attempts that fail
		want     int32 // attempts altogether
	}{
		{"success", 0, 1},
		{"tried again", 1, 2},
		{"given up", 9, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var attempts atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if attempts.Add(1) <= c.failures {
					w.WriteHeader(http.StatusTeapot)
				}
			}))
			defer server.Close()
			h := New(Options{Functions: []Function{testFunction("f")}})
			payload := []byte(`{"do":"get","url":"` + server.URL + `"}`)
			result, err := h.Invoke(t.Context(), "f", payload, InvokeOptions{InvocationType: Event})
			if err != nil || result.StatusCode != http.StatusAccepted || len(result.Payload) > 0 {
				t.Fatalf("%+v, %v", result, err)
			}
			if err := h.Close(t.Context()); err != nil { // nothing accepted is lost
				t.Fatal(err)
			}
			if got := attempts.Load(); got != c.want {
				t.Errorf("%d attempts, want %d", got, c.want)
			}
		})
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	for _, c := range []struct {
		name, do string
	}{{"idle process", "pid"}, {"child of the function", "spawn"}} {
		t.Run(c.name, func(t *testing.T) {
			h := New(Options{Functions: []Function{testFunction("f")}})
			pid := tell(t, h, "f", call{Do: c.do}).PID
			if !processtest.Alive(pid) {
				t.Fatal("the process does not run")
			}
			if err := h.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			processtest.Eventually(t, "the process ends", func() bool { return !processtest.Alive(pid) })
			if _, err := h.Invoke(t.Context(), "f", nil, InvokeOptions{}); err == nil {
				t.Error("a closed host accepts invocations")
			}
		})
	}
	t.Run("in flight", func(t *testing.T) {
		h := New(Options{Functions: []Function{testFunction("f")}})
		if _, err := h.Invoke(t.Context(), "f", []byte(`{"do":"hang"}`), InvokeOptions{InvocationType: Event}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.Close(ctx); err == nil || !strings.Contains(err.Error(), "1 invocations were cut off") {
			t.Errorf("error %v", err)
		}
	})
}

func TestProcessesEndWithTheirHost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs PR_SET_PDEATHSIG")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(program)
	parent.Env = append(os.Environ(), "TEST_PARENT=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var answer told
	if err != nil || json.Unmarshal(line, &answer) != nil || !processtest.Alive(answer.PID) {
		t.Fatalf("%s %v", line, err)
	}
	parent.Process.Kill()
	parent.Wait()
	processtest.Eventually(t, "the function's process ends", func() bool { return !processtest.Alive(answer.PID) })
}

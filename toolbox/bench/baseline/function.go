package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// slots is how many processes of the function run.
const slots = 16

// functions are the processes of one function and their Runtime API: nothing
// of Lambda but the handing over.
type functions struct {
	waiting   chan *invocation
	running   sync.Map // ID → *invocation
	last      atomic.Int64
	processes []*exec.Cmd
}

type invocation struct {
	id      string
	payload []byte
	result  chan []byte
}

const runtimePath = "/2018-06-01/runtime/invocation/"

func startFunctions(program, runtimeAPI string) (*functions, error) {
	f := &functions{waiting: make(chan *invocation)}
	for range slots {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), "AWS_LAMBDA_RUNTIME_API="+runtimeAPI, "AWS_LAMBDA_FUNCTION_NAME=baseline")
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			f.stop()
			return nil, err
		}
		f.processes = append(f.processes, cmd)
	}
	return f, nil
}

func (f *functions) stop() {
	for _, cmd := range f.processes {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// ServeHTTP takes invocations from outside, and what the processes ask for.
func (f *functions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, isRuntime := strings.CutPrefix(r.URL.Path, runtimePath)
	if isRuntime && call == "next" {
		f.next(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if isRuntime {
		f.respond(w, call, body)
		return
	}
	i := &invocation{strconv.FormatInt(f.last.Add(1), 10), body, make(chan []byte, 1)}
	select {
	case f.waiting <- i:
	case <-r.Context().Done():
		return
	}
	select {
	case result := <-i.result:
		w.Write(result)
	case <-r.Context().Done():
	}
}

func (f *functions) next(w http.ResponseWriter, r *http.Request) {
	select {
	case i := <-f.waiting:
		f.running.Store(i.id, i)
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(10*time.Second).UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:baseline")
		w.Write(i.payload)
	case <-r.Context().Done():
	}
}

// respond gives the result, or the error, to whoever invoked.
func (f *functions) respond(w http.ResponseWriter, call string, body []byte) {
	id, _, _ := strings.Cut(call, "/")
	i, found := f.running.LoadAndDelete(id)
	if !found {
		http.Error(w, fmt.Sprintf("no invocation %q is running", id), http.StatusBadRequest)
		return
	}
	i.(*invocation).result <- body
	w.WriteHeader(http.StatusAccepted)
}

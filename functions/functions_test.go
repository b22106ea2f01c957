// Package functions_test holds the functions to what they cost at their start:
// a cold start loads the zipped program and waits until it asks for its first
// invocation.
package functions_test

import (
	"archive/zip"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// maxZipped is the size of a zipped program in bytes.
const maxZipped = 6 << 20

// names gives the functions: each folder with a program.
func names(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("*/main.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no functions found: %v", err)
	}
	var all []string
	for _, file := range files {
		all = append(all, filepath.Dir(file))
	}
	return all
}

// TestZippedSize looks at the programs that were built for Lambda.
func TestZippedSize(t *testing.T) {
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			program, err := os.Open(filepath.Join("..", ".build", "arm64", name, "bootstrap"))
			if err != nil {
				t.Skipf("make synth builds it: %v", err)
			}
			defer program.Close()
			var size counter
			archive := zip.NewWriter(&size)
			entry, err := archive.Create("bootstrap")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(entry, program); err != nil {
				t.Fatal(err)
			}
			if err := archive.Close(); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes zipped", size)
			if size > maxZipped {
				t.Errorf("%d bytes zipped, more than %d", size, maxZipped)
			}
		})
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// events are what the functions are measured with, by name.
var events = map[string]string{
	"lambda": `{"requestId": "r-1", "format": "json", "order": ` + anOrder + `}`,
	"lambda-proxy": `{"resource": "/lambda-proxy/orders", "path": "/lambda-proxy/orders", "httpMethod": "POST",
		"requestContext": {"requestId": "r-1", "path": "/prod/lambda-proxy/orders"}, "body": ` + strconv.Quote(anOrder) + `}`,
	"notifications": `{"Records": [{"Sns": {"MessageId": "m-1", "TopicArn": "t", "Subject": "s", "Message": "{}", "Timestamp": "2026-11-24T00:00:00.000Z"}}]}`,
	"weather":       `{"rawPath": "/weather", "queryStringParameters": {"city": "Berlin"}, "requestContext": {"http": {"method": "GET", "path": "/weather"}}}`,
	"workflow":      `{"action": "validate", "requestId": "r-1", "order": ` + anOrder + `}`,
}

const anOrder = `{"customerId": "c-1", "items": [{"sku": "A", "name": "cup", "quantity": 2, "unitPrice": "12.50"}]}`

// BenchmarkStart is the time from a process's start to its first request of the
// Runtime API, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func BenchmarkStart(b *testing.B) {
	for _, name := range names(b) {
		b.Run(name, func(b *testing.B) {
			program := build(b, name)
			for b.Loop() {
				run := start(b, name, program)
				<-run.polls
				b.StopTimer()
				run.end()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkInvoke tells the processor time of an invocation of a warm process;
// the store answers at once. docs/functions.md makes of it how long an
// invocation takes with which memory.
func BenchmarkInvoke(b *testing.B) {
	for _, name := range names(b) {
		b.Run(name, func(b *testing.B) {
			run := start(b, name, build(b, name))
			for b.Loop() {
				run.invoke(b, events[name])
			}
			b.ReportMetric(float64(run.end().Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// A client for each invocation would make twenty connections. Some more than one
// are right: the SDK closes the request's body when the answer is there, and when
// that comes within microseconds, as here, net/http may still be at the body and
// gives the connection up.
func TestConnectionIsKept(t *testing.T) {
	for _, name := range []string{"lambda", "lambda-proxy", "notifications"} {
		t.Run(name, func(t *testing.T) {
			run := start(t, name, build(t, name))
			for range 20 {
				run.invoke(t, events[name])
			}
			if n := run.connections.Load(); n > 15 {
				t.Errorf("20 invocations made %d connections to the store", n)
			}
		})
	}
}

// build makes the program for this machine.
func build(t testing.TB, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", program, "./"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return program
}

// running is a function's process between a Runtime API and a store.
type running struct {
	cmd         *exec.Cmd
	polls       chan chan string // requests of the Runtime API for an invocation
	results     chan string      // method and path below runtime/, and what the function gave
	connections atomic.Int32     // to the store
	end         func() time.Duration
}

// start runs the program until the test's end, or until end is called, which
// gives the processor time that it took.
func start(t testing.TB, name, program string) *running {
	t.Helper()
	r := &running{polls: make(chan chan string), results: make(chan string)}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.Method == http.MethodPost {
			body, _ := io.ReadAll(request.Body)
			w.WriteHeader(http.StatusAccepted)
			r.results <- path.Base(request.URL.Path) + " " + string(body)
			return
		}
		event := make(chan string)
		select {
		case r.polls <- event:
		case <-request.Context().Done():
			return
		}
		select {
		case text := <-event:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "r-1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
			io.WriteString(w, text)
		case <-request.Context().Done():
		}
	}))
	store := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		io.WriteString(w, "{}")
	}))
	store.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			r.connections.Add(1)
		}
	}
	store.Start()
	r.cmd = exec.Command(program)
	r.cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://"), "AWS_LAMBDA_FUNCTION_NAME=" + name, "AWS_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_ENDPOINT_URL_DYNAMODB=" + store.URL,
		"ORDERS_TABLE=orders", "NOTIFICATIONS_TABLE=notifications",
	}
	r.end = sync.OnceValue(func() time.Duration {
		r.cmd.Process.Kill()
		r.cmd.Wait()
		api.Close()
		store.Close()
		return r.cmd.ProcessState.UserTime() + r.cmd.ProcessState.SystemTime()
	})
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.end() })
	return r
}

// invoke waits for what the function makes of an event; an error is a failure.
func (r *running) invoke(t testing.TB, event string) {
	t.Helper()
	poll := <-r.polls
	poll <- event
	if result := <-r.results; !strings.HasPrefix(result, "response ") {
		t.Fatalf("the function gave: %s", result)
	}
}

package lambdahost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

func TestInvoke(t *testing.T) {
	short := testFunction("short")
	short.Timeout = 200 * time.Millisecond
	exits, reports := testFunction("exits"), testFunction("reports")
	exits.Environment = map[string]string{"INIT": "exit"}
	reports.Environment = map[string]string{"INIT": "error"}
	h := start(t, Options{Functions: []Function{testFunction("f"), short, exits, reports}})

	for _, c := range []struct {
		name, function, event string
		error                 bool   // a function error
		want                  string // the payload; * stands for the request ID
	}{
		{"success", "f", `{"do":"echo","n":1.50}`, false, `{"do":"echo","n":1.50}`},
		{"empty event is an object", "f", ``, false, `{"pid":`},
		{"error of the handler", "f", `{"do":"fail"}`, true, `{"errorMessage":"[BadRequest] no items","errorType":"errorString"}`},
		{"panic", "f", `{"do":"panic"}`, true, `{"errorMessage":"out of order","errorType":"string","stackTrace":[`},
		{"exit", "f", `{"do":"exit"}`, true,
			`{"errorType":"Runtime.ExitError","errorMessage":"RequestId: * Error: Runtime exited with error: exit status 7"}`},
		{"timeout", "short", `{"do":"hang"}`, true,
			`{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: * Error: Task timed out after 0.20 seconds"}`},
		{"too large a response", "f", `{"do":"large"}`, true,
			`{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}`},
		{"exit before the first poll", "exits", `{}`, true,
			`{"errorType":"Runtime.ExitError","errorMessage":"Error: Runtime exited with error: exit status 3"}`},
		{"reported init error", "reports", `{}`, true, `{"errorType":"Init.Broken","errorMessage":"no table"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			result, err := h.Invoke(t.Context(), c.function, []byte(c.event), InvokeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if (result.FunctionError == "Unhandled") != c.error || result.StatusCode != 200 {
				t.Errorf("function error %q, status %d", result.FunctionError, result.StatusCode)
			}
			got := strings.ReplaceAll(string(result.Payload), result.RequestID, "*")
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("payload %.300s\nwant    %s", got, c.want)
			}
		})
		t.Run(c.name+", then the next works", func(t *testing.T) {
			if c.function != "f" && c.function != "short" {
				t.Skip("the function never starts")
			}
			if got := tell(t, h, c.function, call{Do: "pid"}); got.PID == 0 {
				t.Error("no answer")
			}
		})
	}
}

func TestInvokeRefusals(t *testing.T) {
	none := testFunction("none")
	none.Reserved = new(int)
	h := start(t, Options{Functions: []Function{testFunction("f"), none}})
	for _, c := range []struct {
		name, function string
		payload        []byte
		options        InvokeOptions
		status         int
		kind           string
	}{
		{"no such function", "g", nil, InvokeOptions{}, 404, "ResourceNotFoundException"},
		{"no JSON", "f", []byte(`<order/>`), InvokeOptions{}, 400, "InvalidRequestContentException"},
		{"unknown type", "f", nil, InvokeOptions{InvocationType: "Later"}, 400, "InvalidParameterValueException"},
		{"too large", "f", make([]byte, maxPayload+1), InvokeOptions{}, 413, "RequestTooLargeException"},
		{"event too large", "f", make([]byte, maxEventPayload+1), InvokeOptions{InvocationType: Event}, 413, "RequestTooLargeException"},
		{"reserved concurrency zero", "none", nil, InvokeOptions{}, 429, "TooManyRequestsException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.Invoke(t.Context(), c.function, c.payload, c.options)
			var refusal *Error
			if !errors.As(err, &refusal) || refusal.StatusCode != c.status || refusal.Type != c.kind {
				t.Errorf("error %v, want %d %s", err, c.status, c.kind)
			}
		})
	}
}

func TestNames(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
	for _, c := range []struct{ name, want string }{
		{"f", arn}, {"f:live", arn + ":live"}, {"123456789012:function:f", arn}, {arn, arn}, {arn + ":7", arn + ":7"},
		{"f:$LATEST", arn},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tell(t, h, c.name, call{Do: "arn"}).ARN; got != c.want {
				t.Errorf("invoked ARN %s, want %s", got, c.want)
			}
		})
	}
}

// TestEnvironment has a function print all its variables: those of the template,
// Lambda's own and the engines', and nothing of this process's.
func TestEnvironment(t *testing.T) {
	t.Setenv("DEVELOPERS_SECRET", "x")
	f := testFunction("f")
	f.Environment = map[string]string{"ORDERS_TABLE": "orders", "AWS_REGION": "mars-1", "AWS_ENDPOINT_URL": "https://example.com"}
	h := start(t, Options{Functions: []Function{f}, Env: func(context.Context) (map[string]string, error) {
		return map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, nil
	}})
	var vars []string
	if err := json.Unmarshal(invoke(t, h, "f", call{Do: "environ"}).Payload, &vars); err != nil {
		t.Fatal(err)
	}
	for i, v := range vars { // what differs in each process
		for _, name := range []string{"AWS_LAMBDA_LOG_STREAM_NAME=", "AWS_LAMBDA_RUNTIME_API=", "_X_AMZN_TRACE_ID="} {
			if strings.HasPrefix(v, name) {
				vars[i] = name
			}
		}
	}
	slices.Sort(vars)
	want := []string{
		"AWS_DEFAULT_REGION=eu-west-1", "AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/f", "AWS_LAMBDA_LOG_STREAM_NAME=",
		"AWS_LAMBDA_RUNTIME_API=", "AWS_REGION=eu-west-1", "LAMBDA_TASK_ROOT=" + os.TempDir(), "LANG=en_US.UTF-8", "ORDERS_TABLE=orders",
		"PATH=/usr/local/bin:/usr/bin/:/bin:/opt/bin", "TZ=:UTC", "_HANDLER=bootstrap",
		"_X_AMZN_TRACE_ID=", // by the runtime
	}
	if !slices.Equal(vars, want) {
		t.Errorf("the environment is\n%s\nwant\n%s", strings.Join(vars, "\n"), strings.Join(want, "\n"))
	}
}

// meeting is a server that answers only when n requests are there, and counts
// them.
func meeting(t *testing.T, n int) (server *httptest.Server, arrived *atomic.Int32) {
	arrived = new(atomic.Int32)
	all := make(chan struct{})
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if int(arrived.Add(1)) == n {
			close(all)
		}
		select {
		case <-all:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	return server, arrived
}

func TestConcurrency(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	server, _ := meeting(t, 2)
	var mu sync.Mutex
	pids := map[int]bool{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			answer := tell(t, h, "f", call{Do: "get", URL: server.URL})
			mu.Lock()
			defer mu.Unlock()
			pids[answer.PID] = true
		})
	}
	wg.Wait()
	if len(pids) != 2 {
		t.Fatalf("two invocations at a time ran in %d processes", len(pids))
	}
	for range 20 {
		if pid := tell(t, h, "f", call{Do: "pid"}).PID; !pids[pid] {
			t.Fatal("a further process, though two are idle")
		}
	}
}

func TestReservedConcurrency(t *testing.T) {
	f := testFunction("f")
	one := 1
	f.Reserved = &one
	h := start(t, Options{Functions: []Function{f}})
	server, arrived := meeting(t, 2) // the test is the second
	done := make(chan struct{})
	go func() {
		defer close(done)
		tell(t, h, "f", call{Do: "get", URL: server.URL})
	}()
	processtest.Eventually(t, "the first has the only place", func() bool { return arrived.Load() == 1 })
	_, err := h.Invoke(t.Context(), "f", nil, InvokeOptions{})
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.StatusCode != http.StatusTooManyRequests {
		t.Errorf("error %v", err)
	}
	if _, err := http.Get(server.URL); err != nil { // lets the function end
		t.Fatal(err)
	}
	<-done
	tell(t, h, "f", call{Do: "pid"})
}

func TestProcessThatEndedWhileIdle(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	first := tell(t, h, "f", call{Do: "pid"}).PID
	idle := h.functions["f"].idle[0]
	hostprocess.Kill(idle.cmd)
	<-idle.exited
	if second := tell(t, h, "f", call{Do: "pid"}).PID; second == first {
		t.Error("a dead process answered")
	}
}

func TestCallerThatGivesUp(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	server, arrived := meeting(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := h.Invoke(ctx, "f", []byte(`{"do":"get","url":"`+server.URL+`"}`), InvokeOptions{})
		done <- err
	}()
	processtest.Eventually(t, "the function runs", func() bool { return arrived.Load() == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := http.Get(server.URL); err != nil { // lets the function end
		t.Fatal(err)
	}
}

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	h := New(Options{Functions: []Function{testFunction("f")}, Output: &out})
	invoke(t, h, "f", call{Do: "print"})
	if err := h.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[f] one line\n", "[f] no end of line\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output %q has no %q", out.String(), want)
		}
	}
}

func TestInvokeAPI(t *testing.T) {
	h := start(t, Options{Functions: []Function{testFunction("f")}})
	for _, c := range []struct {
		name, function, body, kind string
		status                     int
		header, value              string
		want                       string
	}{
		{"result", "f", `{"do":"echo"}`, "", 200, "X-Amz-Executed-Version", "$LATEST", `{"do":"echo"}`},
		{"ARN", "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af", `{"do":"echo"}`, "", 200, "", "", `{"do":"echo"}`},
		{"function error", "f", `{"do":"fail"}`, "", 200, "X-Amz-Function-Error", "Unhandled",
			`{"errorMessage":"[BadRequest] no items","errorType":"errorString"}`},
		{"event", "f", `{"do":"pid"}`, "Event", 202, "", "", ""},
		{"dry run", "f", `{"do":"exit"}`, "DryRun", 204, "", "", ""},
		{"no such function", "g", `{}`, "", 404, "X-Amzn-ErrorType", "ResourceNotFoundException",
			`{"Message":"Function not found: g","Type":"User"}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := h.Endpoint() + "/2015-03-31/functions/" + c.function + "/invocations"
			request, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.kind != "" {
				request.Header.Set("X-Amz-Invocation-Type", c.kind)
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, _ := io.ReadAll(response.Body)
			if response.StatusCode != c.status || string(body) != c.want || response.Header.Get(c.header) != c.value {
				t.Errorf("%d %s %q", response.StatusCode, body, response.Header)
			}
		})
	}
}

func BenchmarkWarmInvoke(b *testing.B) {
	h := start(b, Options{Functions: []Function{testFunction("f")}})
	event := []byte(`{"do":"echo"}`)
	for b.Loop() {
		if _, err := h.Invoke(b.Context(), "f", event, InvokeOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkColdInvoke(b *testing.B) {
	for b.Loop() {
		h := New(Options{Functions: []Function{testFunction("f")}})
		invoke(b, h, "f", call{Do: "pid"})
		h.Close(b.Context())
	}
}

package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// TestMain lets the test binary be the function of testdata/faults.yaml.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		runFaultyFunction()
		return
	}
	os.Exit(m.Run())
}

// faultyAPI is testdata/faults.yaml, served.
type faultyAPI struct {
	*Emulator
	logs chan string // of each request, see entries
}

func serveFaults(t *testing.T, parameters map[string]string) *faultyAPI {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Endpoint", "Refusing", "SelfSigned"} {
		if parameters[name] == "" {
			parameters[name] = "http://127.0.0.1:9"
		}
	}
	api := &faultyAPI{logs: make(chan string, 1)}
	api.Emulator, err = Start(t.Context(), Options{
		App: "testdata/faults.yaml", Parameters: parameters,
		Functions: map[string]string{"Function": program, "Broken": program},
		Trace:     func(t *trace.Trace) { api.logs <- entries(t) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := api.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if len(api.Problems()) > 0 {
		t.Fatal(api.Problems())
	}
	return api
}

// entries are what is logged of a request, beside bodies and headers.
func entries(t *trace.Trace) string {
	var text strings.Builder
	for _, entry := range t.Entries(trace.Words, trace.Note) {
		fmt.Fprintln(&text, entry.Text)
	}
	return text.String()
}

// get gives status and body of an answer, and what is logged of its request.
func (a *faultyAPI) get(t *testing.T, path string) (answer, log string) {
	t.Helper()
	response, err := http.Get(a.BaseURL() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s", response.StatusCode, body), <-a.logs
}

// fault is a way to fail: the path of a request that does, what its client gets,
// and what the log has to say.
type fault struct{ name, path, want, log string }

func (a *faultyAPI) meets(t *testing.T, f fault) {
	t.Helper()
	answer, log := a.get(t, f.path)
	if answer != f.want {
		t.Errorf("got %s, want %s", answer, f.want)
	}
	if !strings.Contains(log, f.log) {
		t.Errorf("the log lacks %q:\n%s", f.log, log)
	}
}

// What clients are told of a fault, with its status before it.
const (
	internalError = `{"message": "Internal server error"}`
	timedOut      = `504 {"message": "Endpoint request timed out"}`
	networkError  = `504 {"message": "Network error communicating with endpoint"}`
)

// TestFunctionFaults has a function fail in each way, and then answer.
func TestFunctionFaults(t *testing.T) {
	released := make(chan struct{})
	gate := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer gate.Close()
	api := serveFaults(t, map[string]string{})
	for _, fault := range []fault{
		{"killed", "/function/killed", "502 " + internalError, "Runtime exited with error: signal: killed"},
		{"exits at start", "/broken", "502 " + internalError, "Runtime exited with error: exit status 3"},
		{"hangs", "/function/hangs", "502 " + internalError, "Task timed out after 1.00 seconds"},
		{"answers garbage", "/function/garbage", "502 " + internalError, "Malformed Lambda proxy response"},
		{"answers too much", "/function/huge", "502 " + internalError, "Response payload size exceeded maximum allowed payload size"},
		{"answers late", "/hurry/late?gate=" + url.QueryEscape(gate.URL), timedOut, "Execution failed due to a timeout error"},
		{"answers twice", "/function/twice", "200 first", "Method completed with status: 200"},
	} {
		t.Run(fault.name, func(t *testing.T) {
			api.meets(t, fault)
			if fault.name == "answers late" {
				close(released) // and nobody wants the answer any more
			}
			want := "200 sound"
			if fault.name == "answers twice" {
				want = "200 the second answer got 400"
			}
			if answer, log := api.get(t, "/function/next"); answer != want {
				t.Errorf("then %s, want %s\n%s", answer, want, log)
			}
		})
	}
}

// runFaultyFunction does what the paths of its requests say.
func runFaultyFunction() {
	if os.Getenv("INIT") == "exit" {
		os.Exit(3)
	}
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	says := "sound"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			return
		}
		var event struct {
			PathParameters        struct{ Fault string }
			QueryStringParameters struct{ Gate string }
		}
		if err := json.NewDecoder(next.Body).Decode(&event); err != nil {
			panic(err)
		}
		next.Body.Close()
		answer := func(payload string) (status int) {
			response, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", strings.NewReader(payload))
			if err != nil {
				return 0
			}
			response.Body.Close()
			return response.StatusCode
		}
		switch event.PathParameters.Fault {
		case "killed":
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "hangs":
			select {}
		case "garbage":
			answer("<order/>")
		case "huge":
			answer(`{"body":"` + string(bytes.Repeat([]byte("x"), 7<<20)) + `"}`)
		case "late":
			http.Get(event.QueryStringParameters.Gate)
			answer(`{"body":"late"}`)
		case "twice":
			answer(`{"body":"first"}`)
			says = fmt.Sprintf("the second answer got %d", answer(`{"body":"second"}`))
		default:
			answer(`{"body":"` + says + `"}`)
		}
	}
}

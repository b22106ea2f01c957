package lambdahost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// TestMain lets the test binary be the function, too: what Lambda starts finds
// the Runtime API in its environment.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv("AWS_LAMBDA_RUNTIME_API") != "":
		runFunction()
	case os.Getenv("TEST_PARENT") != "":
		runParent()
	default:
		os.Exit(m.Run())
	}
}

// call is the event of the test function: what it is to do.
type call struct {
	Do  string `json:"do"`
	URL string `json:"url,omitempty"`
	Env string `json:"env,omitempty"`
}

// told is what it returns.
type told struct {
	PID      int             `json:"pid"`
	Value    string          `json:"value,omitempty"`
	ARN      string          `json:"arn,omitempty"`
	Deadline time.Time       `json:"deadline"`
	Context  json.RawMessage `json:"context,omitempty"`
}

func runFunction() {
	switch os.Getenv("INIT") {
	case "exit":
		os.Exit(3)
	case "error":
		url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/init/error"
		http.Post(url, "application/json", strings.NewReader(`{"errorType":"Init.Broken","errorMessage":"no table"}`))
		os.Exit(1)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, event json.RawMessage) (any, error) {
	var c call
	if err := json.Unmarshal(event, &c); err != nil {
		return nil, err
	}
	result := told{PID: os.Getpid()}
	result.Deadline, _ = ctx.Deadline()
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		result.ARN = lc.InvokedFunctionArn
	}
	switch c.Do {
	case "echo":
		return event, nil
	case "env":
		result.Value = os.Getenv(c.Env)
	case "environ":
		return os.Environ(), nil
	case "fail":
		return nil, errors.New("[BadRequest] no items")
	case "panic":
		panic("out of order")
	case "exit":
		os.Exit(7)
	case "hang":
		select {}
	case "large":
		return strings.Repeat("x", maxPayload), nil
	case "print":
		fmt.Println("one line")
		fmt.Fprint(os.Stderr, "no end of line")
		os.Exit(0)
	case "get": // waits as long as the server does
		response, err := http.Get(c.URL)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return nil, errors.New(response.Status)
		}
	case "stream", "stream and fail", "stream and exit", "stream and hang":
		reader, writer := io.Pipe()
		go func() {
			io.WriteString(writer, "first\n")
			if response, err := http.Get(c.URL); err == nil {
				response.Body.Close()
			}
			switch c.Do {
			case "stream and fail":
				writer.CloseWithError(errors.New("it broke"))
			case "stream and exit":
				os.Exit(7)
			case "stream and hang":
				select {}
			}
			io.WriteString(writer, "second\n")
			writer.Close()
		}()
		return reader, nil
	case "spawn":
		child := exec.Command("sleep", "600")
		if err := child.Start(); err != nil {
			return nil, err
		}
		result.PID = child.Process.Pid
	}
	return result, nil
}

// runParent is a host that is killed while a function runs.
func runParent() {
	h := New(Options{Functions: []Function{testFunction("orphan")}})
	result, err := h.Invoke(context.Background(), "orphan", []byte(`{"do":"pid"}`), InvokeOptions{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(string(result.Payload))
	select {}
}

func testFunction(name string) Function {
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return Function{
		Name: name, ARN: "arn:aws:lambda:eu-west-1:123456789012:function:" + name, Region: "eu-west-1",
		Handler: "bootstrap", Runtime: "provided.al2023", MemorySize: 256, Timeout: 10 * time.Second,
		Command: []string{program}, TaskRoot: os.TempDir(), Environment: map[string]string{},
	}
}

// start runs a host of these functions until the test ends.
func start(t testing.TB, o Options) *Host {
	t.Helper()
	h := New(o)
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return h
}

func invoke(t testing.TB, h *Host, name string, c call) *Result {
	t.Helper()
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	result, err := h.Invoke(context.Background(), name, payload, InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// tell is the answer of a call that must succeed.
func tell(t testing.TB, h *Host, name string, c call) told {
	t.Helper()
	result := invoke(t, h, name, c)
	var answer told
	if result.FunctionError != "" || json.Unmarshal(result.Payload, &answer) != nil {
		t.Fatalf("%s: %s %s", c.Do, result.FunctionError, result.Payload)
	}
	return answer
}

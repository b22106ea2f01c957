package lambdahost

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// clock is a function without dependencies: it answers each event with a word.
const clock = `package main

import (
	"net/http"
	"os"
	"strings"
)

const word = "WORD"

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		next.Body.Close()
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		answer, err := http.Post(api+id+"/response", "application/json", strings.NewReader("\"" + word + "\""))
		if err != nil {
			os.Exit(1)
		}
		answer.Body.Close()
	}
}
`

func TestSourceIsFollowed(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/project\n\ngo 1.26\n")
	write("functions/clock/main.go", strings.Replace(clock, "WORD", "tick", 1))
	f := testFunction("clock")
	f.Command, f.Source, f.TaskRoot = nil, "functions/clock", filepath.Join(root, "functions/clock")
	h := start(t, Options{Functions: []Function{f}, BuildDir: filepath.Join(root, ".build")})

	answers := func(want string) func() bool {
		return func() bool {
			result, err := h.Invoke(t.Context(), "clock", nil, InvokeOptions{})
			return err == nil && string(result.Payload) == want
		}
	}
	if !answers(`"tick"`)() {
		t.Fatal("the function does not answer")
	}
	write("functions/clock/main.go", strings.Replace(clock, "WORD", "tock", 1))
	processtest.Eventually(t, "the new program answers", answers(`"tock"`))

	write("functions/clock/main.go", "package main\n\nfunc main() { broken() }\n")
	var compile *hostbuild.CompileError
	processtest.Eventually(t, "the compile error is told", func() bool {
		_, err := h.Invoke(t.Context(), "clock", nil, InvokeOptions{})
		return errors.As(err, &compile)
	})
	if !strings.Contains(compile.Output, "functions/clock/main.go:3:15: undefined: broken") {
		t.Errorf("compile error %q", compile.Output)
	}
}

package lambdahost

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
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

func TestReload(t *testing.T) {
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
	f.Folder = f.TaskRoot
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
	if !answers(`"tick"`)() {
		t.Error("the function has changed before its reload")
	}
	if changed, err := h.Reload(t.Context(), "clock"); !changed || err != nil {
		t.Fatalf("reload: %v, %v", changed, err)
	}
	if !answers(`"tock"`)() {
		t.Error("the function has not changed")
	}
	if changed, err := h.Reload(t.Context(), "clock"); changed || err != nil {
		t.Errorf("reload of what is the same: %v, %v", changed, err)
	}

	write("functions/clock/main.go", "package main\n\nfunc main() { broken() }\n")
	_, err := h.Reload(t.Context(), "clock")
	compile, ok := errors.AsType[*hostbuild.CompileError](err)
	if !ok || !strings.Contains(compile.Output, "functions/clock/main.go:3:15: undefined: broken") {
		t.Errorf("reload of what does not compile: %v", err)
	}
	if !answers(`"tock"`)() {
		t.Error("the last program does not answer")
	}
}

func TestFunctionThatDoesNotCompile(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "main.go")
	if err := errors.Join(os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/project\n\ngo 1.26\n"), 0o644),
		os.WriteFile(file, []byte("package main\n\nfunc main() { broken() }\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	f := testFunction("clock")
	f.Command, f.Source, f.TaskRoot, f.Folder = nil, "clock", root, root
	h := start(t, Options{Functions: []Function{f}, BuildDir: filepath.Join(root, ".build")})
	if _, err := h.Invoke(t.Context(), "clock", nil, InvokeOptions{}); err == nil || !strings.Contains(err.Error(), "main.go:3:15: undefined: broken") {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(clock, "WORD", "tick", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	result, err := h.Invoke(t.Context(), "clock", nil, InvokeOptions{})
	if err != nil || string(result.Payload) != `"tick"` {
		t.Errorf("after the repair: %v, %v", result, err)
	}
}

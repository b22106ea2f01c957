package lambdahost

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// TestGivenFunctions invokes functions that flags give in each of the ways.
func TestGivenFunctions(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		event, _ := io.ReadAll(r.Body)
		if string(event) == `"fail"` {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		io.WriteString(w, `{"path":"`+r.URL.Path+`","event":`+string(event)+`}`)
	}))
	defer elsewhere.Close()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	write("template.yaml", `
Resources:
  Python: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders, Runtime: python3.13, Handler: a.b, Timeout: 10}}
`)
	write("go.mod", "module example.com/given\n\ngo 1.26\n")
	write("clock/main.go", strings.Replace(clock, "WORD", "tick", 1))
	write("script/bootstrap", "#!/bin/sh\nexec '"+program+"'\n")
	write("empty/readme", "")

	for _, c := range []struct{ name, given, event, want, functionError string }{
		{"URL with a path", elsewhere.URL + "/invoke", `1`, `{"path":"/invoke","event":1}`, ""},
		{"URL of an interface emulator", elsewhere.URL, `1`, `{"path":"/2015-03-31/functions/function/invocations","event":1}`, ""},
		{"URL that tells an error", elsewhere.URL, `"fail"`, `{"path":"/2015-03-31/functions/function/invocations","event":"fail"}`, "Unhandled"},
		{"URL without a listener", "http://127.0.0.1:1/", `1`, `Runtime.NotFound`, "Unhandled"},
		{"command", program, `{"do":"env","env":"_HANDLER"}`, `a.b`, ""},
		{"folder with a bootstrap", filepath.Join(dir, "script"), `{"do":"env","env":"_HANDLER"}`, `a.b`, ""},
		{"folder with a main package", filepath.Join(dir, "clock"), `1`, `"tick"`, ""},
		{"folder with neither", filepath.Join(dir, "empty"), `1`, `has no file a.py for the handler a.b`, "Unhandled"},
		{"nothing", "", `1`, `the function's code is not on this machine`, "Unhandled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := cfn.Load(filepath.Join(dir, "template.yaml"), cfn.Options{})
			if err != nil {
				t.Fatal(err)
			}
			functions, _ := FromAssembly(a, map[string]string{"Python": c.given}, false)
			h := start(t, Options{Functions: functions, BuildDir: filepath.Join(dir, ".build")})
			result, err := h.Invoke(t.Context(), "orders", []byte(c.event), InvokeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(result.Payload), c.want) || result.FunctionError != c.functionError {
				t.Errorf("got %q %s, want %q %s", result.FunctionError, result.Payload, c.functionError, c.want)
			}
		})
	}
}

// TestGivenElsewhere gives a function that only ARNs tell of.
func TestGivenElsewhere(t *testing.T) {
	functions, problems := FromAssembly(load(t, NewURLs()), map[string]string{"billing": "http://127.0.0.1:1/", "broken": t.TempDir()}, true)
	f := findFunction(functions, "arn:aws:lambda:us-east-1:000000000000:function:billing:live")
	if f == nil || f.Missing != nil || !f.Permits("apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:000000000000:api/prod/GET/") {
		t.Errorf("billing %+v", f)
	}
	if !strings.Contains(problems.Error(), "broken: the folder") || len(problems.Of(cfn.NoBackend)) != len(problems) {
		t.Errorf("problems %s", problems.Error())
	}
}

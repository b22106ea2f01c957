package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMain lets the test binary be the command, so that the tests drive a real
// process with real signals, and a function.
func TestMain(m *testing.M) {
	if os.Getenv("APIGW_TEST_COMMAND") != "" {
		main()
		return
	}
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		runFunction()
		return
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), "APIGW_TEST_COMMAND=1")
	return c
}

func TestServeAnswersAndStops(t *testing.T) {
	outputs := filepath.Join(t.TempDir(), "outputs.json")
	c := command(t, "serve", "--template", "testdata/mock.yaml", "--port", "0", "--outputs", outputs)
	base, _ := startServe(t, c)
	status, got := request(t, "GET", base+"/greeting?name=Ada", "")
	if want := `{"hello": "Ada"}`; status != 200 || got != want {
		t.Errorf("GET /greeting: %d %s, want 200 %s", status, got, want)
	}

	stopServe(t, c)
	var written map[string]map[string]string
	text, err := os.ReadFile(outputs)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &written); err != nil {
		t.Fatal(err)
	}
	for stack, values := range written {
		if got, want := values["Url"], base+"/"; got != want {
			t.Errorf("output %s.Url: %s, want %s", stack, got, want)
		}
	}
	if len(written) != 1 {
		t.Errorf("outputs of %d stacks, want 1", len(written))
	}
}

func TestServeHasAConsole(t *testing.T) {
	for _, test := range []struct {
		flags []string
		want  int
	}{
		{nil, http.StatusOK},
		{[]string{"--no-console"}, http.StatusForbidden}, // the API's: no such stage
	} {
		c := command(t, append([]string{"serve", "--template", "testdata/mock.yaml", "--port", "0"}, test.flags...)...)
		base, _ := startServe(t, c)
		if status, _ := request(t, "GET", strings.TrimSuffix(base, "test")+"_apigw/", ""); status != test.want {
			t.Errorf("%v: status %d, want %d", test.flags, status, test.want)
		}
		stopServe(t, c)
	}
}

func TestDebugServesProfiles(t *testing.T) {
	for _, test := range []struct {
		name, flags, path, origin, body string
		status                          int
	}{
		{"the list", "--debug", "", "", "goroutine", http.StatusOK},
		{"a profile", "--debug", "goroutine?debug=1", "", "goroutine profile:", http.StatusOK},
		{"without a console", "--debug --no-console", "heap?debug=1", "", "heap profile:", http.StatusOK},
		{"for another site", "--debug", "cmdline", "https://evil.example", "refused", http.StatusForbidden},
		{"unless asked for", "", "", "", "not found", http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := command(t, append([]string{"serve", "--template", "testdata/mock.yaml", "--port", "0"}, strings.Fields(test.flags)...)...)
			base, _ := startServe(t, c)
			defer stopServe(t, c)
			r, err := http.NewRequestWithContext(t.Context(), "GET", strings.TrimSuffix(base, "test")+"_apigw/debug/pprof/"+test.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", test.origin)
			if status, body := answerTo(t, r); status != test.status || !strings.Contains(body, test.body) {
				t.Errorf("%d %s, want %d and %q in it", status, body, test.status, test.body)
			}
		})
	}
}

// startServe starts the command and gives the base URL that it prints, and its
// standard error, which may be read when the command has ended. c.Stderr gets
// the same, if it is set.
func startServe(t *testing.T, c *exec.Cmd) (base string, stderr *bytes.Buffer) {
	t.Helper()
	stderr = &bytes.Buffer{}
	if c.Stderr != nil {
		c.Stderr = io.MultiWriter(c.Stderr, stderr)
	} else {
		c.Stderr = stderr
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	base = baseURL(t, bufio.NewScanner(stdout))
	go io.Copy(io.Discard, stdout)
	return base, stderr
}

// baseURL reads lines of the command's output up to the one with the API's base URL.
func baseURL(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if base := regexp.MustCompile(`http://127\.0\.0\.1:\d+/test`).FindString(lines.Text()); base != "" {
			return base
		}
	}
	t.Fatal("the command printed no base URL")
	return ""
}

// serve starts the command until the test ends, and gives the API's base URL.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	c := command(t, append([]string{"serve", "--port", "0"}, args...)...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	base, _ := startServe(t, c)
	t.Cleanup(func() { c.Wait() }) // the test's context has ended by then
	return base
}

// stopServe ends the command as Ctrl-C does.
func stopServe(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v\n%s", err, c.Stderr)
	}
}

func request(t *testing.T, method, url, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return answerTo(t, r)
}

func answerTo(t *testing.T, r *http.Request) (status int, body string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestErrorsSayWhatToDo(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no assembly", []string{"serve", "--app", "testdata/absent"}, "testdata/absent"},
		{"template as an app", []string{"routes", "--app", "testdata/mock.yaml"}, "name a template by --template"},
		{"app as a template", []string{"routes", "--template", "testdata"}, "name a cloud assembly by --app"},
		{"backend of nothing", []string{"routes", "--template", "testdata/mock.yaml", "--backend", "Apu=http://localhost"}, "did you mean Api?"},
		{"function of nothing", []string{"routes", "--template", "testdata/mock.yaml", "--function", "Orders=./orders"}, "--function Orders: no function"},
		{"unknown flag", []string{"serve", "--prot", "1"}, "--prot"},
		{"no subcommand", nil, "serve"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output, err := command(t, test.args...).CombinedOutput()
			if err == nil {
				t.Fatalf("it ended well:\n%s", output)
			}
			if !strings.Contains(string(output), test.want) {
				t.Errorf("output lacks %q:\n%s", test.want, output)
			}
		})
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

func TestInvoke(t *testing.T) {
	for _, test := range []struct {
		name           string
		args           []string
		stdout, stderr string // what they hold
		fails          bool
	}{
		{"the answer and the way to it", []string{"get", "/greeting?name=Ada"}, "200 OK\nContent-Type: application/json\n\n{\"hello\": \"Ada\"}\n", "Method request query string: {name=Ada}", false},
		{"as JSON", []string{"GET", "/greeting", "--output", "json", "-H", "X-A: b: c"}, `Method request headers: {X-A=b: c}\n`, "", false},
		{"the answer alone", []string{"GET", "/greeting", "-q"}, `{"hello": ""}`, "", false},
		{"no such method", []string{"GET", "/test/greeting"}, "", "no method takes GET /test/greeting: the first segment is the stage, leave it out ('apigw routes'", true},
		{"no such resource", []string{"GET", "/x", "--resource", "/y"}, "", "no resource /y", true},
		{"no path", []string{"GET", "greeting"}, "", "it begins with /", true},
		{"no header", []string{"GET", "/greeting", "-H", "X"}, "", "write NAME: VALUE", true},
		{"no such file", []string{"GET", "/greeting", "-d", "@testdata/absent"}, "", "testdata/absent", true},
		{"no such API", []string{"GET", "/greeting", "--api", "Other"}, "", "there is no such API, only Api", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := command(t, append([]string{"invoke", "--template", "testdata/mock.yaml"}, test.args...)...)
			var stdout, stderr bytes.Buffer
			c.Stdout, c.Stderr = &stdout, &stderr
			if err := c.Run(); (err != nil) != test.fails {
				t.Errorf("it ended with %v", err)
			}
			if !strings.Contains(stdout.String(), test.stdout) || test.stdout == "" && stdout.Len() > 0 {
				t.Errorf("standard output: %s", &stdout)
			}
			if !strings.Contains(stderr.String(), test.stderr) || test.stderr == "" && stderr.Len() > 0 {
				t.Errorf("standard error: %s", &stderr)
			}
		})
	}
}

func TestInvocationHasTheFieldsOfTestInvokeMethod(t *testing.T) {
	output, err := command(t, "invoke", "GET", "/greeting", "--template", "testdata/mock.yaml", "--output", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(output, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"status", "body", "headers", "multiValueHeaders", "log", "latency"} {
		if _, there := fields[name]; !there || len(fields) != 6 {
			t.Errorf("no %s among %s", name, output)
		}
	}
}

func TestServeTellsOfRequests(t *testing.T) {
	for _, test := range []struct {
		name           string
		flags          []string
		holds, lacks   string
		path, sentBack string
	}{
		{"a line", nil, " GET /test/greeting 200 ", "query string", "/greeting?name=Ada", `{"hello": "Ada"}`},
		{"the log of a failure", nil, "MISSING_AUTHENTICATION_TOKEN: no method takes GET", "secret", "/nothing?secret", ""},
		{"all of it", []string{"--trace"}, `$input.params("name") = "Ada"`, "never", "/greeting?name=Ada", ""},
		{"nothing", []string{"--no-trace"}, "", "/test/greeting", "/greeting", ""},
		{"nothing either", []string{"--quiet"}, "", "/test/greeting", "/greeting", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := command(t, append([]string{"serve", "--template", "testdata/mock.yaml", "--port", "0"}, test.flags...)...)
			base, stderr := startServe(t, c)
			if _, body := request(t, "GET", base+test.path, ""); !strings.Contains(body, test.sentBack) {
				t.Errorf("body %s", body)
			}
			stopServe(t, c)
			if text := stderr.String(); !strings.Contains(text, test.holds) || strings.Contains(text, test.lacks) {
				t.Errorf("standard error: %s", text)
			}
		})
	}
}

func TestTerminalIsNotCommanded(t *testing.T) {
	written := &trace.Trace{Method: "GET", Path: "/\x1b[31m\r", Status: 403, Time: time.Unix(0, 0)}
	written.Add(trace.MethodRequest{Body: trace.Body("a\n\x1b]0;title\x07 \u202etxt")}, written.Time)
	written.Add(trace.Override{Target: "\x9b31m"}, written.Time) // of eight bits
	var b bytes.Buffer
	(&traceWriter{whole: true, out: &b}).request(written)
	if strings.ContainsAny(b.String(), "\x1b\x07\r\u202e") || !utf8.ValidString(b.String()) || !strings.Contains(b.String(), `/\u001b[31m\u000d`) {
		t.Errorf("written: %q", b.String())
	}
}

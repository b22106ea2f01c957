package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRenderAndTestExitCodes(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"a.vtl":         `#set($context.responseOverride.status = 201){"id": "$input.params('id')", "n": $input.json('$.n'), "t": "$stageVariables.t", "s": "$context.stage"}`,
		"body.json":     `{"n": [1]}`,
		"a.txtar":       "-- one/body.json --\n{\"n\": 2}\n-- one/output.json --\n{\"id\": \"\", \"n\": 2, \"t\": \"\", \"s\": \"prod\"}\n-- one/overrides.json --\n{\"responseOverride\":{\"status\":201}}\n",
		"bad.vtl":       "#if(\n",
		"b/fails.vtl":   "x",
		"b/fails.txtar": "-- one/output.txt --\ny\n",
		"c/none.vtl":    "x",
	} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name  string
		args  string
		stdin string
		code  int
		want  string
	}{
		{"flags", "render a.vtl --body @body.json --params path.id=7 --stage-variable t=x=y --context stage=dev", "", 0, `{"id": "7", "n": [1], "t": "x=y", "s": "dev"}`},
		{"overrides", "render a.vtl", "", 0, "$context.responseOverride.status = 201\n"},
		{"a case, and a flag over it", "render a.vtl --case one --params header.id=8", "", 0, `{"id": "8", "n": 2, "t": "", "s": "prod"}`},
		{"explain", "render a.vtl --case one --explain", "", 0, "  |   $input.json('$.n') is 2\n"},
		{"JSON", "render a.vtl --case one --output json", "", 0, `"status": 201`},
		{"standard input", "render - --body 7", "$input.body", 0, "7"},
		{"a template that can't be parsed", "render bad.vtl", "", 1, "bad.vtl:2:1: unexpected the end of the template"},
		{"a template that can't be parsed, as JSON", "render bad.vtl --output json", "", 1, `"line": 2`},
		{"a template before that can't be parsed", "render a.vtl --before bad.vtl", "", 1, "bad.vtl:2:1:"},
		{"no such template", "render nope.vtl", "", 2, "nope.vtl"},
		{"no such case", "render a.vtl --case two", "", 2, `--case: a.txtar has no case "two"`},
		{"no such body", "render a.vtl --body @nope", "", 2, "--body: open nope"},
		{"no place", "render a.vtl --params id=1", "", 2, "--params id=1: write PLACE.NAME=VALUE"},
		{"nothing to watch", "render - --watch", "", 2, "--watch: name files"},
		{"cases pass", "test a.vtl", "", 0, "1 template, 1 case: all pass; 100% of the lines"},
		{"by the file of cases", "test a.txtar --output json", "", 0, `"failed": 0`},
		{"cases fail", "test b", "", 1, "-y\n            +x"},
		{"one is broken", "test a.vtl bad.vtl", "", 1, "0 failed, 1 template broken"},
		{"no cases", "test c", "", 2, "there are no cases to play"},
		{"no templates", "test nope", "", 2, "nope"},
		{"update", "test -update b", "", 0, "updated one"},
		{"after the update", "test b", "", 0, "all pass"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := command(t, strings.Fields(test.args)...)
			c.Dir, c.Stdin = folder, strings.NewReader(test.stdin)
			output, err := c.CombinedOutput()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			}
			if code != test.code || !strings.Contains(string(output), test.want) {
				t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.want, output)
			}
		})
	}
}

// TestRenderWatches changes the template, replaces it as editors do, breaks it,
// and changes the body.
func TestRenderWatches(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("t.vtl", "one $input.body\n")
	write("body", "a")
	c := command(t, "render", "t.vtl", "--body", "@body", "--watch")
	c.Dir = folder
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = c.Stdout // the same pipe
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() }).Stop() // then the output ends
	lines := bufio.NewScanner(stdout)
	await := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("it never showed %q", want)
	}
	await("one a")
	write("t.vtl", "two $input.body\n")
	await("two a")
	write("new.vtl", "three $input.body\n")
	if err := os.Rename(filepath.Join(folder, "new.vtl"), filepath.Join(folder, "t.vtl")); err != nil {
		t.Fatal(err)
	}
	await("three a")
	write("t.vtl", "#if(")
	await("t.vtl:1:5: ")
	write("t.vtl", "four $input.body\n")
	write("body", "b")
	await("four b")
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}

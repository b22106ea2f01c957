package golden

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// console is a block of commands, each line with a $, then what it prints.
var console = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// Page runs the commands of a page in Markdown, by a shell that shell makes, and
// holds the page to what they print.
func Page(t *testing.T, file string, shell func(line string) *exec.Cmd) {
	t.Helper()
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !console.Match(page) {
		t.Fatalf("%s has no commands: they stand in blocks of ```console, behind a $", file)
	}
	got := console.ReplaceAllStringFunc(string(page), func(block string) string {
		return "```console\n" + printed(t, console.FindStringSubmatch(block)[1], shell) + "```"
	})
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(page), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// printed is a block with what its commands print now.
func printed(t *testing.T, block string, shell func(line string) *exec.Cmd) string {
	t.Helper()
	var out strings.Builder
	for line := range strings.Lines(block) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		output, err := shell(command).CombinedOutput()
		if _, failed := err.(*exec.ExitError); err != nil && !failed {
			t.Fatal(err)
		}
		out.WriteString(line)
		if text := strings.TrimSuffix(string(output), "\n"); text != "" {
			out.WriteString(text + "\n")
		}
	}
	return out.String()
}

package golden

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// console is a block of commands, each line with a $, then what it prints.
var console = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// Page runs the commands of a page in Markdown, by a shell that shell makes, and
// holds the page to what they print. There … stands for any text of a line, and
// alone in a line for any number of lines.
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
	File(t, file, got, file)
}

// printed is a block with what its commands print now. What the page shows of it
// by means of … stays if it is true.
func printed(t *testing.T, block string, shell func(line string) *exec.Cmd) string {
	t.Helper()
	var out strings.Builder
	for _, part := range strings.Split("\n"+strings.TrimSuffix(block, "\n"), "\n$ ")[1:] {
		command, shown, _ := strings.Cut(part+"\n", "\n")
		output, err := shell(command).CombinedOutput()
		if _, failed := err.(*exec.ExitError); err != nil && !failed {
			t.Fatal(err)
		}
		text := string(output)
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		missing := firstMissing(shown, text)
		if missing != "" && strings.Contains(shown, "…") && !*update {
			t.Errorf("$ %s\ndoes not print, where the page has it: %s", command, missing)
			missing = ""
		}
		if missing == "" {
			text = shown
		}
		out.WriteString("$ " + command + "\n" + text)
	}
	return out.String()
}

// firstMissing is the first line of what is shown, cut short by …, that output
// does not have there; "" when it has all, and nothing else.
func firstMissing(shown, output string) string {
	pattern := "^"
	for line := range strings.Lines(shown) {
		if line == "…\n" {
			pattern += `(?:.*\n)*`
			continue
		}
		pattern += strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*")
		if !regexp.MustCompile(pattern).MatchString(output) {
			return line
		}
	}
	if !regexp.MustCompile(pattern + "$").MatchString(output) {
		return "the end"
	}
	return ""
}

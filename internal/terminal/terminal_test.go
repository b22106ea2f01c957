package terminal_test

import (
	"os"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

func TestColors(t *testing.T) {
	pty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("there is no terminal to open: ", err)
	}
	defer pty.Close()
	file, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, test := range []struct {
		name    string
		to      *os.File
		noColor string
		term    string
		want    string
	}{
		{"terminal", pty, "", "xterm", "\x1b[31mfault\x1b[0m"},
		{"NO_COLOR", pty, "0", "xterm", "fault"},
		{"dumb terminal", pty, "", "dumb", "fault"},
		{"file", file, "", "xterm", "fault"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", test.noColor)
			t.Setenv("TERM", test.term)
			if got := terminal.Of(test.to).Bad("fault"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

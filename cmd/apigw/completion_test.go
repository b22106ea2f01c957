package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestCompletion asks as shells do: with the line in COMP_LINE.
func TestCompletion(t *testing.T) {
	tests := []struct {
		line string
		want []string
	}{
		{"apigw ro", []string{"routes"}},
		{"apigw routes --te", []string{"--template"}},
		{"apigw routes --output ", []string{"json", "text"}},
		{"apigw serve --template testdata/mo", []string{"testdata/mock.yaml"}},
		{"apigw doctor --app testdata/li", []string{"testdata/lint/"}},
	}
	for _, test := range tests {
		t.Run(test.line, func(t *testing.T) {
			c := command(t)
			c.Env = append(c.Env, "COMP_LINE="+test.line)
			output, err := c.Output()
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Fields(string(output))
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestCompletionScripts: a shell that is here takes what it gets.
func TestCompletionScripts(t *testing.T) {
	for shell, check := range map[string]string{
		"bash": "complete -p apigw",
		"zsh":  "true", // bashcompinit's complete would have failed
		"fish": "complete -c apigw | string match -q '*apigw*'",
	} {
		t.Run(shell, func(t *testing.T) {
			script, err := command(t, "completion", "-c", shell).Output()
			if err != nil || !strings.Contains(string(script), "apigw") {
				t.Fatalf("%v\n%s", err, script)
			}
			if _, err := exec.LookPath(shell); err != nil {
				t.Skip("there is no " + shell + " to try it in")
			}
			if output, err := exec.Command(shell, "-c", string(script)+"\n"+check).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

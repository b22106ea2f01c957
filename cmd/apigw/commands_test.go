package main

import (
	"os"
	"strings"
	"testing"
)

// TestCommands: each command is on the page of commands and shows how it is
// used; each answer for scripts is asked for in the same way.
func TestCommands(t *testing.T) {
	page, err := os.ReadFile("../../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range newParser().Model.Children {
		line := "\n$ apigw " + node.Name + " --help\n"
		_, help, found := strings.Cut(string(page), line)
		if !found {
			t.Errorf("docs/commands.md: add a block of ```console with%s and write it: go test ./cmd/apigw -run TestPages -update", line)
			continue
		}
		if help, _, _ = strings.Cut(help, "```"); !strings.Contains(help, "\nExamples:\n") {
			t.Errorf("apigw %s --help has no examples", node.Name)
		}
		for _, f := range node.Flags {
			if f.Name == "json" || f.Name == "output" && f.Enum != "text,json" {
				t.Errorf("apigw %s --%s: want --output=text|json", node.Name, f.Name)
			}
		}
	}
}

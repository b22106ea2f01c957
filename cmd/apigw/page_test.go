package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// TestPages runs the commands of pages in docs, in the project's folder.
func TestPages(t *testing.T) {
	bin := t.TempDir()
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "apigw")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"commands.md", "cost.md", "debugging.md", "mapping-templates.md"} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat("../../node_modules"); err != nil && name == "debugging.md" {
				t.Skip("needs the embedded DynamoDB: run npm ci, or make test")
			}
			golden.Page(t, filepath.Join("..", "..", "docs", name), func(line string) *exec.Cmd {
				c := command(t)
				c.Path, c.Args, c.Dir = "/bin/sh", []string{"sh", "-c", line}, filepath.Join("..", "..")
				c.Env = append(c.Env, "COLUMNS=120", "APIGW_ALLOW_FUNCTIONS=true", "AWS_ENDPOINT_URL=", "AWS_ENDPOINT_URL_DYNAMODB=", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
				return c
			})
		})
	}
}

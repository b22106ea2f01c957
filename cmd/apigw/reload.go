package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// printReload tells that a change is live, or why it is not.
func printReload(w io.Writer, t terminal.Terminal, r emulator.Reload) {
	if r.Error == "" {
		fmt.Fprintf(w, "%s %s %s\n", t.Good("reloaded"), r.What, t.Aside(fmt.Sprintf("(%d ms)", r.Took.Milliseconds())))
		printProblems(w, t, r.Problems)
		return
	}
	fmt.Fprintf(w, "%s %s: what was there before is still served\n  %s\n",
		t.Bad("not reloaded"), r.What, strings.ReplaceAll(r.Error, "\n", "\n  "))
}

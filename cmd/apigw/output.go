package main

import (
	"encoding/json"
	"io"
	"os"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// output is the flag of every command whose answer a script may read.
type output struct {
	Output string `enum:"text,json" default:"text" help:"text, or json for other programs."`
}

// write prints a report as one JSON object, or as text.
func (o *output) write(report any, text func(w io.Writer, t terminal.Terminal) error) error {
	if o.Output == "json" {
		return writeJSON(os.Stdout, report)
	}
	return text(os.Stdout, terminal.Of(os.Stdout))
}

// writeJSON leaves <, > and & as they are: no browser reads this.
func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

package main

import (
	"fmt"
	"os"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// export prints one API as an OpenAPI document; what that lacks, because it can't
// be served or a document has no place for it, goes to standard error.
func (c *routesCommand) export(e *emulator.Emulator) error {
	api, err := c.chosen(e.APIs())
	if err != nil {
		return err
	}
	document, faults := e.OpenAPI(api, likelyURL(e, api))
	printProblems(os.Stderr, terminal.Of(os.Stderr), e.Problems().Of(cfn.Unserved))
	for _, fault := range faults {
		fmt.Fprintf(os.Stderr, "not in the document: %s: %s\n", fault.At, fault.Message)
	}
	return writeJSON(os.Stdout, document)
}

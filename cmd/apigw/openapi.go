package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// export prints one API as an OpenAPI document; what that lacks, because it can't
// be served or a document has no place for it, goes to standard error.
func (c *routesCommand) export(e *emulator.Emulator) error {
	api, err := c.chosen(e.APIs)
	if err != nil {
		return err
	}
	document, faults := e.OpenAPI(api, likelyURL(e, api))
	printProblems(os.Stderr, terminal.Of(os.Stderr), e.Problems.Of(cfn.Unserved))
	for _, fault := range faults {
		fmt.Fprintf(os.Stderr, "not in the document: %s: %s\n", fault.At, fault.Message)
	}
	return writeJSON(os.Stdout, document)
}

// chosen is the API that --api names, or the only one. Stages of one API have
// the same document, but for the server.
func (c *routesCommand) chosen(apis []*gateway.API) (*gateway.API, error) {
	var names []string
	for _, api := range apis {
		if api.LogicalID == c.API {
			return api, nil
		}
		names = append(names, api.LogicalID)
	}
	names = slices.Compact(names)
	switch {
	case c.API != "":
		return nil, fmt.Errorf("--api %s: there is no such API, only %s", c.API, strings.Join(names, ", "))
	case len(names) > 1:
		return nil, fmt.Errorf("there are several APIs: name one by --api: %s", strings.Join(names, ", "))
	}
	return apis[0], nil
}

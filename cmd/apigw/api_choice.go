package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// apiChoice is the flag of commands that are about one API.
type apiChoice struct {
	API string `name:"api" placeholder:"NAME" help:"API, if there are several: its name or logical ID."`
}

// chosen is the API that the flag names, or the only one. Of several stages it
// is the first.
func (c *apiChoice) chosen(apis []*gateway.API) (*gateway.API, error) {
	var names []string
	for _, api := range apis {
		if c.API == api.Name || c.API == api.LogicalID {
			return api, nil
		}
		names = append(names, api.LogicalID)
	}
	names = slices.Compact(names)
	switch list := strings.Join(names, ", "); {
	case c.API != "":
		return nil, fmt.Errorf("--api %s: there is no such API, only %s", c.API, list)
	case len(names) > 1:
		return nil, fmt.Errorf("there are several APIs: name one by --api: %s", list)
	}
	return apis[0], nil
}

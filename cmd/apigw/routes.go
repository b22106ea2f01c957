package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

type routesCommand struct {
	source
	output
	apiChoice
	OpenAPI bool `name:"openapi" help:"Print the API as an OpenAPI 3.0 document with its integrations, which API Gateway imports."`
}

// Help is shown by --help.
func (routesCommand) Help() string {
	return `Loads everything, starts nothing, and names each thing that can't be served.

Examples:
  apigw routes                                     the stacks in ./cdk.out
  apigw routes --template template.yaml            any CloudFormation template
  apigw routes --output json | jq '.problems[]'    what is wrong, for a script
  apigw routes --openapi > openapi.json            the API as a document

Exit code: 0 every route is served or lacks only its backend, 1 otherwise.`
}

func (c *routesCommand) Run() error {
	options, err := c.options()
	if err != nil {
		return err
	}
	e, err := emulator.Load(options)
	if err != nil {
		return err
	}
	if c.OpenAPI {
		err = c.export(e)
	} else {
		err = c.write(routesReportOf(e), func(w io.Writer, t terminal.Terminal) error {
			printAll(w, t, e)
			return nil
		})
	}
	if err != nil {
		return err
	}
	if len(e.Problems().Of(cfn.Unserved)) > 0 {
		return errors.New("not everything can be served, see above")
	}
	return nil
}

// likelyURL is where serve has the API's stage unless it is told otherwise.
func likelyURL(e *emulator.Emulator, api *gateway.API) string {
	return fmt.Sprintf("http://127.0.0.1:%d/%s", 8080+slices.Index(e.APIs(), api), api.Stage.Name)
}

func printAll(w io.Writer, t terminal.Terminal, e *emulator.Emulator) {
	for _, api := range e.APIs() {
		fmt.Fprintf(w, "%s, stage %s\n\n", t.Title(api.Name), api.Stage.Name)
		printRoutes(w, api, likelyURL(e, api))
		printKeys(w, api)
	}
	printProblems(w, t, e.Problems())
}

// printRoutes prints the table of an API's methods, preflights left to the end
// as one line. Each curl line works when pasted.
func printRoutes(w io.Writer, api *gateway.API, baseURL string) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tPATH\tINTEGRATION\tTRY")
	preflights := 0
	for _, method := range methods(api) {
		if method.HTTPMethod == "OPTIONS" {
			preflights++
			continue
		}
		try := example.Of(method).Curl(method, baseURL)
		switch {
		case method.Unservable != nil:
			first, _, _ := strings.Cut(method.Unservable.Error(), "\n")
			try = "can't be served: " + first
		case method.IsRefused():
			try += "  # every request is refused"
		case method.NoBackend != nil:
			try += "  # its backend is not there"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", method.HTTPMethod, method.Resource.Path, method.Integration.String(), try)
	}
	table.Flush()
	if preflights > 0 {
		fmt.Fprintf(w, "and OPTIONS (CORS preflight) on %d paths\n", preflights)
	}
	fmt.Fprintln(w)
}

// printKeys prints the API keys that the template gives no value.
func printKeys(w io.Writer, api *gateway.API) {
	for _, key := range api.APIKeys {
		if key.MadeUp && key.Enabled {
			fmt.Fprintf(w, "API key %s has no Value in the template; here it is %s\n\n", key.LogicalID, key.Value)
		}
	}
}

func methods(api *gateway.API) []*gateway.Method {
	var all []*gateway.Method
	for _, resource := range api.Resources {
		for _, method := range resource.Methods {
			all = append(all, method)
		}
	}
	slices.SortFunc(all, func(a, b *gateway.Method) int {
		return cmp.Or(strings.Compare(a.Resource.Path, b.Resource.Path), strings.Compare(b.HTTPMethod, a.HTTPMethod))
	})
	return all
}

// printProblems prints each problem in one line, below what it means.
func printProblems(w io.Writer, t terminal.Terminal, problems cfn.Problems) {
	for _, group := range []struct {
		effect cfn.Effect
		title  string
	}{
		{cfn.Unserved, t.Bad("can't be served")},
		{cfn.NoBackend, t.Warning("not there") + ": served, but answered as when the backend fails"},
		{cfn.Ignored, t.Warning("ignored") + ": served without it"},
	} {
		found := problems.Of(group.effect)
		if len(found) == 0 {
			continue
		}
		fmt.Fprintln(w, group.title+":")
		for _, problem := range found {
			fmt.Fprintln(w, "  "+strings.ReplaceAll(problem.Error(), "\n", " "))
		}
		fmt.Fprintln(w)
	}
}

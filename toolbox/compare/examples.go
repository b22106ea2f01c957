package compare

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

// Examples makes cases of an API's own description, for one that has none: a case of each method with an example
// request in its metadata (see docs/compare.md), and of each GET and OPTIONS whose path has no parameters. They expect
// nothing.
func Examples(api *gateway.API) []*integrationtests.Case {
	var cases []*integrationtests.Case
	for _, resource := range api.Resources {
		for _, verb := range slices.Sorted(maps.Keys(resource.Methods)) {
			plain := !strings.Contains(resource.Path, "{") && (verb == http.MethodGet || verb == http.MethodOptions)
			if method := resource.Methods[verb]; plain || example.Declared(method) {
				cases = append(cases, &integrationtests.Case{Name: verb + " " + resource.Path, Steps: exampleSteps(example.Of(method))})
			}
		}
	}
	return cases
}

// exampleSteps are the request and, before it, the one whose answer it takes a member of.
func exampleSteps(r example.Request) []integrationtests.Step {
	if r.First == nil {
		return []integrationtests.Step{exampleStep(1, r)}
	}
	before := exampleStep(1, *r.First)
	before.Captures = []integrationtests.Capture{{Name: r.Take, From: "body", Path: "/" + r.Take}}
	r.Path = strings.ReplaceAll(r.Path, "{"+r.Take+"}", "${"+r.Take+"}")
	return []integrationtests.Step{before, exampleStep(2, r)}
}

func exampleStep(number int, r example.Request) integrationtests.Step {
	step := integrationtests.Step{
		Number: number, Verb: "request", Argument: r.Method + " " + r.Path, Body: r.Body, Expect: &integrationtests.Expectation{},
	}
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		step.Header = append(step.Header, integrationtests.Line{Name: name, Value: r.Headers[name]})
	}
	return step
}

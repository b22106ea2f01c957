package compare

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// Examples makes cases of an API's own description, for one that has none: a case of each method with an example
// request in its metadata under key (see docs/compare.md), and of each GET and OPTIONS whose path has no parameters.
// They expect nothing.
func Examples(api *gateway.API, key string) []*integrationtests.Case {
	var cases []*integrationtests.Case
	for _, resource := range api.Resources {
		for _, verb := range slices.Sorted(maps.Keys(resource.Methods)) {
			c := &integrationtests.Case{Name: verb + " " + resource.Path}
			if example, ok := metadata(resource.Methods[verb])[key].(map[string]any); ok {
				c.Steps = exampleSteps(resource.Methods[verb], example)
			} else if !strings.Contains(resource.Path, "{") && (verb == http.MethodGet || verb == http.MethodOptions) {
				c.Steps = []integrationtests.Step{exampleStep(1, verb, resource.Path, nil)}
			} else {
				continue
			}
			cases = append(cases, c)
		}
	}
	return cases
}

func metadata(method *gateway.Method) map[string]any {
	if method.Integration == nil {
		return nil
	}
	return method.Integration.Metadata
}

// exampleSteps are the request of the metadata and, before it, the one whose answer it takes a member of.
func exampleSteps(method *gateway.Method, example map[string]any) []integrationtests.Step {
	text := func(name, otherwise string) string {
		if value, ok := example[name].(string); ok {
			return value
		}
		return otherwise
	}
	verb, path := text("method", method.HTTPMethod), text("path", method.Resource.Path)
	if verb == "ANY" {
		verb = http.MethodGet
	}
	first, ok := example["first"].(map[string]any)
	if !ok {
		return []integrationtests.Step{exampleStep(1, verb, path, example)}
	}
	member := text("take", "")
	firstPath, _ := first["path"].(string)
	before := exampleStep(1, http.MethodPost, firstPath, first)
	before.Captures = []integrationtests.Capture{{Name: member, From: "body", Path: "/" + member}}
	return []integrationtests.Step{before, exampleStep(2, verb, strings.ReplaceAll(path, "{"+member+"}", "${"+member+"}"), example)}
}

func exampleStep(number int, verb, path string, example map[string]any) integrationtests.Step {
	step := integrationtests.Step{
		Number: number, Verb: "request", Argument: verb + " " + path, Expect: &integrationtests.Expectation{},
	}
	headers, _ := example["headers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		value, _ := headers[name].(string)
		step.Header = append(step.Header, integrationtests.Line{Name: name, Value: value})
	}
	step.Body, _ = example["body"].(string)
	return step
}

// Package stage finds the stage of a deployed API, reaches it, and reads what API Gateway knows of it.
package stage

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// Address is where a stage answers and what can be read from that.
type Address struct {
	URL               *url.URL
	API, Region, Name string // "" = not known
}

var (
	executeAPI = regexp.MustCompile(`^([a-z0-9]+)(?:-vpce-[a-z0-9-]+)?\.execute-api\.([a-z0-9-]+)\.`)
	localStack = regexp.MustCompile(`^/(?:_aws/execute-api|restapis)/([^/]+)/`)
)

// Find takes the URL, else the one stage that the outputs name. Of a URL that does not tell its API, a custom domain or
// a proxy, the outputs do. file is what the outputs were read from, "" for none.
func Find(text, file string, outputs integrationtests.Outputs) (*Address, error) {
	found := inOutputs(outputs)
	if text == "" && len(found) != 1 {
		return nil, unclear(file, found)
	}
	if text == "" {
		text = found[0]
	}
	at, err := parse(text)
	if err != nil {
		return nil, err
	}
	if at.API == "" && len(found) == 1 {
		known, err := parse(found[0])
		if err != nil {
			return nil, err
		}
		at.API, at.Region = known.API, cmp.Or(at.Region, known.Region)
	}
	return at, nil
}

// inOutputs are the outputs that are a stage's URL.
func inOutputs(outputs integrationtests.Outputs) []string {
	found := map[string]bool{}
	for _, values := range outputs {
		for _, value := range values {
			if at, err := parse(value); err == nil && at.API != "" && at.Name != "" {
				found[strings.TrimSuffix(value, "/")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// unclear says why no stage is known.
func unclear(file string, found []string) error {
	switch {
	case len(found) > 1:
		return fmt.Errorf("%s has %d stage URLs: choose by --url %s", file, len(found), strings.Join(found, " or "))
	case file != "":
		return fmt.Errorf("%s has no stage URL (https://….execute-api.…/stage): deploy the stack of the API, or name it by --url", file)
	}
	return errors.New("no deployed API is named: use --url https://…/stage or --outputs cdk-outputs.json")
}

func parse(text string) (*Address, error) {
	at, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("URL %q: want http(s)://host/stage", text)
	}
	stage := &Address{URL: at, Name: strings.TrimPrefix(path.Base("/"+at.Path), "/")}
	if match := executeAPI.FindStringSubmatch(at.Host); match != nil {
		stage.API, stage.Region = match[1], match[2]
	}
	if match := localStack.FindStringSubmatch(at.Path); match != nil {
		stage.API = match[1]
	}
	return stage, nil
}

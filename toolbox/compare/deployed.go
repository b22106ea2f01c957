package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// Deployed says where the deployed API is. AWS clients follow the environment, AWS_ENDPOINT_URL included.
type Deployed struct {
	URL        string // of the stage; "": from the outputs
	Outputs    string // file as `cdk deploy --outputs-file` writes it; "": none
	Sign       bool   // sign requests, whatever the outputs say
	TestInvoke bool   // call TestInvokeMethod instead of the stage
	APIID      string // for TestInvoke; "": from the URL
}

// deployedAPI is the API that the local gateway is compared with.
type deployedAPI struct {
	name    string // for people
	target  *integrationtests.Target
	test    *testInvoke       // nil: requests go to the stage
	values  map[string]string // what it calls its stage variables and the like
	answers answers
}

// reach makes sure that there is something to compare with: with outputs, stacks that are deployed in full. The stage
// is called as on the local gateway where the options don't tell.
func (d Deployed) reach(ctx context.Context, localStage string) (*deployedAPI, error) {
	var outputs integrationtests.Outputs
	if d.Outputs != "" {
		var err error
		if outputs, err = integrationtests.ReadOutputs(d.Outputs); err != nil {
			return nil, err
		}
	}
	stage, err := d.stage(outputs, localStage)
	if err != nil {
		return nil, err
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	cfg.Region = cmp.Or(cfg.Region, stage.region)
	target := integrationtests.Running(integrationtests.AWS, stage.url, outputs, cfg)
	if outputs != nil {
		if err := target.CheckDeployment(ctx); err != nil {
			return nil, err
		}
	}
	if d.TestInvoke {
		return d.throughTestInvoke(ctx, cfg, stage, target)
	}
	target.Signed = target.Signed || d.Sign
	if err := target.CheckReachable(ctx); err != nil {
		return nil, err
	}
	return &deployedAPI{
		name: target.BaseURL.String(), target: target, values: named(outputs, stage.api, stage.name, nil),
	}, nil
}

func (d Deployed) throughTestInvoke(
	ctx context.Context, cfg aws.Config, stage *stageAddress, target *integrationtests.Target,
) (*deployedAPI, error) {
	test, err := newTestInvoke(ctx, cfg, stage)
	if err != nil {
		return nil, err
	}
	target = target.Via(test)
	target.BaseURL, target.Signed = &url.URL{Scheme: "https", Host: stage.url.Host}, false // paths hold no stage there
	return &deployedAPI{
		name:   fmt.Sprintf("TestInvokeMethod of API %s, with the variables of stage %s", stage.api, stage.name),
		target: target, test: test, values: named(target.Outputs, stage.api, testInvokeStage, test.variables),
	}, nil
}

// stageAddress is where a stage answers and what can be read from that.
type stageAddress struct {
	url               *url.URL
	api, region, name string // "" = not known
}

var (
	executeAPI = regexp.MustCompile(`^([a-z0-9]+)(?:-vpce-[a-z0-9-]+)?\.execute-api\.([a-z0-9-]+)\.`)
	localStack = regexp.MustCompile(`^/(?:_aws/execute-api|restapis)/([^/]+)/`)
)

// stage finds the address in the options, else the one in the outputs.
func (d Deployed) stage(outputs integrationtests.Outputs, localStage string) (*stageAddress, error) {
	if d.URL == "" && d.TestInvoke && d.APIID != "" {
		return &stageAddress{url: &url.URL{Host: d.APIID}, api: d.APIID, name: localStage}, nil
	}
	found := stageURLs(outputs)
	if d.URL == "" && len(found) != 1 {
		return nil, d.unclear(found)
	}
	at, err := parseStage(cmp.Or(d.URL, at(found, 0)))
	if err != nil {
		return nil, err
	}
	if at.api == "" && len(found) == 1 { // a custom domain, or a proxy
		known, err := parseStage(found[0])
		if err != nil {
			return nil, err
		}
		at.api, at.region = known.api, known.region
	}
	at.api = cmp.Or(d.APIID, at.api)
	if d.TestInvoke && at.api == "" {
		return nil, fmt.Errorf("%s does not tell the ID of the API: name it by --api-id", d.URL)
	}
	return at, nil
}

// stageURLs are the outputs that are one.
func stageURLs(outputs integrationtests.Outputs) []string {
	found := map[string]bool{}
	for _, values := range outputs {
		for _, value := range values {
			if at, err := parseStage(value); err == nil && at.api != "" && at.name != "" {
				found[strings.TrimSuffix(value, "/")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// unclear says why no stage is known.
func (d Deployed) unclear(found []string) error {
	switch {
	case len(found) > 1:
		return fmt.Errorf("%s has %d stage URLs: choose by --url %s", d.Outputs, len(found), strings.Join(found, " or "))
	case d.Outputs != "":
		return fmt.Errorf("%s has no stage URL (https://….execute-api.…/stage): deploy the stack of the API, or name it by --url", d.Outputs)
	}
	return errors.New("nothing to compare with: name the deployed API by --url https://…/stage or --outputs cdk-outputs.json")
}

func parseStage(text string) (*stageAddress, error) {
	at, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("URL %q: want http(s)://host/stage", text)
	}
	stage := &stageAddress{url: at, name: strings.TrimPrefix(path.Base("/"+at.Path), "/")}
	if match := executeAPI.FindStringSubmatch(at.Host); match != nil {
		stage.api, stage.region = match[1], match[2]
	}
	if match := localStack.FindStringSubmatch(at.Path); match != nil {
		stage.api = match[1]
	}
	return stage, nil
}

// settle is how long a clean-up waits for what may still be on its way: a message, or a task of a workflow.
const settle = 5 * time.Second

// cleanUp removes what the cases made, as far as outputs tell where that is.
func (d *deployedAPI) cleanUp(report *Report) error {
	if d.target.Outputs == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	quiet := time.Duration(0)
	if s := report.Summary; s.Same < s.Steps {
		quiet = settle
	}
	removed, err := d.target.CleanUp(ctx, quiet)
	report.CleanUp = removed.String()
	return err
}

// unable says why the deployed API can't be asked what the local gateway was; "" if it can.
func (d *deployedAPI) unable(local *answered) string {
	if d.test == nil || local.trace == nil {
		return ""
	}
	return unable(local)
}

// names are the values of the player and of the API.
func (d *deployedAPI) names(player map[string]string) map[string]string {
	maps.Copy(player, d.values)
	return player
}

// named gives outputs, the API's ID, its stage and the stage's variables names that are the same on both sides. Of an
// ARN the name of its resource has one as well: that of a state machine is in the ARNs of its executions.
func named(outputs integrationtests.Outputs, api, stage string, variables map[string]string) map[string]string {
	all := map[string]string{"apiId": api, "stage": stage}
	add := func(key, value string) {
		all[key] = value
		if resource, err := arn.Parse(value); err == nil {
			all[key+", its name"] = resource.Resource[strings.LastIndexAny(resource.Resource, ":/")+1:]
			all["account"], all["region"] = resource.AccountID, resource.Region
		}
	}
	for stack, values := range outputs {
		for name, value := range values {
			add("output "+stack+"."+name, value)
		}
	}
	for name, value := range variables {
		add("stageVariables."+name, value)
	}
	return all
}

package compare

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
	"github.com/apigw-integrations/apigw-integrations/toolbox/stage"
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
	outputs, err := stage.ReadOutputs(d.Outputs)
	if err != nil {
		return nil, err
	}
	at, err := d.stage(outputs, localStage)
	if err != nil {
		return nil, err
	}
	target, cfg, err := at.Target(ctx, outputs)
	if err != nil {
		return nil, err
	}
	if d.TestInvoke {
		return d.throughTestInvoke(ctx, cfg, at, target)
	}
	target.Signed = target.Signed || d.Sign
	if err := target.CheckReachable(ctx); err != nil {
		return nil, err
	}
	return &deployedAPI{
		name: target.BaseURL.String(), target: target, values: named(outputs, at.API, at.Name, nil),
	}, nil
}

func (d Deployed) throughTestInvoke(
	ctx context.Context, cfg aws.Config, at *stage.Address, target *integrationtests.Target,
) (*deployedAPI, error) {
	test, err := newTestInvoke(ctx, cfg, at)
	if err != nil {
		return nil, err
	}
	target = target.Via(test)
	target.BaseURL, target.Signed = &url.URL{Scheme: "https", Host: at.URL.Host}, false // paths hold no stage there
	return &deployedAPI{
		name:   fmt.Sprintf("TestInvokeMethod of API %s, with the variables of stage %s", at.API, at.Name),
		target: target, test: test, values: named(target.Outputs, at.API, testInvokeStage, test.variables),
	}, nil
}

// stage finds the address in the options, else the one in the outputs.
func (d Deployed) stage(outputs integrationtests.Outputs, localStage string) (*stage.Address, error) {
	if d.URL == "" && d.TestInvoke && d.APIID != "" {
		return &stage.Address{URL: &url.URL{Host: d.APIID}, API: d.APIID, Name: localStage}, nil
	}
	at, err := stage.Find(d.URL, d.Outputs, outputs)
	if err != nil {
		return nil, err
	}
	at.API = cmp.Or(d.APIID, at.API)
	if d.TestInvoke && at.API == "" {
		return nil, fmt.Errorf("%s does not tell the ID of the API: name it by --api-id", d.URL)
	}
	return at, nil
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

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// deployLimit is how long a deployment may take: one that LocalStack lacks something for hangs without an error.
const deployLimit = 5 * time.Minute

// outputs are those of the stacks, as the CDK CLI writes them.
type outputs map[string]map[string]string

// synthesize makes the cloud assembly, with functions for this machine's processor.
func (s *session) synthesize(ctx context.Context) error {
	return s.cdk(ctx, "synth", "--quiet", "--app", filepath.Join(".build", "bin", "infra"), "--output", s.assembly(),
		"--context", "arch="+runtime.GOARCH,
		"--context", "productsUrl="+s.productsURL,
		"--context", "dataRemovalPolicy=destroy",
	)
}

// deploy deploys the assembly. In a LocalStack that goes on, it is destroyed before, because a second deployment of a
// stage loses the stage there, and at the end.
func (s *session) deploy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, deployLimit)
	defer cancel()
	if s.localStack == (given{}) {
		if err := s.destroy(ctx); err != nil {
			return err
		}
		s.onStop(s.destroy)
	}
	err := s.cdk(ctx, "deploy", "--all", "--app", s.assembly(), "--require-approval", "never", "--method", "direct",
		"--concurrency", "4", "--progress", "events", "--outputs-file", s.outputsFile())
	if ctx.Err() == context.DeadlineExceeded {
		return fmt.Errorf("it is not deployed after %s; LocalStack's own log, or its state, may tell what it waits for: %w", deployLimit, err)
	}
	if err != nil {
		return err
	}
	return s.readOutputs()
}

func (s *session) destroy(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.cdk(ctx, "destroy", "--all", "--force", "--app", s.assembly())
}

// inProgress are the states in which LocalStack works on a stack.
var inProgress = []types.StackStatus{
	types.StackStatusCreateInProgress, types.StackStatusUpdateInProgress, types.StackStatusRollbackInProgress,
	types.StackStatusUpdateRollbackInProgress, types.StackStatusDeleteInProgress,
}

// settle waits until LocalStack works on none of the kit's stacks. It goes on with a deployment that was cut off, and a
// stack that is destroyed meanwhile is there again in the end.
func (s *session) settle(ctx context.Context) error {
	client := cloudformation.NewFromConfig(s.config())
	ticks := time.NewTicker(200 * time.Millisecond)
	defer ticks.Stop()
	for {
		found, err := client.ListStacks(ctx, &cloudformation.ListStacksInput{StackStatusFilter: inProgress})
		if err != nil {
			return err
		}
		at := slices.IndexFunc(found.StackSummaries, func(stack types.StackSummary) bool {
			return strings.HasPrefix(aws.ToString(stack.StackName), "Integrations")
		})
		if at < 0 {
			return nil
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			stack := found.StackSummaries[at]
			return fmt.Errorf("stack %s stays %s: %w", *stack.StackName, stack.StackStatus, ctx.Err())
		}
	}
}

func (s *session) cdk(ctx context.Context, arguments ...string) error {
	return s.run(ctx, "cdk.log", s.environment(), filepath.Join("node_modules", ".bin", "cdk"), arguments...)
}

func (s *session) assembly() string { return filepath.Join(s.work, "cdk.out") }

func (s *session) outputsFile() string { return filepath.Join(s.work, "cdk-outputs.json") }

// readOutputs adds to the outputs what the private stack would say, in a stack that is there: the runner asks
// CloudFormation for the state of each.
func (s *session) readOutputs() error {
	data, err := os.ReadFile(s.outputsFile())
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &s.outputs); err != nil {
		return fmt.Errorf("%s: %w", s.outputsFile(), err)
	}
	api := s.outputs["IntegrationsApi"]
	if api == nil {
		return fmt.Errorf("%s: no outputs of IntegrationsApi", s.outputsFile())
	}
	api["ProductsTableName"] = productsTable
	if data, err = json.MarshalIndent(s.outputs, "", "  "); err != nil {
		return err
	}
	return os.WriteFile(s.outputsFile(), data, 0o644)
}

// apiURL is the stage's address, as CloudFormation says it.
func apiURL(o outputs) (*url.URL, error) {
	output := o["IntegrationsApi"]["ApiUrl"]
	u, err := url.Parse(strings.TrimSuffix(output, "/"))
	if err != nil || !strings.Contains(u.Host, ".execute-api.") || u.Path == "" {
		return nil, fmt.Errorf("output ApiUrl is %q: want https://<api>.execute-api.…/<stage>/", output)
	}
	return u, nil
}

package stage

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// ReadOutputs reads the outputs of deployed stacks; "" has none.
func ReadOutputs(file string) (integrationtests.Outputs, error) {
	if file == "" {
		return nil, nil
	}
	return integrationtests.ReadOutputs(file)
}

// Target is the API at the address, with what the environment says of AWS: with outputs, of stacks that are deployed
// in full. Whether it answers is not asked.
func (a *Address) Target(ctx context.Context, outputs integrationtests.Outputs) (*integrationtests.Target, aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, cfg, fmt.Errorf("AWS configuration: %w", err)
	}
	cfg.Region = cmp.Or(cfg.Region, a.Region)
	target := integrationtests.Running(integrationtests.AWS, a.URL, outputs, cfg)
	if outputs != nil {
		err = target.CheckDeployment(ctx)
	}
	return target, cfg, err
}

package integrationtests

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"

	"github.com/apigw-integrations/apigw-integrations/internal/account"
)

// CheckDeployment makes sure that the credentials are of the account and the Region that the outputs came from, and
// that every stack of the outputs is deployed in full. It sets what the target learns from there.
func (t *Target) CheckDeployment(ctx context.Context) error {
	owner, region := t.Outputs.place()
	if t.config.Region == "" {
		t.config.Region = region
	}
	caller, err := account.Identify(ctx, t.config)
	if err != nil {
		return err
	}
	t.where = caller.String()
	endpoint := ""
	if t.config.BaseEndpoint != nil {
		endpoint = ", of AWS_ENDPOINT_URL " + *t.config.BaseEndpoint
	}
	if owner != "" && owner != caller.Account {
		return fmt.Errorf("the outputs are of account %s, the credentials of account %s%s: use credentials of the first (AWS_PROFILE), or deploy to the second",
			owner, caller.Account, endpoint)
	}
	if region != "" && region != caller.Region {
		return fmt.Errorf("the outputs are of Region %s, the configured Region is %s: set AWS_REGION=%[1]s, or deploy to the second", region, caller.Region)
	}
	if err := t.checkStacks(ctx); err != nil {
		return err
	}
	return t.readAPIKey(ctx)
}

// checkStacks reports all stacks that aren't deployed in full.
func (t *Target) checkStacks(ctx context.Context) error {
	client := cloudformation.NewFromConfig(t.config)
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(t.Outputs)) {
		found, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
		if failed := smithy.APIError(nil); errors.As(err, &failed) && strings.Contains(failed.ErrorMessage(), "does not exist") {
			faults = append(faults, fmt.Errorf("there is no stack %s in %s any more: deploy it again", name, t.where))
			continue
		}
		if err != nil {
			return account.Explain(err)
		}
		status := found.Stacks[0].StackStatus
		if remedy := account.Unfinished(status); remedy != "" {
			faults = append(faults, fmt.Errorf("stack %s is %s: %s", name, status, remedy))
		}
	}
	return errors.Join(faults...)
}

// readAPIKey gets the value of the API key, where the stacks have one. It is sent, and never shown.
func (t *Target) readAPIKey(ctx context.Context) error {
	id, ok := t.Outputs.Find("ApiKeyId")
	if !ok {
		return nil
	}
	key, err := apigateway.NewFromConfig(t.config).GetApiKey(ctx, &apigateway.GetApiKeyInput{ApiKey: &id, IncludeValue: aws.Bool(true)})
	if err != nil {
		return fmt.Errorf("API key %s: %w", id, account.Explain(err))
	}
	t.apiKey = aws.ToString(key.Value)
	return nil
}

package stage

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/internal/account"
)

// Deployed is what API Gateway knows of a stage and its API.
type Deployed struct {
	Stage     *apigateway.GetStageOutput
	Resources []*gateway.Resource // with their methods, of which HTTPMethod and the integration's URI are set
	IDs       map[string]string   // resource's path → ID
}

// Read asks API Gateway by the credentials of the configuration.
func Read(ctx context.Context, cfg aws.Config, at *Address) (*Deployed, error) {
	caller, err := account.Identify(ctx, cfg)
	if err != nil {
		return nil, err
	}
	client := apigateway.NewFromConfig(cfg)
	d := &Deployed{IDs: map[string]string{}}
	pages := apigateway.NewGetResourcesPaginator(client, &apigateway.GetResourcesInput{
		RestApiId: &at.API, Embed: []string{"methods"}, Limit: aws.Int32(500),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, absent(err, "API %s in %s", at.API, caller)
		}
		for _, item := range page.Items {
			resource := &gateway.Resource{Path: *item.Path, Methods: map[string]*gateway.Method{}}
			for verb, method := range item.ResourceMethods {
				read := &gateway.Method{HTTPMethod: verb, Resource: resource, Integration: &gateway.Integration{}}
				if i := method.MethodIntegration; i != nil {
					read.Integration.URI = aws.ToString(i.Uri)
				}
				resource.Methods[verb] = read
			}
			d.Resources, d.IDs[resource.Path] = append(d.Resources, resource), *item.Id
		}
	}
	d.Stage, err = client.GetStage(ctx, &apigateway.GetStageInput{RestApiId: &at.API, StageName: &at.Name})
	if err != nil {
		return nil, absent(err, "stage %s of API %s in %s", at.Name, at.API, caller)
	}
	return d, nil
}

// absent says what to do when AWS doesn't find something, or of another error of the call.
func absent(err error, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if unknown := (*types.NotFoundException)(nil); errors.As(err, &unknown) {
		return fmt.Errorf("there is no %s: deploy it, or name another by --url, --api-id, AWS_REGION or AWS_PROFILE: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, account.Explain(err))
}

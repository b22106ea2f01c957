package deployed

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// api is a REST API as API Gateway has it now.
type api struct {
	stack       *stack
	logicalID   string
	id          string
	root        string // ID of the root resource
	binaryTypes []any
	methods     map[string]map[string]any // "GET /orders" → properties of AWS::ApiGateway::Method
	stages      []types.Stage
	responses   []types.GatewayResponse
	authorizers []types.Authorizer
	logRole     string // of the account's settings
}

func (r *reader) readAPIs(ctx context.Context, o Options) error {
	client := apigateway.NewFromConfig(o.Config)
	for _, s := range r.stacks {
		for _, logicalID := range slices.Sorted(maps.Keys(s.resources)) {
			if aws.ToString(s.resources[logicalID].ResourceType) != "AWS::ApiGateway::RestApi" {
				continue
			}
			a := &api{stack: s, logicalID: logicalID, id: s.physicalID(logicalID)}
			if err := a.read(ctx, client); err != nil {
				where := doctor.Where{Stack: s.name, Resource: logicalID}
				if err := r.missed("", where, "what API Gateway has of the API", err); err != nil {
					return err
				}
				continue
			}
			r.apis = append(r.apis, a)
		}
	}
	return nil
}

func (a *api) read(ctx context.Context, client *apigateway.Client) error {
	for _, read := range []func(context.Context, *apigateway.Client) error{
		a.readRestAPI, a.readMethods, a.readStages, a.readResponses, a.readAuthorizers, a.readAccount,
	} {
		if err := read(ctx, client); err != nil {
			return err
		}
	}
	return nil
}

func (a *api) readRestAPI(ctx context.Context, client *apigateway.Client) error {
	rest, err := client.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: &a.id})
	if err != nil {
		return err
	}
	a.root = aws.ToString(rest.RootResourceId)
	for _, contentType := range rest.BinaryMediaTypes {
		a.binaryTypes = append(a.binaryTypes, contentType)
	}
	return nil
}

func (a *api) readMethods(ctx context.Context, client *apigateway.Client) error {
	a.methods = map[string]map[string]any{}
	return pages(func(token *string) (*string, error) {
		page, err := client.GetResources(ctx, &apigateway.GetResourcesInput{
			RestApiId: &a.id, Embed: []string{"methods"}, Limit: aws.Int32(500), Position: token,
		})
		if err != nil {
			return nil, err
		}
		for _, resource := range page.Items {
			for verb, m := range resource.ResourceMethods {
				if m.MethodIntegration != nil {
					a.methods[verb+" "+aws.ToString(resource.Path)] = map[string]any{
						"Integration": integration(m.MethodIntegration), "MethodResponses": byStatus(m.MethodResponses),
					}
				}
			}
		}
		return page.Position, nil
	})
}

// integration has CloudFormation's names: those of the API, but for two.
func integration(i *types.Integration) map[string]any {
	properties := plain(i)
	properties["IntegrationHttpMethod"] = properties["HttpMethod"]
	properties["IntegrationResponses"] = byStatus(i.IntegrationResponses)
	return properties
}

// byStatus lists responses, which the API has by status, as a template does.
func byStatus[R any](responses map[string]R) []any {
	list := []any{}
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		list = append(list, plain(responses[status]))
	}
	return list
}

// plain is a value as a template has it, what is empty left out.
func plain(value any) map[string]any {
	text, _ := json.Marshal(value) // of strings, numbers and the like
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var properties map[string]any
	_ = decoder.Decode(&properties)
	maps.DeleteFunc(properties, func(_ string, v any) bool {
		return v == nil || v == "" || v == json.Number("0") || v == false
	})
	return properties
}

func (a *api) readStages(ctx context.Context, client *apigateway.Client) error {
	answer, err := client.GetStages(ctx, &apigateway.GetStagesInput{RestApiId: &a.id})
	if err == nil {
		a.stages = answer.Item
	}
	return err
}

func (a *api) readResponses(ctx context.Context, client *apigateway.Client) error {
	answer, err := client.GetGatewayResponses(ctx, &apigateway.GetGatewayResponsesInput{RestApiId: &a.id, Limit: aws.Int32(500)})
	if err != nil {
		return err
	}
	a.responses = slices.DeleteFunc(answer.Items, func(response types.GatewayResponse) bool { return response.DefaultResponse })
	return nil
}

func (a *api) readAuthorizers(ctx context.Context, client *apigateway.Client) error {
	answer, err := client.GetAuthorizers(ctx, &apigateway.GetAuthorizersInput{RestApiId: &a.id, Limit: aws.Int32(500)})
	if err == nil {
		a.authorizers = answer.Items
	}
	return err
}

func (a *api) readAccount(ctx context.Context, client *apigateway.Client) error {
	answer, err := client.GetAccount(ctx, &apigateway.GetAccountInput{})
	if err == nil {
		a.logRole = aws.ToString(answer.CloudwatchRoleArn)
	}
	return err
}

// texts are the values of a property of the integrations, and of what is like
// it in the authorizers.
func (a *api) texts(property string, ofAuthorizers func(types.Authorizer) *string) []string {
	var all []string
	for _, properties := range a.methods {
		text, _ := properties["Integration"].(map[string]any)[property].(string)
		all = append(all, text)
	}
	for _, authorizer := range a.authorizers {
		all = append(all, aws.ToString(ofAuthorizers(authorizer)))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// functions are those that the API invokes in any stage: name → how it names them.
func (a *api) functions() map[string]string {
	found := map[string]string{}
	for _, uri := range a.texts("Uri", func(authorizer types.Authorizer) *string { return authorizer.AuthorizerUri }) {
		for _, stage := range a.stages {
			if name, reference, ok := doctor.InvokedFunction(uri, stage.Variables); ok {
				found[name] = reference
			}
		}
	}
	return found
}

// roles are the ARNs of those that API Gateway is to assume, in any stage.
func (a *api) roles() []string {
	found := map[string]bool{a.logRole: true}
	for _, text := range a.texts("Credentials", func(authorizer types.Authorizer) *string { return authorizer.AuthorizerCredentials }) {
		for _, stage := range a.stages {
			found[doctor.FillStageVariables(text, stage.Variables)] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(found)), func(arn string) bool { return !strings.Contains(arn, ":role/") })
}

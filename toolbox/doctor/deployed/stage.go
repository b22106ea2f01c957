package deployed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/openapi"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// readStages finds out whether each stage serves what the API is now.
func (r *reader) readStages(ctx context.Context, o Options) error {
	client := apigateway.NewFromConfig(o.Config)
	for _, a := range r.apis {
		for _, stage := range a.stages {
			resource, deployment := r.stageOf(a, stage)
			if resource == nil {
				continue // made by hand
			}
			state := doctor.StageState{Stage: resource, Name: aws.ToString(stage.StageName)}
			if serves := aws.ToString(stage.DeploymentId); deployment != "" && serves != deployment {
				state.Stale = append(state.Stale, fmt.Sprintf("it serves deployment %s, the stack's is %s", serves, deployment))
			}
			snapshot, err := export(ctx, client, a.id, state.Name)
			if err != nil {
				if err := r.missed("stage-stale", place(resource), "what stage "+state.Name+" serves", err); err != nil {
					return err
				}
			} else {
				state.Stale = append(state.Stale, differences(snapshot, a.methods)...)
			}
			r.found.Stages = append(r.found.Stages, state)
		}
	}
	return nil
}

// stageOf is the resource that makes a stage, and the ID of the deployment that
// it is to serve, "" when that is not known.
func (r *reader) stageOf(a *api, stage types.Stage) (resource *cfn.Resource, deployment string) {
	for _, kind := range []string{"AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"} {
		for _, part := range r.partsOf(a, kind) {
			if part.String("StageName") != aws.ToString(stage.StageName) {
				continue
			}
			made := part
			if kind == "AWS::ApiGateway::Stage" {
				made = r.assembly.ByRef(part.String("DeploymentId"))
			}
			if made == nil {
				return part, ""
			}
			return part, r.physicalID(made)
		}
	}
	return nil, ""
}

// export is what a stage serves: "GET /orders" → integration, in
// CloudFormation's words.
func export(ctx context.Context, client *apigateway.Client, api, stage string) (map[string]map[string]any, error) {
	answer, err := client.GetExport(ctx, &apigateway.GetExportInput{
		RestApiId: &api, StageName: &stage, ExportType: aws.String("oas30"), Accepts: aws.String("application/json"),
		Parameters: map[string]string{"extensions": "apigateway"},
	})
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(answer.Body))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("export of stage %s: %w", stage, err)
	}
	routes := map[string]map[string]any{}
	const prefix = "Api:"
	for _, made := range openapi.Import(document, openapi.Options{LogicalID: strings.TrimSuffix(prefix, ":")}).Resources {
		if made.Type == "AWS::ApiGateway::Method" {
			integration, _ := made.Properties["Integration"].(map[string]any)
			routes[strings.TrimPrefix(made.LogicalID, prefix)] = integration
		}
	}
	return routes, nil
}

// compared are the properties in which an export and the API's methods tell the
// same. How the service writes the others in an export is not documented.
var compared = []string{"Type", "Uri", "IntegrationHttpMethod", "Credentials", "ConnectionId", "IntegrationTarget", "RequestTemplates"}

// differences says which methods a stage serves in another state than the API's.
func differences(snapshot map[string]map[string]any, methods map[string]map[string]any) []string {
	var found []string
	for _, route := range slices.Sorted(maps.Keys(methods)) {
		was, served := snapshot[route]
		is, _ := methods[route]["Integration"].(map[string]any)
		switch {
		case !served:
			found = append(found, route+" is not in it")
		case was != nil:
			for _, property := range compared {
				if was[property] != nil && is[property] != nil && !reflect.DeepEqual(was[property], is[property]) {
					found = append(found, route+" has another "+property)
				}
			}
		}
	}
	for _, route := range slices.Sorted(maps.Keys(snapshot)) {
		if methods[route] == nil {
			found = append(found, route+" is in it still")
		}
	}
	return found
}

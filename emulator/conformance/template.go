package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

const (
	apiID       = "c0nf0rm4nc"
	apiKeyValue = "conformance-key-0123456789"
	stackName   = "Conformance"
)

// build makes the case's API by way of a template, as a deployment would. A
// canary's deployment is another state of the API, so it takes a template of
// its own.
func build(c *Case, placeholders *strings.Replacer, backends gateway.Backends, dir string) (*gateway.API, error) {
	api, err := buildTemplate(c, placeholders, backends, dir)
	canary, ok := c.API["Canary"].(object)
	if err != nil || !ok {
		return api, err
	}
	next := *c
	next.Method, _ = canary["Method"].(object)
	released, err := buildTemplate(&next, placeholders, backends, dir)
	if err != nil {
		return nil, err
	}
	api.Stage.Canary.Resources = released.Resources
	return api, nil
}

func buildTemplate(c *Case, placeholders *strings.Replacer, backends gateway.Backends, dir string) (*gateway.API, error) {
	text, err := json.Marshal(map[string]any{"Resources": resources(c)})
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, stackName+".json")
	if err := os.WriteFile(path, []byte(placeholders.Replace(string(text))), 0o600); err != nil {
		return nil, err
	}
	assembly, err := cfn.Load(path, cfn.Options{Attribute: func(r *cfn.Resource, name string) (string, bool) {
		return apiID, r.Type == "AWS::ApiGateway::RestApi" && name == "Ref"
	}})
	if err != nil {
		return nil, err
	}
	apis, problems := gateway.Build(assembly, backends)
	if len(apis) != 1 {
		return nil, fmt.Errorf("the case makes %d APIs: %w", len(apis), problems)
	}
	return apis[0], nil
}

// object is a JSON object that a template is made of.
type object = map[string]any

func ref(logicalID string) object { return object{"Ref": logicalID} }

// resources are the case's API as resources of a template.
func resources(c *Case) object {
	all := object{}
	add := func(logicalID, kind string, properties object) {
		all[logicalID] = object{"Type": "AWS::ApiGateway::" + kind, "Properties": properties}
	}
	rest := object{"Name": "conformance"}
	if kind, ok := c.API["EndpointType"].(string); ok {
		rest["EndpointConfiguration"] = object{"Types": []any{kind}}
	} else {
		rest["EndpointConfiguration"] = object{"Types": []any{"REGIONAL"}}
	}
	if types, ok := c.API["BinaryMediaTypes"]; ok {
		rest["BinaryMediaTypes"] = types
	}
	imported, isImported := c.API["Import"].(object)
	if isImported {
		rest["Body"], rest["Parameters"] = document(c), object{"basepath": imported["basepath"]}
	}
	add("Api", "RestApi", rest)
	add("Deployment", "Deployment", object{"RestApiId": ref("Api")})
	stage := object{
		"RestApiId": ref("Api"), "DeploymentId": ref("Deployment"), "StageName": c.stage(), "Variables": c.StageVariables,
	}
	if canary, ok := c.API["Canary"].(object); ok {
		stage["CanarySetting"] = object{
			"PercentTraffic": canary["PercentTraffic"], "StageVariableOverrides": canary["StageVariableOverrides"],
		}
	}
	add("Stage", "Stage", stage)
	addAPIParts(c, add)
	if isImported {
		return all
	}
	paths := map[string]any{"": object{"Fn::GetAtt": []any{"Api", "RootResourceId"}}}
	for i, route := range c.routes() {
		method := object{"RestApiId": ref("Api"), "ResourceId": addPath(route.Path, paths, add)}
		for name, value := range route.Method {
			switch name {
			case "RequestValidator":
				validator := fmt.Sprintf("Validator%d", i)
				properties := value.(object)
				properties["RestApiId"] = ref("Api")
				add(validator, "RequestValidator", properties)
				method["RequestValidatorId"] = ref(validator)
			default:
				method[name] = value
			}
		}
		if integration, ok := method["Integration"].(object); ok && c.Backend != nil && serviceKinds[c.Backend.Kind] != "" {
			integration["Credentials"] = roleARN // the recordings leave it out
		}
		method["MethodResponses"] = methodResponses(method) // as well
		add(fmt.Sprintf("Method%d", i), "Method", method)
	}
	return all
}

// methodResponses declare the statuses of the integration responses, unless the
// case does, and the headers that these map.
func methodResponses(method object) []any {
	integration, _ := method["Integration"].(object)
	responses, _ := integration["IntegrationResponses"].([]any)
	declared, given := method["MethodResponses"].([]any)
	for _, value := range responses {
		response, _ := value.(object)
		if !given {
			declared = append(declared, object{"StatusCode": response["StatusCode"]})
		}
		parameters := object{}
		mapped, _ := response["ResponseParameters"].(object)
		for target := range mapped {
			parameters[target] = false
		}
		for _, value := range declared {
			if of := value.(object); fmt.Sprint(of["StatusCode"]) == fmt.Sprint(response["StatusCode"]) {
				of["ResponseParameters"] = parameters
			}
		}
	}
	return declared
}

// addAPIParts adds what the case's "api" member holds beside the RestApi itself.
func addAPIParts(c *Case, add func(logicalID, kind string, properties object)) {
	models, _ := c.API["Models"].(object)
	for name, value := range models {
		model := value.(object)
		model["RestApiId"], model["Name"] = ref("Api"), name
		add("Model"+name, "Model", model)
	}
	responses, _ := c.API["GatewayResponses"].([]any)
	for i, value := range responses {
		response := value.(object)
		response["RestApiId"] = ref("Api")
		add(fmt.Sprintf("GatewayResponse%d", i), "GatewayResponse", response)
	}
	if key, ok := c.API["ApiKey"].(object); ok {
		key["Value"] = apiKeyValue
		add("Key", "ApiKey", key)
		add("Plan", "UsagePlan", object{"ApiStages": []any{object{"ApiId": ref("Api"), "Stage": c.stage()}}})
		add("PlanKey", "UsagePlanKey", object{"KeyId": ref("Key"), "KeyType": "API_KEY", "UsagePlanId": ref("Plan")})
	}
}

// addPath adds the resources that lead to path and returns the last one's ID.
func addPath(path string, known map[string]any, add func(logicalID, kind string, properties object)) any {
	path = strings.TrimSuffix(path, "/")
	if id, ok := known[path]; ok {
		return id
	}
	parent, part := path[:strings.LastIndex(path, "/")], path[strings.LastIndex(path, "/")+1:]
	properties := object{"RestApiId": ref("Api"), "ParentId": addPath(parent, known, add), "PathPart": part}
	logicalID := fmt.Sprintf("Resource%d", len(known))
	add(logicalID, "Resource", properties)
	known[path] = ref(logicalID)
	return known[path]
}

// stage is the case's stage, told by the path on the wire if by nothing else.
func (c *Case) stage() string {
	if c.Stage == "" && c.Request.RawPath != "" {
		stage, _, _ := strings.Cut(strings.TrimLeft(c.Request.RawPath, "/"), "/")
		stage, _, _ = strings.Cut(stage, "?")
		return stage
	}
	return cmp.Or(c.Stage, "dev")
}

func (c *Case) routes() []Route {
	if len(c.Methods) > 0 {
		return c.Methods
	}
	if c.Method == nil {
		return nil
	}
	return []Route{{Path: c.Path, Method: c.Method}}
}

package gateway

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Build makes the APIs of an assembly, one for each stage of each RestApi. What
// can't be served is in the problems; a method that can't is part of its API
// nevertheless and answers why. Without backends the APIs are there to be read
// only.
func Build(a *cfn.Assembly, backends Backends) ([]*API, cfn.Problems) {
	var apis []*API
	plans, problems := newUsagePlans(a)
	for _, rest := range a.Resources("AWS::ApiGateway::RestApi") {
		b := &builder{assembly: a, backends: backends, plans: plans, rest: rest}
		for _, stage := range b.stages() {
			apis = append(apis, b.api(stage))
		}
		problems = append(problems, b.problems.Unique()...)
	}
	problems = append(problems, orphans(a)...)
	return apis, append(problems, unservedResources(a)...)
}

// builder reads one RestApi and what belongs to it.
type builder struct {
	assembly *cfn.Assembly
	backends Backends
	plans    usagePlans
	rest     *cfn.Resource
	problems cfn.Problems
}

// of lists the resources of a type that belong to the RestApi.
func (b *builder) of(kind string) []*cfn.Resource {
	var found []*cfn.Resource
	for _, r := range b.assembly.Resources("AWS::ApiGateway::" + kind) {
		if r.String("RestApiId") == b.rest.Ref() {
			found = append(found, r)
		}
	}
	return found
}

func (b *builder) report(r *cfn.Resource, property, message, hint string) {
	b.problems = append(b.problems, r.Problem(property, message, hint))
}

// own reports the resource's own problems. Those of other properties than the
// needed ones keep no request from being served.
func (b *builder) own(r *cfn.Resource, needed ...string) {
	for _, p := range r.Problems {
		property, rest, _ := strings.Cut(p.Property, ".")
		if !slices.Contains(needed, property) || strings.HasPrefix(rest, "x-amazon-apigateway-policy") {
			p.Effect = cfn.Ignored
		}
		b.problems = append(b.problems, p)
	}
}

// ignore reports what the API is served without.
func (b *builder) ignore(r *cfn.Resource, property, message, hint string) {
	p := r.Problem(property, message, hint)
	p.Effect = cfn.Ignored
	b.problems = append(b.problems, p)
}

// deployed is a stage of the RestApi: a Stage, or a Deployment that names one.
type deployed struct {
	resource   *cfn.Resource
	name       string
	properties string // path of the stage's properties in resource
	deployment string
}

func (b *builder) stages() []deployed {
	var found []deployed
	stages := b.of("Stage")
	for _, s := range stages {
		if name := s.String("StageName"); name != "" {
			found = append(found, deployed{s, name, "", s.String("DeploymentId")})
			continue
		}
		b.own(s, "StageName") // says why it has no name
	}
	for _, d := range b.of("Deployment") {
		if name := d.String("StageName"); name != "" && !d.Has(deploymentCanary) {
			found = append(found, deployed{d, name, "StageDescription.", d.Ref()})
		}
		b.own(d, "RestApiId", "StageName", "StageDescription")
	}
	if len(found)+len(stages) == 0 {
		b.report(b.rest, "", "the API has no stage, so nothing is deployed", "add an AWS::ApiGateway::Stage")
	}
	return found
}

func (b *builder) api(stage deployed) *API {
	b.reportIgnored(stage)
	if b.rest.Has("CloneFrom") {
		b.report(b.rest, "CloneFrom", "the API begins as a copy of one that only the account knows", "export that one, and put its document into Body")
	}
	api := &API{
		ID:               b.rest.Ref(),
		Name:             cmp.Or(b.rest.String("Name"), b.rest.LogicalID),
		Partition:        strings.Split(b.rest.ARN(), ":")[1],
		AccountID:        b.rest.Stack.AccountID,
		Region:           b.rest.Stack.Region,
		Edge:             b.isEndpoint("EDGE"),
		Private:          b.isEndpoint("PRIVATE"),
		LogicalID:        b.rest.LogicalID,
		StackName:        b.rest.Stack.Name,
		DeploymentID:     stage.deployment,
		Stage:            b.stage(stage),
		GatewayResponses: b.gatewayResponses(),
		KeysOfAuthorizer: b.rest.String("ApiKeySourceType") == "AUTHORIZER",
	}
	for _, entry := range b.rest.Strings("BinaryMediaTypes") {
		api.BinaryMediaTypes = append(api.BinaryMediaTypes, strings.ReplaceAll(entry, "~1", "/"))
	}
	if b.rest.Has("MinimumCompressionSize") {
		size := b.rest.Int("MinimumCompressionSize")
		if size < 0 || size > maxPayload {
			b.report(b.rest, "MinimumCompressionSize", fmt.Sprintf("%d is not from 0 to %d", size, maxPayload), "")
		}
		api.MinimumCompressionSize = &size
	}
	api.APIKeys = b.apiKeys(api)
	api.Resources = b.resources()
	b.methods(api)
	b.own(b.rest, "Body", "BodyS3Location")
	return api
}

// isEndpoint: a RestApi without EndpointConfiguration is edge-optimized.
func (b *builder) isEndpoint(kind string) bool {
	types := b.rest.Strings("EndpointConfiguration.Types")
	return len(types) == 0 && kind == "EDGE" || len(types) > 0 && types[0] == kind
}

func (b *builder) stage(d deployed) *Stage {
	r, at := d.resource, d.properties
	s := &Stage{Name: d.name, Variables: r.StringMap(at + "Variables"), MethodSettings: map[string]ThrottleSettings{}}
	if len(s.Variables) == 0 {
		s.Variables = nil
	}
	for i, value := range r.List(at + "MethodSettings") {
		path := at + "MethodSettings." + strconv.Itoa(i)
		limits, _ := value.(map[string]any)
		setting, err := throttleSettings(limits, "ThrottlingRateLimit", "ThrottlingBurstLimit")
		if err != nil {
			b.report(r, path, err.Error(), "")
		}
		s.MethodSettings[r.String(path+".HttpMethod")+settingPath(r.String(path+".ResourcePath"))] = setting
	}
	s.Canary = b.canary(d, s)
	b.own(r, "RestApiId", "DeploymentId", "StageName", "Variables", "StageDescription")
	return s
}

// settingPath undoes the escape of a ResourcePath: "/~1orders~1{id}" is
// "/orders/{id}", "/*" stands for every path.
func settingPath(path string) string {
	if rest, ok := strings.CutPrefix(path, "/~1"); ok {
		path = "/" + rest
	}
	return strings.ReplaceAll(path, "~1", "/")
}

func (b *builder) gatewayResponses() map[ResponseType]*GatewayResponseDefinition {
	found := map[ResponseType]*GatewayResponseDefinition{}
	for _, r := range b.of("GatewayResponse") {
		kind := ResponseType(r.String("ResponseType"))
		if _, known := gatewayResponseTypes[kind]; !known {
			b.report(r, "ResponseType", fmt.Sprintf("there is no gateway response %q", kind), "")
		}
		found[kind] = &GatewayResponseDefinition{
			StatusCode:         r.String("StatusCode"),
			ResponseParameters: r.StringMap("ResponseParameters"),
			ResponseTemplates:  r.StringMap("ResponseTemplates"),
		}
		b.problems = append(b.problems, r.Problems...)
	}
	return found
}

// placeholder is a path parameter; two names for one place make no two routes.
var placeholder = regexp.MustCompile(`\{[^}+]*(\+?)\}`)

// resources are the RestApi's root and all Resources with their whole paths.
func (b *builder) resources() []*Resource {
	root := &Resource{ID: b.rest.Attribute("RootResourceId"), Path: "/", Methods: map[string]*Method{}}
	known := map[string]*Resource{root.ID: root}
	all := []*Resource{root}
	routes := map[string]*cfn.Resource{}
	for waiting := b.of("Resource"); len(waiting) > 0; {
		var later []*cfn.Resource
		for _, r := range waiting {
			parent := known[r.String("ParentId")]
			if parent == nil {
				later = append(later, r)
				continue
			}
			resource := &Resource{
				ID:      r.Ref(),
				Path:    strings.TrimSuffix(parent.Path, "/") + "/" + r.String("PathPart"),
				Methods: map[string]*Method{},
			}
			b.problems = append(b.problems, r.Problems...)
			route := placeholder.ReplaceAllString(resource.Path, "{$1}")
			if first := routes[route]; first != nil {
				b.report(r, "PathPart", "its place is taken by "+first.LogicalID, "the service refuses the second of two such resources")
			} else {
				routes[route] = r
				all = append(all, resource)
			}
			known[resource.ID] = resource
		}
		if len(later) == len(waiting) {
			for _, r := range later {
				b.report(r, "ParentId", "the parent is no resource of this API", "refer to the API's root or to one of its resources")
			}
			break
		}
		waiting = later
	}
	return all
}

// models compiles the API's schemas by model name.
func (b *builder) models() *Models {
	schemas := map[string]any{}
	for _, r := range b.of("Model") {
		schema := r.Value("Schema")
		if text, ok := schema.(string); ok {
			decoder := json.NewDecoder(strings.NewReader(text))
			decoder.UseNumber()
			if err := decoder.Decode(&schema); err != nil {
				b.report(r, "Schema", "the schema is not JSON: "+err.Error(), "")
				continue
			}
		}
		b.problems = append(b.problems, r.Problems...)
		if schema != nil {
			schemas[r.Ref()] = schema
		}
	}
	models, err := NewModels(b.rest.Ref(), schemas)
	if err != nil {
		b.report(b.rest, "", err.Error(), "correct the schema of the model")
		return nil
	}
	return models
}

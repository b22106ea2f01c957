package deployed

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// elsewhere is the stack of what the APIs name and none of the stacks has.
const elsewhere = "elsewhere"

// load writes the stacks as a cloud assembly, loads it, and puts into it what
// the services say.
func (r *reader) load(_ context.Context, o Options) error {
	dir, err := os.MkdirTemp("", "apigw-doctor-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	artifacts := map[string]any{}
	for _, s := range r.stacks {
		file := s.name + ".template" + extension(s.template)
		if err := os.WriteFile(filepath.Join(dir, file), []byte(s.template), 0o600); err != nil {
			return err
		}
		artifacts[s.name] = artifact(s.id, file, s.parameters)
	}
	if err := writeJSON(filepath.Join(dir, elsewhere+".json"), r.elsewhere()); err != nil {
		return err
	}
	artifacts[elsewhere] = artifact(r.stacks[0].id, elsewhere+".json", nil)
	if err := writeJSON(filepath.Join(dir, "manifest.json"), map[string]any{"artifacts": artifacts}); err != nil {
		return err
	}
	if r.assembly, err = cfn.Load(dir, cfn.Options{PhysicalID: r.physicalID, Attribute: r.attribute}); err != nil {
		return err
	}
	r.overlay()
	if o.Next == nil {
		return nil
	}
	return r.loadNext(dir, o)
}

// loadNext loads the templates at hand under the same circumstances as those
// that are deployed: what differs then are the templates.
func (r *reader) loadNext(dir string, o Options) error {
	circumstances := cfn.Options{Region: r.caller.Region, AccountID: r.caller.Account, Parameters: map[string]string{}}
	for _, s := range r.stacks {
		for name, value := range s.parameters {
			circumstances.Parameters[s.name+":"+name] = value
		}
	}
	before, err := cfn.Load(dir, circumstances)
	if err != nil {
		return err
	}
	next, err := o.Next(circumstances)
	if err != nil {
		return err
	}
	if len(next.Problems) > 0 { // such as a macro
		r.skip("template-not-deployed", doctor.Where{}, "the templates at hand can't be compared: "+next.Problems[0].Error())
		return nil
	}
	r.found.Before, r.found.Next = before, next
	return nil
}

// extension tells JSON from YAML.
func extension(template string) string {
	if strings.HasPrefix(strings.TrimSpace(template), "{") {
		return ".json"
	}
	return ".yaml"
}

// artifact is a stack's entry in the manifest; its ID names account and Region.
func artifact(id, file string, parameters map[string]string) map[string]any {
	parts := append(strings.Split(id, ":"), make([]string, 5)...)
	return map[string]any{
		"type":        "aws:cloudformation:stack",
		"environment": "aws://" + parts[4] + "/" + parts[3],
		"properties":  map[string]any{"templateFile": file, "parameters": parameters},
	}
}

func writeJSON(file string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// elsewhere is a template of the exports of other stacks, and of the functions
// and roles that none of the stacks has.
func (r *reader) elsewhere() map[string]any {
	resources, outputs := map[string]any{}, map[string]any{}
	for name, value := range r.exports {
		outputs["Export"+strconv.Itoa(len(outputs))] = map[string]any{"Value": value, "Export": map[string]any{"Name": name}}
	}
	for name := range r.functions {
		function, _, _ := strings.Cut(name, ":")
		if !r.has("AWS::Lambda::Function", function) {
			resources[function] = map[string]any{"Type": "AWS::Lambda::Function", "Properties": map[string]any{"FunctionName": function}}
		}
	}
	for arn, found := range r.roles {
		if !r.has("AWS::IAM::Role", found.name) {
			properties := found.properties()
			properties["RoleName"], properties["Path"] = found.name, found.path
			resources[arn] = map[string]any{"Type": "AWS::IAM::Role", "Properties": properties}
		}
	}
	return map[string]any{"Resources": resources, "Outputs": outputs}
}

func (r *role) properties() map[string]any {
	return map[string]any{"AssumeRolePolicyDocument": r.trust, "Policies": r.policies}
}

// has says whether one of the stacks has the resource.
func (r *reader) has(kind, physicalID string) bool {
	for _, s := range r.stacks {
		for _, resource := range s.resources {
			if aws.ToString(resource.ResourceType) == kind && aws.ToString(resource.PhysicalResourceId) == physicalID {
				return true
			}
		}
	}
	return false
}

func (r *reader) physicalID(resource *cfn.Resource) string {
	for _, s := range r.stacks {
		if s.name == resource.Stack.Name {
			return s.physicalID(resource.LogicalID)
		}
	}
	return ""
}

// attribute gives what follows neither from the physical ID nor from the template.
func (r *reader) attribute(resource *cfn.Resource, name string) (string, bool) {
	id := r.physicalID(resource)
	if name == "RootResourceId" {
		for _, a := range r.apis {
			if a.id == id {
				return a.root, true
			}
		}
	}
	if output, ok := strings.CutPrefix(name, "Outputs."); ok {
		for _, s := range r.stacks {
			if s.id == id {
				value, ok := s.outputs[output]
				return value, ok
			}
		}
	}
	return "", false
}

// overlay puts what the services say in the place of what the templates say.
func (r *reader) overlay() {
	routes := r.routes()
	for _, a := range r.apis {
		r.overlayMethods(a, routes[a.id])
		r.overlayStages(a)
		r.overlayResponses(a)
		r.overlayAuthorizers(a)
	}
	r.overlayAccount()
	r.overlayFunctions()
	r.overlayRoles()
}

// routes are the templates' methods: API's ID → "GET /orders".
func (r *reader) routes() map[string]map[string]*cfn.Resource {
	found := map[string]map[string]*cfn.Resource{}
	apis, _ := gateway.Build(r.assembly, nil)
	for _, api := range apis {
		found[api.ID] = map[string]*cfn.Resource{}
		for _, resource := range api.Resources {
			for verb, m := range resource.Methods {
				found[api.ID][verb+" "+resource.Path] = r.resource(m.StackName, m.LogicalID)
			}
		}
	}
	return found
}

func (r *reader) resource(stack, logicalID string) *cfn.Resource {
	for _, s := range r.assembly.Stacks {
		if s.Name == stack {
			return s.Resource(logicalID)
		}
	}
	return nil
}

func (r *reader) overlayMethods(a *api, routes map[string]*cfn.Resource) {
	for route, resource := range routes {
		if live := a.methods[route]; live != nil {
			maps.Copy(resource.Properties, live)
			continue
		}
		r.skip("", place(resource), "the API has no "+route+" any more")
		r.remove(func(other *cfn.Resource) bool { return other == resource })
	}
	for route := range a.methods {
		if routes != nil && routes[route] == nil {
			r.skip("", place(r.resource(a.stack.name, a.logicalID)), route+" is in the API, but in none of the stacks' templates")
		}
	}
	if rest := r.resource(a.stack.name, a.logicalID); rest != nil {
		rest.Properties["BinaryMediaTypes"] = a.binaryTypes
	}
}

func (r *reader) overlayStages(a *api) {
	for _, live := range a.stages {
		for _, resource := range r.partsOf(a, "AWS::ApiGateway::Stage") {
			if resource.String("StageName") == aws.ToString(live.StageName) {
				resource.Properties["Variables"] = texts(live.Variables)
			}
		}
		for _, resource := range r.partsOf(a, "AWS::ApiGateway::Deployment") {
			if resource.String("StageName") == aws.ToString(live.StageName) {
				description := map[string]any{}
				for name, value := range resource.Map("StageDescription") {
					description[name] = value
				}
				description["Variables"] = texts(live.Variables)
				resource.Properties["StageDescription"] = description
			}
		}
	}
}

func (r *reader) overlayResponses(a *api) {
	for _, resource := range r.partsOf(a, "AWS::ApiGateway::GatewayResponse") {
		kind := resource.String("ResponseType")
		r.remove(func(other *cfn.Resource) bool { return other == resource })
		for _, live := range a.responses {
			if string(live.ResponseType) == kind {
				resource.Properties = plain(live)
				resource.Properties["RestApiId"] = a.id
				resource.Stack.Resources = append(resource.Stack.Resources, resource)
			}
		}
	}
}

func (r *reader) overlayAuthorizers(a *api) {
	for _, resource := range r.partsOf(a, "AWS::ApiGateway::Authorizer") {
		for _, live := range a.authorizers {
			if aws.ToString(live.Id) == resource.Ref() || aws.ToString(live.Name) == resource.String("Name") {
				resource.Properties["AuthorizerUri"] = aws.ToString(live.AuthorizerUri)
				if live.AuthorizerCredentials != nil {
					resource.Properties["AuthorizerCredentials"] = *live.AuthorizerCredentials
				} else {
					delete(resource.Properties, "AuthorizerCredentials")
				}
			}
		}
	}
}

// overlayAccount: the setting is the account's own, whichever stack made it.
func (r *reader) overlayAccount() {
	if len(r.apis) == 0 {
		return
	}
	r.remove(func(resource *cfn.Resource) bool { return resource.Type == "AWS::ApiGateway::Account" })
	if arn := r.apis[0].logRole; arn != "" {
		r.add("AWS::ApiGateway::Account", "Account", map[string]any{"CloudWatchRoleArn": arn})
	}
}

// overlayFunctions keeps of a template's permissions those that a policy has
// under their ID, with what the policy says.
func (r *reader) overlayFunctions() {
	for name, p := range r.functions {
		made := map[string]*cfn.Resource{} // by ID
		r.remove(func(resource *cfn.Resource) bool {
			is := resource.Type == "AWS::Lambda::Permission" && sameFunction(resource.String("FunctionName"), name)
			if is {
				made[r.physicalID(resource)] = resource
			}
			return is
		})
		for _, s := range p.statements {
			properties := s.permission(name)
			if resource := made[s.Sid]; properties != nil && resource != nil {
				resource.Properties = properties
				resource.Stack.Resources = append(resource.Stack.Resources, resource)
			} else if properties != nil {
				r.add("AWS::Lambda::Permission", s.Sid, properties)
			}
		}
	}
}

// sameFunction says whether a permission's FunctionName is of that function and
// qualifier.
func sameFunction(text, name string) bool {
	_, named, found := strings.Cut(text, ":function:")
	if !found {
		named = text
	}
	return strings.TrimSuffix(named, ":$LATEST") == name
}

func (r *reader) overlayRoles() {
	for arn, live := range r.roles {
		resource := r.assembly.ByARN(arn)
		if resource == nil || resource.Stack.Name == elsewhere {
			continue
		}
		r.remove(func(policy *cfn.Resource) bool {
			isPolicy := slices.Contains([]string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"}, policy.Type)
			return isPolicy && policy.Needs(resource)
		})
		delete(resource.Properties, "ManagedPolicyArns")
		for name, value := range live.properties() {
			resource.Properties[name] = value
		}
	}
}

// partsOf lists the resources of a type that belong to the API.
func (r *reader) partsOf(a *api, kind string) []*cfn.Resource {
	return slices.DeleteFunc(r.assembly.Resources(kind), func(resource *cfn.Resource) bool { return resource.String("RestApiId") != a.id })
}

// add puts a resource that no template has into the stack elsewhere.
func (r *reader) add(kind, logicalID string, properties map[string]any) {
	for _, s := range r.assembly.Stacks {
		if s.Name == elsewhere {
			s.Resources = append(s.Resources, &cfn.Resource{Stack: s, LogicalID: logicalID, Type: kind, Properties: properties})
		}
	}
}

// remove takes resources out of their stacks.
func (r *reader) remove(which func(*cfn.Resource) bool) {
	for _, s := range r.assembly.Stacks {
		s.Resources = slices.DeleteFunc(s.Resources, which)
	}
}

func texts(values map[string]string) map[string]any {
	all := map[string]any{}
	for name, value := range values {
		all[name] = value
	}
	return all
}

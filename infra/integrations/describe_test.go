package integrations

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/infra/internal/templatetest"
)

// template is a synthesized template. Its methods describe resources in lines
// that a test can state as a whole.
type template struct{ body map[string]any }

func (t template) resources(kind string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for id, resource := range t.body["Resources"].(map[string]any) {
		if resource := resource.(map[string]any); resource["Type"] == kind {
			found[id] = resource
		}
	}
	return found
}

// deploymentID is the logical ID of the API's deployment.
func (t template) deploymentID(tb testing.TB) string {
	tb.Helper()
	for id := range t.resources("AWS::ApiGateway::Deployment") {
		return id
	}
	tb.Fatal("the template has no deployment")
	return ""
}

// method finds a method by path.
func (t template) method(tb testing.TB, httpMethod, path string) map[string]any {
	tb.Helper()
	for _, method := range t.resources("AWS::ApiGateway::Method") {
		properties := method["Properties"].(map[string]any)
		if properties["HttpMethod"] == httpMethod && t.path(properties["ResourceId"]) == path {
			return method
		}
	}
	tb.Fatalf("the template has no method %s %s", httpMethod, path)
	return nil
}

func (t template) path(reference any) string {
	id, ok := reference.(map[string]any)["Ref"].(string)
	if !ok { // Fn::GetAtt RootResourceId
		return ""
	}
	properties := t.resources("AWS::ApiGateway::Resource")[id]["Properties"].(map[string]any)
	return t.path(properties["ParentId"]) + "/" + properties["PathPart"].(string)
}

// describeMethod lists what a method does, one fact a line.
func (t template) describeMethod(tb testing.TB, httpMethod, path string) string {
	tb.Helper()
	method := t.method(tb, httpMethod, path)["Properties"].(map[string]any)
	integration := method["Integration"].(map[string]any)
	var out strings.Builder
	for _, name := range []string{
		"Type", "IntegrationHttpMethod", "Uri", "Credentials", "ConnectionType", "ConnectionId", "IntegrationTarget", "PassthroughBehavior",
	} {
		if value, ok := integration[name]; ok {
			fmt.Fprintf(&out, "%s: %s\n", name, templatetest.Text(value))
		}
	}
	writeSorted(&out, "mapped", integration["RequestParameters"])
	writeSorted(&out, "template", integration["RequestTemplates"])
	declared := declaredResponses(method)
	for i, response := range list(integration["IntegrationResponses"]) {
		writeResponse(&out, response.(map[string]any), declared[i])
	}
	writeSorted(&out, "parameter", method["RequestParameters"])
	for contentType, model := range members(method["RequestModels"]) {
		fmt.Fprintf(&out, "model %s: %s\n", contentType, templatetest.Text(model))
	}
	if validator, ok := method["RequestValidatorId"]; ok {
		fmt.Fprintf(&out, "validator: %s\n", templatetest.Text(validator))
	}
	return out.String()
}

// declaredResponses are the method's responses in order: status and headers.
func declaredResponses(method map[string]any) []string {
	var all []string
	for _, response := range list(method["MethodResponses"]) {
		response := response.(map[string]any)
		all = append(all, fmt.Sprint(response["StatusCode"], slices.Sorted(maps.Keys(members(response["ResponseParameters"])))))
	}
	return all
}

// writeResponse leaves out the standard headers and says so if they are missing,
// or if the method doesn't declare what the integration gives.
func writeResponse(out *strings.Builder, response map[string]any, declared string) {
	fmt.Fprintf(out, "response %s /%s/\n", response["StatusCode"], strings.TrimPrefix(fmt.Sprint(response["SelectionPattern"]), "<nil>"))
	headers := members(response["ResponseParameters"])
	if got := fmt.Sprint(response["StatusCode"], slices.Sorted(maps.Keys(headers))); got != declared {
		fmt.Fprintf(out, "  not declared: %s, but %s\n", got, declared)
	}
	for name, value := range StandardHeaders() {
		if headers["method.response.header."+name] != value {
			fmt.Fprintf(out, "  no standard header %s\n", name)
		}
		delete(headers, "method.response.header."+name)
	}
	writeSorted(out, "  header", headers)
	writeSorted(out, "  template", response["ResponseTemplates"])
}

func writeSorted(out *strings.Builder, label string, values any) {
	all := members(values)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(out, "%s %s: %s\n", label, name, templatetest.Text(all[name]))
	}
}

// describeRole says who may do what in a role with one inline policy.
func (t template) describeRole(tb testing.TB, id string) string {
	tb.Helper()
	for name, role := range t.resources("AWS::IAM::Role") {
		if templatetest.PlainID(name) != id {
			continue
		}
		properties := role["Properties"].(map[string]any)
		var facts []string
		trust := properties["AssumeRolePolicyDocument"].(map[string]any)
		for _, statement := range list(trust["Statement"]) {
			facts = append(facts, templatetest.Text(members(statement.(map[string]any)["Principal"])["Service"]))
		}
		for _, policy := range list(properties["Policies"]) {
			document := members(policy.(map[string]any)["PolicyDocument"])
			for _, statement := range list(document["Statement"]) {
				statement := statement.(map[string]any)
				facts = append(facts, fmt.Sprint(statement["Effect"]), templatetest.Text(statement["Action"]), templatetest.Text(statement["Resource"]))
			}
		}
		return strings.Join(facts, " ")
	}
	tb.Fatalf("the template has no role %s", id)
	return ""
}

// list and members take an absent value as an empty one.
func list(value any) []any {
	all, _ := value.([]any)
	return all
}

func members(value any) map[string]any {
	all, _ := value.(map[string]any)
	return maps.Clone(all)
}

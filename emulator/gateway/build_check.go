package gateway

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// parts are the types whose resources belong to a RestApi.
var parts = []string{
	"AWS::ApiGateway::Authorizer",
	"AWS::ApiGateway::Deployment",
	"AWS::ApiGateway::GatewayResponse",
	"AWS::ApiGateway::Method",
	"AWS::ApiGateway::Model",
	"AWS::ApiGateway::Resource",
	"AWS::ApiGateway::Stage",
}

// orphans reports the parts of APIs that are not in the template, which no
// builder reads.
func orphans(a *cfn.Assembly) cfn.Problems {
	apis := map[string]bool{}
	for _, rest := range a.Resources("AWS::ApiGateway::RestApi") {
		apis[rest.Ref()] = true
	}
	var problems cfn.Problems
	for _, r := range a.Resources(parts...) {
		switch id := r.String("RestApiId"); {
		case apis[id]:
		case len(r.Problems) > 0:
			problems = append(problems, r.Problems...)
		case id == "":
			problems = append(problems, r.Problem("RestApiId", "it is required", "refer to a RestApi of the template"))
		default:
			problems = append(problems, r.Problem("RestApiId", fmt.Sprintf("%q is no RestApi of the template", id), "refer to one"))
		}
	}
	return problems
}

// unserved are types beside the RestApi through which clients call an API.
var unserved = []struct{ kind, message, hint string }{
	{"AWS::ApiGateway::BasePathMapping", "custom domain names are not served", "call the stage's own URL"},
	{"AWS::ApiGateway::BasePathMappingV2", "custom domain names are not served", "call the stage's own URL"},
	{"AWS::ApiGateway::DomainName", "custom domain names are not served", "call the stage's own URL"},
	{"AWS::ApiGateway::DomainNameV2", "custom domain names are not served", "call the stage's own URL"},
	{"AWS::ApiGatewayV2::Api", "HTTP and WebSocket APIs are not served, only REST APIs", ""},
}

func unservedResources(a *cfn.Assembly) cfn.Problems {
	var problems cfn.Problems
	for _, u := range unserved {
		for _, r := range a.Resources(u.kind) {
			problems = append(problems, r.Problem("", u.message, u.hint))
			if r.Has("MutualTlsAuthentication") {
				problems = append(problems, r.Problem("MutualTlsAuthentication", "mutual TLS is not supported: nobody is asked for a certificate", ""))
			}
		}
	}
	for _, r := range a.Resources() {
		kind, ok := strings.CutPrefix(r.Type, "AWS::ApiGateway::")
		if ok && !slices.Contains(known, kind) {
			problems = append(problems, r.Problem("Type", "there is no type "+r.Type+" that this gateway knows", ""))
		}
	}
	return problems.With(cfn.Ignored)
}

// known are API Gateway's types, those that no request notices as well, see
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html
var known = []string{
	"Account", "ApiKey", "Authorizer", "BasePathMapping", "BasePathMappingV2", "ClientCertificate", "Deployment",
	"DocumentationPart", "DocumentationVersion", "DomainName", "DomainNameAccessAssociation", "DomainNameV2",
	"GatewayResponse", "Method", "Model", "RequestValidator", "Resource", "RestApi", "Stage", "UsagePlan", "UsagePlanKey",
	"VpcLink",
}

var httpMethods = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

func (b *methodBuilder) checkHTTPMethod(name string) {
	if !slices.Contains(httpMethods, name) {
		b.fault("HttpMethod", fmt.Sprintf("there is no method %q", name), "use one of "+strings.Join(httpMethods, ", "))
	}
}

// The forms of parameter mappings; what has another is refused at deployment.
var (
	requestTarget   = regexp.MustCompile(`^integration\.request\.(path|querystring|header)\..`)
	requestMapping  = regexp.MustCompile(`^(method\.request\.((multivalue)?(querystring|header)|path)\..+|method\.request\.body([.\[].+)?|(stageVariables|context)\..+|'.*')$`)
	responseTarget  = regexp.MustCompile(`^method\.response\.header\..`)
	responseMapping = regexp.MustCompile(`^(integration\.response\.(multivalue)?header\..+|integration\.response\.body([.\[].+)?|(stageVariables|context)\..+|'.*')$`)
)

// checkDeclared finds mapped headers that the method response does not declare:
// CloudFormation fails with "Invalid mapping expression parameter specified".
func (b *methodBuilder) checkDeclared(m *Method, r *IntegrationResponse, property string) {
	response := m.Responses[r.StatusCode]
	if response == nil {
		return // AWS's own sample of request validation has one; requests fail
	}
	declared := sortedKeys(response.ResponseParameters)
	for _, target := range sortedKeys(r.ResponseParameters) {
		if !slices.ContainsFunc(declared, func(name string) bool { return strings.EqualFold(name, target) }) {
			b.fault(property+"."+target, "the method response for "+r.StatusCode+" doesn't declare the header",
				"add it to MethodResponses; the service refuses the deployment too")
		}
	}
}

func (b *methodBuilder) checkMappings(property string, mappings map[string]string, target, source *regexp.Regexp) {
	for _, name := range sortedKeys(mappings) {
		if !target.MatchString(name) {
			b.fault(property+"."+name, "it is no target of a parameter mapping", "")
		}
		if !source.MatchString(mappings[name]) {
			b.fault(property+"."+name, fmt.Sprintf("%q is no source of a parameter mapping", mappings[name]), "put a static value in single quotes")
		}
	}
}

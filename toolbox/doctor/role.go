package doctor

import (
	"net/http"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

var roleTrust = Rule{
	ID:       "role-trust",
	Severity: Error,
	Evidence: Documented,
	Title:    "A role that API Gateway is to assume does not trust it",
	Why:      `requests get 500 "Internal server error" and never reach the backend; only the execution log says that the role can't be assumed`,
	Fix:      "let the role's AssumeRolePolicyDocument allow sts:AssumeRole to the service " + principal,
	Doc:      apigatewayGuide + "permissions.html",
	check: func(x *examination) {
		for _, api := range x.APIs {
			for _, use := range x.roleUses(api) {
				if role := x.role(use); role != nil && !role.TrustedBy(principal) {
					x.find(use.at, "", "role %s does not trust %s, so %s can't use it", role.LogicalID, principal, use.by)
				}
			}
		}
	},
}

var roleMissing = Rule{
	ID:       "role-missing",
	Severity: Error,
	Evidence: Unverified,
	Title:    "An integration of an AWS service names no role",
	Why: `users report that the deployment fails: "Role ARN must be specified for AWS integrations"; ` +
		"only Lambda functions have a policy that lets API Gateway in",
	Fix: "set Credentials of the integration to a role that trusts API Gateway and allows the action",
	Doc: "https://github.com/aws/aws-cdk/issues/1465",
	check: eachIntegration(func(x *examination, m method) {
		if m.Integration.Kind == gateway.KindAWSService && m.Integration.Credentials == "" {
			x.find(x.where(m.resource, "Integration"), "", "%s calls %s without a role", m.route(), m.Integration.URI)
		}
	}),
}

// roleUse is a place that names a role for API Gateway.
type roleUse struct {
	at  Where
	by  string // "GET /orders"
	arn string
}

func (x *examination) roleUses(api *gateway.API) []roleUse {
	var uses []roleUse
	for _, m := range x.methods(api) {
		uses = append(uses, x.roleUse(m))
	}
	for _, r := range x.of(api, authorizerType) {
		uses = append(uses, roleUse{x.where(r, "AuthorizerCredentials"), "the authorizer " + r.LogicalID, r.String("AuthorizerCredentials")})
	}
	for _, r := range x.Assembly.Resources("AWS::ApiGateway::Account") {
		uses = append(uses, roleUse{x.where(r, "CloudWatchRoleArn"), "the account's logging", r.String("CloudWatchRoleArn")})
	}
	return uses
}

func (x *examination) roleUse(m method) roleUse {
	arn := FillStageVariables(m.Integration.Credentials, m.API.Stage.Variables)
	return roleUse{x.where(m.resource, "Integration.Credentials"), m.route(), arn}
}

// role is the role of a use; nil when none is named, when it is the caller, or
// when it can't be judged, which is noted.
func (x *examination) role(use roleUse) *gateway.Role {
	if use.arn == "" || strings.HasSuffix(use.arn, ":user/*") || strings.Contains(use.arn, "${") {
		return nil
	}
	role := gateway.RoleFromAssembly(x.Assembly, use.arn)
	if role == nil {
		x.skip(use.at, "the role %s is not in these templates", use.arn)
		return nil
	}
	for _, r := range append(x.policies(x.resource(use.arn)), x.resource(use.arn)) {
		if reason := unclear(r); reason != "" {
			x.skip(use.at, "the role's %s", reason)
			return nil
		}
	}
	// Whether a conditional deny holds, the request decides.
	role.Statements = slices.DeleteFunc(role.Statements, func(s gateway.Statement) bool { return s.Deny && s.Conditions != nil })
	return role
}

var roleAction = Rule{
	ID:       "role-action",
	Severity: Error,
	Evidence: Documented,
	Title:    "An integration's role does not allow the action, or not on that resource",
	Why: "the service answers AccessDenied; clients see what the integration responses make of that, " +
		"a 500 or even a 200, and a Lambda integration always gives a 500",
	Fix: "allow the action to the role",
	Doc: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
	check: eachIntegration(func(x *examination, m method) {
		if m.Integration.Type != "AWS" && m.Integration.Type != "AWS_PROXY" {
			return
		}
		use := x.roleUse(m)
		role := x.role(use)
		if role == nil {
			return
		}
		for _, p := range x.permissions(m) {
			x.checkAction(use, role, p)
		}
	}),
}

func (x *examination) checkAction(use roleUse, role *gateway.Role, p awsservice.Permission) {
	on := ""
	if p.Resource != "" {
		on = " on " + x.substitution(p.Resource)
	}
	switch decision := role.Decide(p.Action, p.Resource); {
	case decision == gateway.ExplicitDeny:
		x.find(use.at, "take the statement that denies it away", "role %s denies %s%s, which %s needs", role.LogicalID, p.Action, on, use.by)
	case decision == gateway.Allowed && len(role.Unread) > 0:
		x.skip(use.at, "the role %s has policies that are not in these templates: %s", role.LogicalID, strings.Join(role.Unread, ", "))
	case decision == gateway.ImplicitDeny:
		x.find(use.at, "allow "+p.Action+on+" in a policy of the role", "role %s does not allow %s%s, which %s needs", role.LogicalID, p.Action, on, use.by)
	}
}

// substitution is the ARN of a resource, or of a part of it, as Fn::Sub takes it.
func (x *examination) substitution(arn string) string {
	for end := len(arn); end > 0; end = strings.LastIndex(arn[:end], "/") {
		r := x.resource(arn[:end])
		switch {
		case r == nil:
		case r.Ref() == r.ARN():
			return "${" + r.LogicalID + "}" + arn[end:]
		default:
			return "${" + r.LogicalID + ".Arn}" + arn[end:]
		}
	}
	return arn
}

// permissions are what the method's call needs. A resource is named only if it
// is one of the templates: others may be made of the request.
func (x *examination) permissions(m method) []awsservice.Permission {
	if isLambda(m.Integration) {
		return x.invokePermission(m)
	}
	target, err := awsservice.ParseURI(FillStageVariables(m.Integration.URI, m.API.Stage.Variables))
	if err != nil {
		return nil // the deployment fails
	}
	var all []awsservice.Permission
	for _, call := range calls(m, target) {
		for _, p := range call.Permissions() {
			if !p.IsKnown() {
				x.skip(x.where(m.resource, "Integration.Uri"), "the action that %s calls is not known from the template", m.route())
				continue
			}
			if !x.isKnown(p.Resource) {
				p.Resource = ""
			}
			all = append(all, p)
		}
	}
	return all
}

func (x *examination) invokePermission(m method) []awsservice.Permission {
	match := invocation.FindStringSubmatch(FillStageVariables(m.Integration.URI, m.API.Stage.Variables))
	if match == nil || strings.Contains(match[1], "{") {
		return nil
	}
	p := awsservice.Permission{Action: "lambda:InvokeFunction", Resource: match[1]}
	if f, ok := parseFunction(match[1]); !ok || !x.has(f) || !strings.HasPrefix(match[1], "arn:") {
		p.Resource = ""
	}
	return []awsservice.Permission{p}
}

// isKnown says whether the resource, or what it is a part of (the table of an
// index, the bucket of an object), is in the templates.
func (x *examination) isKnown(arn string) bool {
	if strings.Contains(arn, "{") {
		return false // the request names it
	}
	table, _, _ := strings.Cut(arn, "/index/")
	bucket, _, _ := strings.Cut(arn, "/")
	return x.resource(arn) != nil || x.resource(table) != nil || strings.HasPrefix(arn, "arn:aws:s3:::") && x.resource(bucket) != nil
}

// calls are those that the method's mapping templates make of an empty request;
// one without a body when there is no template.
func calls(m method, target awsservice.Target) []*awsservice.Call {
	api := m.API
	base := awsservice.Call{Target: target, AccountID: api.AccountID, Method: m.Integration.HTTPMethod, Header: http.Header{}}
	base.Query = make(map[string][]string)
	for name, values := range target.Query {
		base.Query[name] = values
	}
	for mapped, source := range m.Integration.RequestParameters {
		static, isStatic := strings.CutPrefix(source, "'")
		if name, ok := strings.CutPrefix(mapped, "integration.request.header."); ok && isStatic {
			base.Header.Set(name, strings.TrimSuffix(static, "'"))
		}
		if name, ok := strings.CutPrefix(mapped, "integration.request.querystring."); ok && isStatic {
			base.Query.Set(name, strings.TrimSuffix(static, "'"))
		}
	}
	all := []*awsservice.Call{}
	for _, template := range m.Integration.RequestTemplates {
		input := gateway.TemplateInput{Context: &gateway.ContextVariables{
			AccountID: api.AccountID, APIID: api.ID, HTTPMethod: m.HTTPMethod, ResourcePath: m.Resource.Path, Stage: api.Stage.Name,
		}, StageVariables: api.Stage.Variables, Overrides: gateway.NewOverrides()}
		body, err := template.Render(&input)
		if err != nil {
			continue
		}
		call := base
		call.Body = []byte(body)
		call.Header = base.Header.Clone()
		for _, f := range input.Overrides.RequestHeader() {
			call.Header.Set(f.Name, f.Value)
		}
		all = append(all, &call)
	}
	if len(all) == 0 {
		all = append(all, &base)
	}
	return all
}

// policies are the resources that give the role its permissions.
func (x *examination) policies(role *cfn.Resource) []*cfn.Resource {
	var all []*cfn.Resource
	for _, r := range x.Assembly.Resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy") {
		if r.Needs(role) || role.Needs(r) {
			all = append(all, r)
		}
	}
	return all
}

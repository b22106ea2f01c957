package doctor

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

// principal is API Gateway as IAM knows it.
const principal = "apigateway.amazonaws.com"

var lambdaPermission = Rule{
	ID:       "lambda-permission",
	Severity: Error,
	Evidence: Documented,
	Title:    "A function does not let API Gateway invoke it for a method and stage, or for an authorizer",
	Why:      `requests get 500 "Internal server error"; only the execution log says "Invalid permissions on Lambda function"`,
	Fix:      "add an AWS::Lambda::Permission",
	Doc:      "https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions",
	check: func(x *examination) {
		eachIntegration((*examination).checkInvocation)(x)
		for _, api := range x.APIs {
			for _, r := range x.of(api, authorizerType) {
				if !r.Has("AuthorizerCredentials") && r.Has("AuthorizerUri") && unclear(r) == "" {
					x.checkAuthorizer(api, r)
				}
			}
		}
	},
}

var permissionParameter = Rule{
	ID:       "permission-parameter",
	Severity: Warning,
	Evidence: Unverified,
	Title:    "A permission's SourceArn has the name of a path parameter where a star belongs",
	Why: `users report that such a permission allows nothing, so that requests get 500 "Internal server error"; ` +
		"the CDK and SAM write a star",
	Fix: "write a star in SourceArn for each path parameter: …/GET/orders/*",
	Doc: "https://github.com/aws/serverless-application-model/issues/110",
	check: eachIntegration(func(x *examination, m method) {
		function, ok := invokedByPolicy(m)
		if !ok {
			return
		}
		for _, verb := range verbsOf(m) {
			if r := x.permissionByName(m, function, verb); r != nil {
				x.find(x.where(r, "SourceArn"), "", "%s is for %s by the parameter's name only", r.LogicalID, m.route())
			}
		}
	}),
}

// permissionByName is a permission that allows the method, but only if a path
// parameter is compared by its name; nil when there is none, or another allows it.
func (x *examination) permissionByName(m method, f function, verb string) *cfn.Resource {
	permissions := x.permissionsOf(f)
	if permitting(permissions, sourceARN(m, verb)) != nil {
		return nil
	}
	return permitting(permissions, executeARN(m.API, m.API.Stage.Name+"/"+verb+m.Resource.Path))
}

func isLambda(i *gateway.Integration) bool {
	return i.Kind == gateway.KindLambda || i.Kind == gateway.KindLambdaProxy
}

// invokedByPolicy gives the function that the method invokes by leave of the
// function's policy, without a role; false when there is none, or it is not
// known.
func invokedByPolicy(m method) (function, bool) {
	if !isLambda(m.Integration) || m.Integration.Credentials != "" {
		return function{}, false
	}
	return parseInvocation(m.Integration.URI, m.API.Stage.Variables)
}

func (x *examination) checkInvocation(m method) {
	function, ok := invokedByPolicy(m)
	if !ok {
		return
	}
	at := x.where(m.resource, "Integration.Uri")
	var denied []string
	for _, verb := range verbsOf(m) {
		if x.permissionByName(m, function, verb) == nil && !x.permits(at, function, sourceARN(m, verb)) {
			denied = append(denied, verb)
		}
	}
	if len(denied) == 0 {
		return
	}
	verb, called := m.HTTPMethod, strings.Join(denied, ", ")
	if verb == "ANY" {
		verb = "*"
		if len(denied) == len(verbsOf(m)) {
			called = "ANY"
		}
	}
	stage := m.API.Stage.Name
	x.find(at, x.permissionFix(m.API, function, fmt.Sprintf("%s/%s%s", stage, verb, pathParameter.ReplaceAllString(m.Resource.Path, "*"))),
		"no permission lets API Gateway invoke %s for %s %s in stage %s%s",
		x.named(function), called, m.Resource.Path, stage, x.instead(function))
}

func (x *examination) checkAuthorizer(api *gateway.API, r *cfn.Resource) {
	at := x.where(r, "AuthorizerUri")
	function, ok := parseInvocation(r.String("AuthorizerUri"), api.Stage.Variables)
	source := "authorizers/" + r.Ref()
	if !ok || x.permits(at, function, executeARN(api, source)) {
		return
	}
	x.find(at, x.permissionFix(api, function, "authorizers/*"),
		"no permission lets API Gateway invoke %s as the authorizer %s%s", x.named(function), r.LogicalID, x.instead(function))
}

// permissionFix writes the permission out, as Fn::Sub takes it.
func (x *examination) permissionFix(api *gateway.API, f function, source string) string {
	return fmt.Sprintf("add an AWS::Lambda::Permission for %s: Action lambda:InvokeFunction, Principal %s, "+
		"SourceArn arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${%s}/%s", x.named(f), principal, api.LogicalID, source)
}

// instead tells of the permissions that the function has.
func (x *examination) instead(f function) string {
	var others []string
	for _, r := range x.Assembly.Resources(permissionType) {
		named, _ := parseFunction(r.String("FunctionName"))
		if named.name != f.name || r.String("Principal") != principal {
			continue
		}
		source := r.LogicalID + " allows any source"
		if arn := r.String("SourceArn"); arn != "" {
			_, path, _ := strings.Cut(arn, "/")
			source = r.LogicalID + " allows " + path
		}
		if named.qualifier != f.qualifier {
			source += " of " + x.named(named).String()
		}
		others = append(others, source)
	}
	if len(others) == 0 {
		return ""
	}
	if len(others) > 3 {
		others = append(others[:3], "…")
	}
	return "; " + strings.Join(others, ", ")
}

// permits says whether the function's policy allows a call on behalf of source.
// What can't be known is noted and counts as allowed.
func (x *examination) permits(at Where, f function, source string) bool {
	permissions := x.permissionsOf(f)
	if permitting(permissions, source) != nil {
		return true
	}
	for _, r := range x.Assembly.Resources(permissionType) {
		named, ok := parseFunction(r.String("FunctionName"))
		if reason := unclear(r); reason != "" && (!ok || named == f) {
			x.skip(at, "the permission %s", reason)
			return true
		}
	}
	if len(permissions) == 0 && !x.has(f) {
		x.skip(at, "the function %s is not in these templates, nor is a permission for it", f)
		return true
	}
	return false
}

const permissionType = "AWS::Lambda::Permission"

// permissionsOf are the permissions of the function that can be resolved.
func (x *examination) permissionsOf(f function) []*cfn.Resource {
	var all []*cfn.Resource
	for _, r := range x.Assembly.Resources(permissionType) {
		if named, _ := parseFunction(r.String("FunctionName")); named == f && unclear(r) == "" {
			all = append(all, r)
		}
	}
	return all
}

// permitting is the first permission that allows a call on behalf of source.
func permitting(permissions []*cfn.Resource, source string) *cfn.Resource {
	for _, r := range permissions {
		policy := lambdahost.Function{Permissions: []lambdahost.Permission{{
			Action: r.String("Action"), Principal: r.String("Principal"),
			SourceARN: r.String("SourceArn"), SourceAccount: r.String("SourceAccount"),
		}}}
		if policy.Permits(principal, source) {
			return r
		}
	}
	return nil
}

func (x *examination) has(f function) bool { return x.functionResource(f) != nil }

func (x *examination) functionResource(f function) *cfn.Resource {
	for _, r := range x.Assembly.Resources("AWS::Lambda::Function") {
		if r.Name() == f.name {
			return r
		}
	}
	return nil
}

// named is the function by its logical ID, as the user knows it, if it is in
// the templates.
func (x *examination) named(f function) function {
	if r := x.functionResource(f); r != nil {
		f.name = r.LogicalID
	}
	return f
}

// verbsOf lists the methods that clients can call.
func verbsOf(m method) []string {
	if m.HTTPMethod != "ANY" {
		return []string{m.HTTPMethod}
	}
	all := []string{}
	for _, verb := range []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"} {
		if m.Resource.Methods[verb] == nil {
			all = append(all, verb)
		}
	}
	return all
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// sourceARN is what a permission's SourceArn is compared with.
func sourceARN(m method, verb string) string {
	return executeARN(m.API, m.API.Stage.Name+"/"+verb+pathParameter.ReplaceAllString(m.Resource.Path, "value"))
}

func executeARN(api *gateway.API, resource string) string {
	return fmt.Sprintf("arn:%s:execute-api:%s:%s:%s/%s", api.Partition, api.Region, api.AccountID, api.ID, resource)
}

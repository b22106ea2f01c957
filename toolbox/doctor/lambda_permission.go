package doctor

import (
	"fmt"
	"net/url"
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
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				if m.Integration.Credentials == "" && isLambda(m.Integration) {
					x.checkInvocation(api, m)
				}
			}
			for _, r := range x.of(api, "AWS::ApiGateway::Authorizer") {
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
	check: func(x *examination) {
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				function, ok := parseInvocation(m.Integration.URI, api.Stage.Variables)
				if !ok || m.Integration.Credentials != "" || !isLambda(m.Integration) {
					continue
				}
				for _, verb := range verbsOf(m) {
					if r := x.permissionByName(api, m, function, verb); r != nil {
						x.find(x.where(r, "SourceArn"), "", "%s is for %s by the parameter's name only", r.LogicalID, m.route())
					}
				}
			}
		}
	},
}

// permissionByName is a permission that allows the method, but only if a path
// parameter is compared by its name; nil when there is none, or another allows it.
func (x *examination) permissionByName(api *gateway.API, m method, f function, verb string) *cfn.Resource {
	permissions := x.permissionsOf(f)
	if permitting(permissions, sourceARN(api, verb, m.Resource.Path)) != nil {
		return nil
	}
	return permitting(permissions, executeARN(api, api.Stage.Name+"/"+verb+m.Resource.Path))
}

func isLambda(i *gateway.Integration) bool {
	return i.Kind == gateway.KindLambda || i.Kind == gateway.KindLambdaProxy
}

func (x *examination) checkInvocation(api *gateway.API, m method) {
	at := x.where(m.resource, "Integration.Uri")
	function, ok := parseInvocation(m.Integration.URI, api.Stage.Variables)
	if !ok {
		return // stage-variable, or an error of the deployment
	}
	var denied []string
	for _, verb := range verbsOf(m) {
		if x.permissionByName(api, m, function, verb) == nil && !x.permits(at, function, sourceARN(api, verb, m.Resource.Path)) {
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
	x.find(at, x.permissionFix(api, function, fmt.Sprintf("%s/%s%s", api.Stage.Name, verb, starred(m.Resource.Path))),
		"no permission lets API Gateway invoke %s for %s %s in stage %s%s",
		x.named(function), called, m.Resource.Path, api.Stage.Name, x.instead(function))
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

// function is whom an integration or a permission names. Each qualifier has a
// policy of its own.
type function struct {
	name      string
	qualifier string // version or alias, "" for none and $LATEST
}

func (f function) String() string {
	if f.qualifier == "" {
		return f.name
	}
	return f.name + ":" + f.qualifier
}

// parseFunction reads a function's name, ARN or partial ARN, with or without a
// qualifier; false when there is none.
func parseFunction(text string) (function, bool) {
	if _, name, found := strings.Cut(text, ":function:"); found {
		text = name
	}
	name, qualifier, _ := strings.Cut(text, ":")
	if qualifier == "$LATEST" {
		qualifier = ""
	}
	return function{name, qualifier}, name != ""
}

var (
	invocation     = regexp.MustCompile(`:lambda:path/+[0-9-]+/functions/(.+?)/(?:response-streaming-)?invocations(?:\?(.*))?$`)
	variableInText = regexp.MustCompile(`\$\{stageVariables\.([^}]*)\}`)
)

// parseInvocation reads whom an invocation URI names, its stage variables
// filled in; false when that is not known.
func parseInvocation(uri string, variables map[string]string) (function, bool) {
	match := invocation.FindStringSubmatch(FillStageVariables(uri, variables))
	if match == nil || strings.Contains(match[1], "{") {
		return function{}, false
	}
	f, ok := parseFunction(match[1])
	query, _ := url.ParseQuery(match[2]) // what can't be read is no qualifier
	if qualifier := query.Get("Qualifier"); qualifier != "" && qualifier != "$LATEST" {
		f.qualifier = qualifier
	}
	return f, ok
}

// InvokedFunction gives the function that an invocation URI names in a stage
// with these variables: its name with its qualifier, and the name or ARN as it
// is written. It is false for another URI, and when a request decides.
func InvokedFunction(uri string, variables map[string]string) (name, reference string, ok bool) {
	f, ok := parseInvocation(uri, variables)
	if !ok {
		return "", "", false
	}
	return f.String(), invocation.FindStringSubmatch(FillStageVariables(uri, variables))[1], true
}

// FillStageVariables has the stage's variables in place of ${stageVariables.name}; one that
// is not set stays.
func FillStageVariables(text string, variables map[string]string) string {
	return variableInText.ReplaceAllStringFunc(text, func(reference string) string {
		if value, ok := variables[variableInText.FindStringSubmatch(reference)[1]]; ok {
			return value
		}
		return reference
	})
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

// starred is a path as permissions write it: "/orders/*".
func starred(path string) string { return pathParameter.ReplaceAllString(path, "*") }

// sourceARN is what a permission's SourceArn is compared with.
func sourceARN(api *gateway.API, verb, path string) string {
	return executeARN(api, api.Stage.Name+"/"+verb+pathParameter.ReplaceAllString(path, "value"))
}

func executeARN(api *gateway.API, resource string) string {
	return fmt.Sprintf("arn:%s:execute-api:%s:%s:%s/%s", api.Partition, api.Region, api.AccountID, api.ID, resource)
}

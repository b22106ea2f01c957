package lint

import (
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var appSyncFunction = Rule{
	ID:       "appsync-function",
	Severity: doctor.Error,
	Evidence: doctor.Documented,
	Title:    "A function or variable of AppSync, which API Gateway does not have",
	Why:      "AppSync's templates are Velocity too, but have more: here it is null and prints nothing",
	Fix:      "write $input.json('$.name') for $util.toJson, typed JSON by hand for $util.dynamodb, and $context for $ctx",
	Doc:      "https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference.html",
	check: eachTemplate(func(x *examination, t *template) {
		vtl.Walk(t.parsed.Syntax(), func(s *vtl.Syntax) bool {
			if s.Kind == vtl.SyntaxReference && isAppSync(s) {
				x.findIn(t, s.Line, s.Column, "%s is AppSync's", appSyncName(s))
			}
			return true
		})
	}),
}

// appSyncMembers are AppSync's members of variables that both services have.
var appSyncMembers = map[string][]string{
	"util": {
		"appendError", "authType", "autoId", "autoKsuid", "autoUlid", "defaultIfNull", "defaultIfNullOrBlank", "defaultIfNullOrEmpty", "dynamodb",
		"error", "http", "isBoolean", "isList", "isMap", "isNull", "isNullOrBlank", "isNullOrEmpty", "isNumber", "isString", "list", "map",
		"matches", "math", "qr", "quiet", "quietErrorLog", "rds", "str", "time", "toJson", "transform", "typeOf", "unauthorized", "validate", "xml",
	},
	"context": {"args", "arguments", "source", "result", "stash", "info", "prev"},
}

func isAppSync(s *vtl.Syntax) bool {
	if s.Name == "ctx" || s.Name == "utils" {
		return true
	}
	return len(s.Steps) > 0 && slices.Contains(appSyncMembers[s.Name], s.Steps[0].Name)
}

// appSyncName is the part of a reference that only AppSync knows.
func appSyncName(s *vtl.Syntax) string {
	name := "$" + s.Name
	for _, step := range s.Steps {
		if step.Name == "" || strings.Count(name, ".") == 2 {
			break
		}
		name += "." + step.Name
		if s.Name != "util" || step.Kind == vtl.SyntaxMethod {
			break
		}
	}
	return name
}

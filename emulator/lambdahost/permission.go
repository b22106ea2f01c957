package lambdahost

import (
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/wildcard"
)

// Permission is AWS::Lambda::Permission: who may invoke the function.
type Permission struct {
	Action        string // "lambda:InvokeFunction"
	Principal     string // "apigateway.amazonaws.com"
	SourceARN     string // with wildcards; "" allows any
	SourceAccount string
}

// Permits says whether the function's resource policy lets a service invoke it
// on behalf of the resource sourceARN.
func (f *Function) Permits(service, sourceARN string) bool {
	for _, p := range f.Permissions {
		if p.permits(service, sourceARN) {
			return true
		}
	}
	return false
}

func (p Permission) permits(service, sourceARN string) bool {
	switch p.Action {
	case "lambda:InvokeFunction", "lambda:*", "*":
	default:
		return false
	}
	if p.Principal != service && p.Principal != "*" {
		return false
	}
	if fields := strings.Split(sourceARN, ":"); p.SourceAccount != "" && len(fields) > 4 && fields[4] != p.SourceAccount {
		return false
	}
	return p.SourceARN == "" || wildcard.Match(p.SourceARN, sourceARN)
}

// addPermissions gives each function its permissions.
func addPermissions(a *cfn.Assembly, functions []Function) cfn.Problems {
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::Lambda::Permission") {
		before := len(r.Problems)
		p := Permission{r.String("Action"), r.String("Principal"), r.String("SourceArn"), r.String("SourceAccount")}
		if f := findFunction(functions, r.String("FunctionName")); f != nil {
			f.Permissions = append(f.Permissions, p)
		}
		problems = append(problems, r.Problems[before:]...)
	}
	return problems
}

func findFunction(functions []Function, nameOrARN string) *Function {
	name, _ := splitName(nameOrARN)
	for i := range functions {
		if functions[i].Name == name {
			return &functions[i]
		}
	}
	return nil
}

package doctor

import (
	"regexp"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

const deploymentPage = cloudFormation + "aws-resource-apigateway-deployment.html"

var deploymentDepends = Rule{
	ID:       "deployment-depends",
	Severity: Warning,
	Evidence: Documented,
	Title:    "A deployment may be made before a method is there",
	Why: "a deployment is a snapshot, and CloudFormation makes what does not depend on each other in any order: the method " +
		`may be missing in the stage, where it answers 403 "Missing Authentication Token"`,
	Fix: "name every method in DependsOn of the AWS::ApiGateway::Deployment",
	Doc: deploymentPage,
	check: eachDeployment(func(x *examination, api *gateway.API, deployment *cfn.Resource) {
		var missing []string
		for _, m := range x.methods(api) {
			if m.resource.Stack == deployment.Stack && !isImported(m.resource) && !deployment.Needs(m.resource) {
				missing = append(missing, m.LogicalID+" ("+m.route()+")")
			}
		}
		if len(missing) > 0 {
			x.find(x.where(deployment, ""), "", "%s does not depend on %s", deployment.LogicalID, some(missing))
		}
	}),
}

var deploymentStale = Rule{
	ID:       "deployment-stale",
	Severity: Warning,
	Evidence: Documented,
	Title:    "A deployment does not follow its methods",
	Why: "CloudFormation makes a new deployment only under a new logical ID: a changed method is updated in the API, " +
		"but the stage serves the old snapshot",
	Fix: "end the logical ID in a hash of the methods, as the CDK and SAM do, or in a number that you raise at each change",
	Doc: deploymentPage,
	check: eachDeployment(func(x *examination, api *gateway.API, deployment *cfn.Resource) {
		if !followsByName(deployment) {
			x.find(x.where(deployment, ""), "", "the logical ID %s has no hash or number at its end, so it stays when methods change", deployment.LogicalID)
		}
	}),
}

var (
	contentHash = regexp.MustCompile(`[0-9a-f]{10,}$`) // of the CDK, SAM and others
	pathHash    = regexp.MustCompile(`[0-9A-F]{8}$`)   // of the CDK: follows from the construct's path alone
	counter     = regexp.MustCompile(`[0-9]+$`)        // of the Serverless Framework, or one's own
)

// followsByName says whether the logical ID ends in what changes with the methods.
func followsByName(deployment *cfn.Resource) bool {
	_, fromCDK := deployment.Metadata["aws:cdk:path"]
	switch id := deployment.LogicalID; {
	case contentHash.MatchString(id):
		return true
	case fromCDK && pathHash.MatchString(id):
		return false
	default:
		return counter.MatchString(id)
	}
}

// eachDeployment checks the deployments of every API.
func eachDeployment(check func(x *examination, api *gateway.API, deployment *cfn.Resource)) func(*examination) {
	return func(x *examination) {
		for _, api := range x.APIs {
			for _, deployment := range x.of(api, "AWS::ApiGateway::Deployment") {
				check(x, api, deployment)
			}
		}
	}
}

// some names the first few.
func some(names []string) string {
	const few = 4
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:few], ", ") + " and " + itoa(len(names)-few) + " more"
}

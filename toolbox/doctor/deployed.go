package doctor

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/plural"
)

// Deployed is what only the account can tell of deployed stacks. Package
// deployed reads it.
type Deployed struct {
	Links  []LinkState
	Groups []GroupState
	Stages []StageState

	// Before and Next are the same stacks as their templates alone make
	// them: what is deployed, and what is at hand to be deployed next. Both
	// are nil when no templates are at hand.
	Before, Next *cfn.Assembly
	// NotChecked is what could not be read.
	NotChecked []NotChecked
}

// LinkState is the state of a VPC link: AVAILABLE, PENDING, INACTIVE …
type LinkState struct {
	Link    *cfn.Resource
	State   string
	Message string // the service's, may be ""
}

// GroupState is the health of a target group's targets.
type GroupState struct {
	Group   *cfn.Resource
	Targets []TargetState
}

// TargetState is the health of one target, in the words of DescribeTargetHealth.
type TargetState struct {
	Target string // "10.0.1.7:8080"
	State  string // healthy, unhealthy, initial …
	Reason string // may be ""
}

// StageState is what a stage serves.
type StageState struct {
	Stage *cfn.Resource
	Name  string
	// Stale says what of it is older than the API, empty when nothing is.
	Stale []string
}

var linkState = Rule{
	ID:           "link-state",
	Severity:     Error,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "A VPC link is not AVAILABLE",
	Why: "requests through it fail with 500: a link that had no traffic for 60 days is INACTIVE, its network interfaces are gone, " +
		"and it needs minutes to come back",
	Fix: "send requests to wake an INACTIVE link and wait; replace one that is FAILED (links can't be changed)",
	Doc: apigatewayGuide + "apigateway-vpc-links-v2.html",
	check: func(x *examination) {
		for _, l := range x.Deployed.Links {
			if l.State == "AVAILABLE" {
				continue
			}
			message := l.State
			if l.Message != "" {
				message += ": " + l.Message
			}
			x.find(x.where(l.Link, ""), "", "VPC link %s is %s", l.Link.LogicalID, message)
		}
	},
}

const targetHealthPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"

var targetHealth = Rule{
	ID:           "target-health",
	Severity:     Error,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "A load balancer has no healthy target",
	Why:          "requests get 503 or 504, whatever the service itself would say",
	Fix:          "look at the reason: the health check's path and codes, the security groups, and the log of the service",
	Doc:          targetHealthPage,
	check: func(x *examination) {
		for _, g := range x.Deployed.Groups {
			if sick := g.sick(); len(sick) == len(g.Targets) {
				x.find(x.where(g.Group, ""), "", "target group %s has no healthy target%s", g.Group.LogicalID, colon(sick))
			}
		}
	},
}

var targetUnhealthy = Rule{
	ID:           "target-unhealthy",
	Severity:     Warning,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "A load balancer has targets that are not healthy beside healthy ones",
	Why:          "the healthy ones carry all the load; what is wrong with one may soon be wrong with all",
	Fix:          "look at the reason, and at the log of the service",
	Doc:          targetHealthPage,
	check: func(x *examination) {
		for _, g := range x.Deployed.Groups {
			if sick := g.sick(); len(sick) > 0 && len(sick) < len(g.Targets) {
				x.find(x.where(g.Group, ""), "", "%d of %d targets of %s are healthy%s",
					len(g.Targets)-len(sick), len(g.Targets), g.Group.LogicalID, colon(sick))
			}
		}
	},
}

// sick lists the targets that get no requests, with the reasons.
func (g GroupState) sick() []string {
	var sick []string
	for _, t := range g.Targets {
		if t.State != "healthy" {
			text := t.Target + " is " + t.State
			if t.Reason != "" {
				text += " (" + t.Reason + ")"
			}
			sick = append(sick, text)
		}
	}
	return sick
}

func colon(list []string) string {
	if len(list) == 0 {
		return ": none is registered"
	}
	return ": " + some(list)
}

var stageStale = Rule{
	ID:           "stage-stale",
	Severity:     Error,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "A stage serves an older state of the API than its stack has",
	Why:          "a stage serves the snapshot that its deployment is: methods that were changed or added later answer as before, or with 403",
	Fix: "make a new deployment of the stage: change the logical ID of the AWS::ApiGateway::Deployment and deploy, " +
		"or aws apigateway create-deployment --rest-api-id … --stage-name …",
	Doc: deploymentPage,
	check: func(x *examination) {
		for _, s := range x.Deployed.Stages {
			if len(s.Stale) > 0 {
				x.find(x.where(s.Stage, ""), "", "stage %s is older than the API: %s", s.Name, some(s.Stale))
			}
		}
	},
}

var deploymentUnchanged = Rule{
	ID:           "deployment-unchanged",
	Severity:     Error,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "The templates at hand change methods, but not the deployment's logical ID",
	Why:          "the next deployment of the stacks changes the API, and no stage: each serves its old snapshot on",
	Fix: "change the logical ID of the AWS::ApiGateway::Deployment; in the CDK, give what it does not see " +
		"(overrides of properties, values of custom resources) to latestDeployment.addToLogicalId",
	Doc: "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway.Deployment.html",
	check: func(x *examination) {
		for _, c := range x.changes() {
			if slices.Equal(c.deploymentsBefore, c.deploymentsNext) && len(c.deploymentsNext) > 0 {
				x.find(x.where(c.next, ""), "", "%s of %s, and the deployment stays %s",
					c.what(), c.next.LogicalID, strings.Join(c.deploymentsNext, ", "))
			}
		}
	},
}

var templateNotDeployed = Rule{
	ID:           "template-not-deployed",
	Severity:     Note,
	Evidence:     Documented,
	OnlyDeployed: true,
	Title:        "The templates at hand have other methods than what is deployed",
	Why:          "what you read and run locally is not what clients call",
	Fix:          "deploy the stacks, or take the templates of what is deployed",
	Doc:          "https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-diff.html",
	check: func(x *examination) {
		for _, c := range x.changes() {
			x.find(x.where(c.next, ""), "", "%s of %s", c.what(), c.next.LogicalID)
		}
	},
}

// change is what the next deployment makes different in an API.
type change struct {
	next                               *cfn.Resource // the RestApi
	methods                            []string
	deploymentsBefore, deploymentsNext []string // logical IDs
}

func (c change) what() string {
	return fmt.Sprintf("the templates at hand change %s (%s)", plural.Of(len(c.methods), "method"), some(c.methods))
}

// changes compares the templates at hand with those that are deployed.
func (x *examination) changes() []change {
	var all []change
	if x.Deployed.Next == nil {
		return nil
	}
	for _, next := range x.Deployed.Next.Resources("AWS::ApiGateway::RestApi") {
		before := sameResource(x.Deployed.Before, next)
		if before == nil {
			continue // it is new
		}
		was, is := methodsOf(x.Deployed.Before, before), methodsOf(x.Deployed.Next, next)
		c := change{
			next:              next,
			deploymentsBefore: deploymentsOf(x.Deployed.Before, before),
			deploymentsNext:   deploymentsOf(x.Deployed.Next, next),
		}
		for _, id := range slices.Sorted(maps.Keys(union(was, is))) {
			if was[id] != is[id] {
				c.methods = append(c.methods, id)
			}
		}
		if len(c.methods) > 0 {
			all = append(all, c)
		}
	}
	return all
}

func sameResource(a *cfn.Assembly, r *cfn.Resource) *cfn.Resource {
	for _, other := range a.Resources(r.Type) {
		if other.Stack.Name == r.Stack.Name && other.LogicalID == r.LogicalID {
			return other
		}
	}
	return nil
}

// methodsOf are the API's methods by logical ID, as text.
func methodsOf(a *cfn.Assembly, rest *cfn.Resource) map[string]string {
	methods := map[string]string{}
	for _, r := range a.Resources("AWS::ApiGateway::Method") {
		if r.String("RestApiId") == rest.Ref() {
			text, _ := json.Marshal(r.Properties) // of plain values
			methods[r.LogicalID] = string(text)
		}
	}
	return methods
}

func deploymentsOf(a *cfn.Assembly, rest *cfn.Resource) []string {
	var ids []string
	for _, r := range a.Resources("AWS::ApiGateway::Deployment") {
		if r.String("RestApiId") == rest.Ref() {
			ids = append(ids, r.LogicalID)
		}
	}
	slices.Sort(ids)
	return ids
}

func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

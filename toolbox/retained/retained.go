// Package retained tells what stays in the account when the stacks of a CDK app
// are destroyed, what that costs, and how to remove it.
package retained

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Remainder is something that stays.
type Remainder struct {
	Stack  string `json:"stack,omitempty"` // "" for what belongs to no stack
	Thing  string `json:"thing"`           // "AWS::DynamoDB::Table Orders", or in words what no template names
	Why    string `json:"why"`
	Costs  string `json:"costs"`  // a month
	Remove string `json:"remove"` // command, or what to do
}

// List finds what stays of an assembly. Outputs, as cdk deploy --outputs-file
// writes them, give the names that resources got; they may be missing.
func List(a *cfn.Assembly, outputs map[string]map[string]string) ([]Remainder, error) {
	var all []Remainder
	for _, s := range a.Stacks {
		names := physicalNames(s, outputs[s.Name])
		for _, r := range s.Resources {
			name := cmp.Or(names[r.LogicalID], s.Name+"-"+r.LogicalID+"-…")
			if policy := deletionPolicy(r); policy != "" && policy != "Delete" {
				all = append(all, kept(r, policy, name))
			}
			if group, ok := unmanaged[r.Type]; ok {
				all = append(all, group(r, name)...)
			}
		}
	}
	assets, err := published(a.Dir)
	return append(all, assets...), err
}

// physicalNames are the names that outputs tell, by logical ID.
func physicalNames(s *cfn.Stack, outputs map[string]string) map[string]string {
	refs := map[string]string{}
	for _, r := range s.Resources {
		refs[r.Ref()] = r.LogicalID
	}
	names := map[string]string{}
	for _, o := range s.Outputs {
		if text, ok := o.Value.(string); ok && outputs[o.LogicalID] != "" {
			names[refs[text]] = outputs[o.LogicalID]
		}
	}
	return names
}

// deletionPolicy is the resource's own, else what CloudFormation takes for it, see
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
func deletionPolicy(r *cfn.Resource) string {
	switch {
	case r.DeletionPolicy != "":
		return r.DeletionPolicy
	case r.Type == "AWS::RDS::DBCluster", r.Type == "AWS::RDS::DBInstance" && !r.Has("DBClusterIdentifier"):
		return "Snapshot"
	}
	return ""
}

func kept(r *cfn.Resource, policy, name string) Remainder {
	found := Remainder{Stack: r.Stack.Name, Thing: r.Type + " " + r.LogicalID, Why: "DeletionPolicy " + policy}
	if policy == "Snapshot" {
		found.Thing = "a snapshot of " + found.Thing
		found.Costs, found.Remove = "its storage", "delete it in the console of its service"
		return found
	}
	k, ok := kinds[r.Type]
	if !ok {
		found.Costs, found.Remove = "what it cost before", "delete it in the console of its service"
		return found
	}
	found.Costs, found.Remove = k.costs(r), k.remove
	if k.name != nil {
		found.Remove += " " + k.name(name)
	}
	return found
}

// kind is what a resource type costs at rest, and the command that removes one.
type kind struct {
	costs  func(*cfn.Resource) string
	remove string
	name   func(string) string // spells the physical name that remove ends with; nil without
}

func asIs(name string) string { return name }

func always(text string) func(*cfn.Resource) string {
	return func(*cfn.Resource) string { return text }
}

// kinds has list prices of us-east-1, without a free tier, in USD a month. From
// https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/s3/pricing/,
// https://aws.amazon.com/ecr/pricing/, https://aws.amazon.com/cloudwatch/pricing/ and
// https://aws.amazon.com/kms/pricing/; check them there.
var kinds = map[string]kind{
	"AWS::DynamoDB::Table":     {table, "aws dynamodb delete-table --table-name", asIs},
	"AWS::S3::Bucket":          {always(perGB(bucketGB)), "aws s3 rb --force", func(name string) string { return "s3://" + strings.ToLower(name) }},
	"AWS::ECR::Repository":     {always(perGB(imageGB)), "aws ecr delete-repository --force --repository-name", strings.ToLower},
	"AWS::Logs::LogGroup":      {always(perGB(logGB)), "aws logs delete-log-group --log-group-name", asIs},
	"AWS::KMS::Key":            {always("1.00 USD"), "schedule its deletion in the console of KMS", nil},
	"AWS::IAM::Role":           {always("nothing"), "detach its policies, then aws iam delete-role --role-name", asIs},
	"AWS::ApiGateway::Account": {always("nothing"), "leave it while any API of the account and Region writes logs; it names the role by which they do", nil},
}

const (
	tableGB  = 0.25
	backupGB = 0.20
	bucketGB = 0.023
	imageGB  = 0.10
	logGB    = 0.03
)

func perGB(price float64) string { return fmt.Sprintf("%g USD for each GB", price) }

func table(r *cfn.Resource) string {
	if !r.Bool("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled") {
		return perGB(tableGB)
	}
	return fmt.Sprintf("%s, and %g USD for each GB of point-in-time backups", perGB(tableGB), backupGB)
}

// unmanaged: resource type → the log groups that its service makes by itself, of
// which no stack knows.
var unmanaged = map[string]func(r *cfn.Resource, name string) []Remainder{
	"AWS::Lambda::Function":  functionLogs,
	"AWS::ApiGateway::Stage": executionLogs,
	"AWS::ECS::Cluster":      containerInsights,
}

func logGroup(r *cfn.Resource, name, why string) []Remainder {
	return []Remainder{{
		Stack: r.Stack.Name, Thing: "log group " + name, Why: why, Costs: perGB(logGB),
		Remove: "aws logs delete-log-group --log-group-name " + name,
	}}
}

func functionLogs(r *cfn.Resource, name string) []Remainder {
	if r.Has("LoggingConfig.LogGroup") {
		return nil
	}
	return logGroup(r, "/aws/lambda/"+cmp.Or(r.String("FunctionName"), name), "Lambda makes it, it never expires")
}

// executionLogs: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-execution-logging.html
func executionLogs(r *cfn.Resource, _ string) []Remainder {
	for i := range r.List("MethodSettings") {
		if level := r.String(fmt.Sprintf("MethodSettings.%d.LoggingLevel", i)); level == "INFO" || level == "ERROR" {
			return logGroup(r, "API-Gateway-Execution-Logs_<API ID>/"+r.String("StageName"), "API Gateway makes it for execution logs, it never expires")
		}
	}
	return nil
}

// containerInsights: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference.html
func containerInsights(r *cfn.Resource, name string) []Remainder {
	for i := range r.List("ClusterSettings") {
		at := fmt.Sprintf("ClusterSettings.%d.", i)
		if r.String(at+"Name") == "containerInsights" && r.String(at+"Value") != "disabled" {
			return logGroup(r, "/aws/ecs/containerinsights/"+cmp.Or(r.String("ClusterName"), name)+"/performance", "Container Insights makes it")
		}
	}
	return nil
}

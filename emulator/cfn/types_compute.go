package cfn

import "strings"

// computeTypes: Lambda, Step Functions, ECS, ECR and the roles they run under.
var computeTypes = map[string]standIns{
	"AWS::Lambda::Alias": {
		ref:        "{arn}",
		attributes: map[string]string{"AliasArn": "{arn}"},
		derived:    map[string]func(*Resource) any{"{arn}": functionARN("{.Name}")},
	},
	"AWS::Lambda::EventSourceMapping": {
		ref: "{uuid:1}", arn: arn("lambda", "event-source-mapping:{ref}"),
		attributes: map[string]string{"Id": "{ref}", "EventSourceMappingArn": "{arn}"},
	},
	"AWS::Lambda::Function": {
		name: "FunctionName", limit: 64, arn: arn("lambda", "function:{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::Lambda::LayerVersion": {
		name: "LayerName", limit: 64, ref: "{arn}", arn: arn("lambda", "layer:{name}:1"),
		attributes: map[string]string{"LayerVersionArn": "{arn}"},
	},
	"AWS::Lambda::Permission": {attributes: map[string]string{"Id": "{ref}"}},
	"AWS::Lambda::Url": {
		ref:        "{arn}",
		attributes: map[string]string{"FunctionArn": "{arn}", "FunctionUrl": "https://{lower:32}.lambda-url.{region}.on.aws/"},
		derived:    map[string]func(*Resource) any{"{arn}": urlFunctionARN},
	},
	"AWS::Lambda::Version": {
		ref:        "{arn}",
		attributes: map[string]string{"FunctionArn": "{arn}", "Version": "1"},
		derived:    map[string]func(*Resource) any{"{arn}": functionARN("1")},
	},
	"AWS::StepFunctions::Activity": {
		name: "Name", limit: 80, ref: "{arn}", arn: arn("states", "activity:{name}"),
		attributes: map[string]string{"Arn": "{arn}", "Name": "{name}"},
	},
	"AWS::StepFunctions::StateMachine": {
		name: "StateMachineName", limit: 80, ref: "{arn}", arn: arn("states", "stateMachine:{name}"),
		attributes: map[string]string{"Arn": "{arn}", "Name": "{name}", "StateMachineRevisionId": "{uuid:1}"},
	},
	"AWS::ECR::Repository": {
		name: "RepositoryName", lower: true, arn: arn("ecr", "repository/{name}"),
		attributes: map[string]string{"Arn": "{arn}", "RepositoryUri": "{account}.dkr.ecr.{region}.{suffix}/{name}"},
	},
	"AWS::ECS::Cluster": {
		name: "ClusterName", arn: arn("ecs", "cluster/{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::ECS::Service": {
		name: "ServiceName", ref: "{arn}",
		attributes: map[string]string{"Name": "{name}", "ServiceArn": "{arn}"},
		derived:    map[string]func(*Resource) any{"{arn}": serviceARN},
	},
	"AWS::ECS::TaskDefinition": {
		name: "Family", ref: "{arn}", arn: arn("ecs", "task-definition/{name}:1"),
		attributes: map[string]string{"TaskDefinitionArn": "{arn}"},
	},
	"AWS::IAM::Group": {
		name: "GroupName", limit: 128, arn: "arn:{partition}:iam::{account}:group/{name}",
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::IAM::InstanceProfile": {
		name: "InstanceProfileName", limit: 128, arn: "arn:{partition}:iam::{account}:instance-profile/{name}",
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::IAM::ManagedPolicy": {
		name: "ManagedPolicyName", limit: 128, ref: "{arn}", arn: "arn:{partition}:iam::{account}:policy/{name}",
		attributes: map[string]string{"PolicyArn": "{arn}"},
	},
	"AWS::IAM::Policy": {name: "PolicyName", attributes: map[string]string{"Id": "{ref}"}},
	"AWS::IAM::Role": {
		name: "RoleName", limit: 64,
		attributes: map[string]string{"Arn": "{arn}", "RoleId": "AROA{upper:17}"},
		derived:    map[string]func(*Resource) any{"{arn}": pathARN("role")},
	},
	"AWS::IAM::User": {
		name: "UserName", limit: 64,
		attributes: map[string]string{"Arn": "{arn}"},
		derived:    map[string]func(*Resource) any{"{arn}": pathARN("user")},
	},
}

// functionARN is the ARN of a version or alias: the function is named by name
// or ARN.
func functionARN(qualifier string) func(*Resource) any {
	return func(r *Resource) any {
		named := r.propertyAt("FunctionName")
		function, ok := scalar(named)
		if !ok {
			return named
		}
		if !strings.HasPrefix(function, "arn:") {
			return r.standIn(arn("lambda", "function:"+function+":"+qualifier))
		}
		filled, _ := scalar(r.standIn(qualifier))
		return function + ":" + filled
	}
}

func urlFunctionARN(r *Resource) any {
	named := r.propertyAt("TargetFunctionArn")
	function, ok := scalar(named)
	if !ok {
		return named
	}
	if strings.HasPrefix(function, "arn:") {
		return function
	}
	return r.standIn(arn("lambda", "function:"+function))
}

// serviceARN names the cluster, which is given by name or ARN.
func serviceARN(r *Resource) any {
	named := r.propertyAt("Cluster")
	if failed(named) {
		return named
	}
	name, _ := scalar(named)
	cluster := lastPart(name)
	if cluster == "" {
		cluster = "default"
	}
	return r.standIn(arn("ecs", "service/"+cluster+"/{name}"))
}

// pathARN is the ARN of an identity, which may have a path: role/team/name.
func pathARN(kind string) func(*Resource) any {
	return func(r *Resource) any {
		named := r.propertyAt("Path")
		if failed(named) {
			return named
		}
		path, _ := scalar(named)
		if path == "" {
			path = "/"
		}
		return r.standIn("arn:{partition}:iam::{account}:" + kind + path + "{name}")
	}
}

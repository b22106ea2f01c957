package gateway

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

func TestRoleDecide(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"
	allow := func(actions, resources string) Statement {
		return Statement{Actions: []string{actions}, Resources: []string{resources}}
	}
	deny := func(actions, resources string) Statement {
		return Statement{Deny: true, Actions: []string{actions}, Resources: []string{resources}}
	}
	tests := []struct {
		name       string
		statements []Statement
		unread     []string
		action     string
		resource   string
		want       Decision
	}{
		{"exact", []Statement{allow("dynamodb:PutItem", table)}, nil, "dynamodb:PutItem", table, Allowed},
		{"other action", []Statement{allow("dynamodb:GetItem", table)}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"other resource", []Statement{allow("dynamodb:PutItem", table+"x")}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"table is not its index", []Statement{allow("dynamodb:Query", table)}, nil, "dynamodb:Query", table + "/index/byCreatedAt", ImplicitDeny},
		{"index by wildcard", []Statement{allow("dynamodb:Query", table+"/index/*")}, nil, "dynamodb:Query", table + "/index/byCreatedAt", Allowed},
		{"nothing said", nil, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"action wildcard", []Statement{allow("dynamodb:Put*", table)}, nil, "dynamodb:PutItem", table, Allowed},
		{"action wildcard in the middle", []Statement{allow("dynamodb:*Item", table)}, nil, "dynamodb:PutItem", table, Allowed},
		{"action wildcard of one character", []Statement{allow("dynamodb:PutIte?", table)}, nil, "dynamodb:PutItem", table, Allowed},
		{"one character is not none", []Statement{allow("dynamodb:PutItem?", table)}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"actions compare without case", []Statement{allow("DynamoDB:putitem", table)}, nil, "dynamodb:PutItem", table, Allowed},
		{"resources compare with case", []Statement{allow("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/Orders")}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"everything", []Statement{allow("*", "*")}, nil, "dynamodb:PutItem", table, Allowed},
		{"explicit deny wins", []Statement{deny("dynamodb:*", table), allow("*", "*")}, nil, "dynamodb:PutItem", table, ExplicitDeny},
		{"explicit deny wins, whatever the order", []Statement{allow("*", "*"), deny("dynamodb:PutItem", "*")}, nil, "dynamodb:PutItem", table, ExplicitDeny},
		{"deny of something else", []Statement{allow("*", "*"), deny("dynamodb:DeleteItem", "*")}, nil, "dynamodb:PutItem", table, Allowed},
		{"all but named actions", []Statement{{NotActions: []string{"dynamodb:Delete*"}, Resources: []string{"*"}}}, nil, "dynamodb:PutItem", table, Allowed},
		{"a named one of them", []Statement{{NotActions: []string{"dynamodb:Put*"}, Resources: []string{"*"}}}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"all but named resources", []Statement{{Actions: []string{"*"}, NotResources: []string{table}}}, nil, "dynamodb:PutItem", table, ImplicitDeny},
		{"resource not known", []Statement{allow("dynamodb:PutItem", table)}, nil, "dynamodb:PutItem", "", Allowed},
		{"resource not known, one denied", []Statement{allow("*", "*"), deny("dynamodb:PutItem", table)}, nil, "dynamodb:PutItem", "", Allowed},
		{"resource not known, all denied", []Statement{allow("*", "*"), deny("dynamodb:PutItem", "*")}, nil, "dynamodb:PutItem", "", ExplicitDeny},
		{"policy that can't be read", nil, []string{"arn:aws:iam::aws:policy/Any"}, "dynamodb:PutItem", table, Allowed},
		{"policy that can't be read, and a deny", []Statement{deny("*", "*")}, []string{"arn:aws:iam::aws:policy/Any"}, "dynamodb:PutItem", table, ExplicitDeny},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			role := &Role{Statements: test.statements, Unread: test.unread}
			if got := role.Decide(test.action, test.resource); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if got := role.Allows(test.action, test.resource); got != (test.want == Allowed) {
				t.Errorf("Allows: %v", got)
			}
		})
	}
}

const rolesTemplate = `
Resources:
  Inline:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: [apigateway.amazonaws.com, lambda.amazonaws.com]}, Action: "sts:AssumeRole"}
      Policies:
        - {PolicyName: a, PolicyDocument: {Statement: {Effect: Allow, Action: "sns:Publish", Resource: !Ref Topic}}}
  Attached:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: ["sts:AssumeRole", "sts:TagSession"]}]
      ManagedPolicyArns: [!Ref ByArn, "arn:aws:iam::aws:policy/AmazonSQSFullAccess"]
  Untrusting:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
          - {Effect: Deny, Principal: {Service: apigateway.amazonaws.com}, Action: "sts:AssumeRole"}
  ByPolicy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Attached]
      PolicyDocument: {Statement: [{Effect: Allow, Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: "*"}, {Effect: Deny, Action: "dynamodb:PutItem", Resource: "*"}]}
  ByArn:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "states:StartExecution", Resource: "*"}}}
  ByRoles:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Attached]
      PolicyDocument: {Statement: {Effect: Allow, Action: "states:DescribeExecution", Resource: "*"}}
  Topic: {Type: AWS::SNS::Topic}
`

func TestRoleFromAssembly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "roles.yaml")
	if err := os.WriteFile(file, []byte(rolesTemplate), 0o644); err != nil {
		t.Fatal(err)
	}
	a, err := cfn.Load(file, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		role    string
		trusted bool
		actions []string
		denied  []string
		unread  []string
	}{
		{"Inline", true, []string{"sns:Publish"}, nil, nil},
		{"Attached", true, []string{"states:StartExecution", "dynamodb:GetItem", "dynamodb:PutItem", "states:DescribeExecution"}, []string{"dynamodb:PutItem"}, []string{"arn:aws:iam::aws:policy/AmazonSQSFullAccess"}},
		{"Untrusting", false, nil, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			role := RoleFromAssembly(a, a.Stacks[0].Resource(test.role).ARN())
			if role == nil {
				t.Fatal("role not found")
			}
			if got := role.TrustedBy("apigateway.amazonaws.com"); got != test.trusted {
				t.Errorf("trusted: %v in %v", got, role.Trusted)
			}
			var actions, denied []string
			for _, s := range role.Statements {
				if s.Deny {
					denied = append(denied, s.Actions...)
				} else {
					actions = append(actions, s.Actions...)
				}
			}
			if !slices.Equal(actions, test.actions) || !slices.Equal(denied, test.denied) || !slices.Equal(role.Unread, test.unread) {
				t.Errorf("actions %v, denied %v, unread %v", actions, denied, role.Unread)
			}
		})
	}
	if role := RoleFromAssembly(a, "arn:aws:iam::000000000000:role/elsewhere"); role != nil {
		t.Errorf("a role that is not part of the template: %+v", role)
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/infra/internal/templatetest"
)

// statement is one of a policy, wherever the policy stands.
type statement map[string]any

// openEndpoint is what a VPC endpoint without a policy allows:
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
var openEndpoint = statement{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}

// statements returns those of every policy of the template by logical ID:
// policies of IAM, of roles' trust, of queues, topics and endpoints, and
// permissions of functions in the form of a policy.
func (t template) statements() map[string][]statement {
	all := map[string][]statement{}
	resources, _ := t["Resources"].(map[string]any)
	for id, resource := range resources {
		resource := resource.(map[string]any)
		properties, _ := resource["Properties"].(map[string]any)
		found := policyStatements(properties)
		switch {
		case resource["Type"] == "AWS::Lambda::Permission":
			found = []statement{permissionStatement(properties)}
		case resource["Type"] == "AWS::EC2::VPCEndpoint" && len(found) == 0:
			found = []statement{openEndpoint}
		}
		plainID := templatetest.PlainID(id)
		all[plainID] = append(all[plainID], found...)
	}
	return all
}

// policyStatements looks for policies at any depth, JSON in a string included.
func policyStatements(value any) []statement {
	var found []statement
	switch v := value.(type) {
	case string:
		var document map[string]any
		if strings.Contains(v, `"Statement"`) && json.Unmarshal([]byte(v), &document) == nil {
			return policyStatements(document)
		}
	case []any:
		for _, element := range v {
			found = append(found, policyStatements(element)...)
		}
	case map[string]any:
		for name, member := range v {
			if name != "Statement" {
				found = append(found, policyStatements(member)...)
				continue
			}
			for _, s := range oneOrMore(member) {
				found = append(found, s.(map[string]any))
			}
		}
	}
	return found
}

func permissionStatement(permission map[string]any) statement {
	principal := permission["Principal"]
	if text, ok := principal.(string); ok && text != "*" {
		principal = map[string]any{"Service": text}
	}
	conditions := map[string]any{}
	for _, key := range []string{"SourceArn", "SourceAccount"} {
		if value, ok := permission[key]; ok {
			conditions["aws:"+key] = value
		}
	}
	return statement{
		"Effect":    "Allow",
		"Principal": principal,
		"Action":    permission["Action"],
		"Resource":  permission["FunctionName"],
		"Condition": map[string]any{"ArnLike": conditions},
	}
}

// grants says what the statement allows beyond named actions on named resources
// for named principals, a line for each action. A Deny says nothing: the more it
// covers, the less is allowed.
func (s statement) grants() []string {
	if s["Effect"] != "Allow" {
		return nil
	}
	var broad []string
	for _, element := range []string{"NotAction", "NotResource", "NotPrincipal"} {
		if excepted, ok := s[element]; ok {
			broad = append(broad, fmt.Sprintf("all but %s %v", element, excepted))
		}
	}
	for _, action := range texts(s["Action"]) {
		if wild(action) {
			broad = append(broad, "action "+action)
		}
		for _, scope := range slices.Concat(s.openResources(), s.openPrincipals(), s.openConditions()) {
			broad = append(broad, action+" "+scope)
		}
	}
	return broad
}

func (s statement) openResources() []string {
	var open []string
	for _, resource := range texts(s["Resource"]) {
		if wild(resource) {
			open = append(open, "on "+resource)
		}
	}
	return open
}

// openPrincipals are everyone, and services that may act for everyone.
func (s statement) openPrincipals() []string {
	if s["Principal"] == "*" {
		return []string{"by *"}
	}
	principals, _ := s["Principal"].(map[string]any)
	var open []string
	for kind, value := range principals {
		for _, principal := range texts(value) {
			switch {
			case wild(principal):
				open = append(open, "by *")
			case kind == "Service" && !s.namesSource():
				open = append(open, "by "+principal+" for anyone")
			}
		}
	}
	return open
}

func (s statement) namesSource() bool {
	for key := range s.conditions() {
		if key == "aws:SourceArn" || key == "aws:SourceAccount" {
			return true
		}
	}
	return false
}

// openConditions are values of conditions that leave something open.
func (s statement) openConditions() []string {
	var open []string
	conditions := s.conditions()
	for _, key := range slices.Sorted(maps.Keys(conditions)) {
		for _, value := range conditions[key] {
			if wild(value) {
				open = append(open, "if "+key+" is "+value)
			}
		}
	}
	return open
}

// conditions returns the values by key, whatever the operator.
func (s statement) conditions() map[string][]string {
	all := map[string][]string{}
	operators, _ := s["Condition"].(map[string]any)
	for _, keys := range operators {
		for key, value := range keys.(map[string]any) {
			all[key] = append(all[key], texts(value)...)
		}
	}
	return all
}

func wild(text string) bool { return strings.ContainsAny(text, "*?") }

func texts(value any) []string {
	var all []string
	for _, v := range oneOrMore(value) {
		all = append(all, templatetest.Text(v))
	}
	return all
}

func oneOrMore(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// Faults that the reading of policies must find, and sound statements in which
// it must find none.
func TestGrants(t *testing.T) {
	tests := []struct {
		name     string
		resource string
		want     []string
	}{
		{"named action on a named resource", `{"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": "Topic01234567"}}]}}}`, nil},
		{"every action of a service", `{"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Action": ["sns:Publish", "s3:*"], "Resource": "arn:aws:s3:::b"}]}}}`, []string{"action s3:*"}},
		{"a kind of action", `{"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement":
			{"Effect": "Allow", "Action": "dynamodb:Get*", "Resource": "arn"}}}}`, []string{"action dynamodb:Get*"}},
		{"every resource", `{"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Action": ["sns:Publish", "sqs:SendMessage"], "Resource": "*"}]}}]}}`,
			[]string{"sns:Publish on *", "sqs:SendMessage on *"}},
		{"some resources", `{"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": ["arn", {"Fn::Join": ["", [{"Fn::GetAtt": ["F01234567", "Arn"]}, ":*"]]}]}]}}}`,
			[]string{"lambda:InvokeFunction on ${F.Arn}:*"}},
		{"all but", `{"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "NotAction": "iam:PassRole", "NotResource": "arn"}]}}}`,
			[]string{"all but NotAction iam:PassRole", "all but NotResource arn"}},
		{"everyone", `{"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish", "Resource": "arn"}]}}}`, []string{"sns:Publish by *"}},
		{"everyone, in a string", `{"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument":
			"{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"logs:PutLogEvents\", \"Resource\": \"arn\"}]}"}}`,
			[]string{"logs:PutLogEvents by *"}},
		{"a service for anyone", `{"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "arn"}]}}}`,
			[]string{"sqs:SendMessage by sns.amazonaws.com for anyone"}},
		{"a service for this account", `{"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [
			{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole",
			 "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}]}}}`, nil},
		{"a service for whatever has an ARN", `{"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "arn",
			 "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*"}}}]}}}`, []string{"sqs:SendMessage if aws:SourceArn is arn:aws:sns:*"}},
		{"a function for everyone", `{"Type": "AWS::Lambda::Permission", "Properties":
			{"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "*"}}`, []string{"lambda:InvokeFunction by *"}},
		{"a function for every API", `{"Type": "AWS::Lambda::Permission", "Properties":
			{"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "apigateway.amazonaws.com"}}`,
			[]string{"lambda:InvokeFunction by apigateway.amazonaws.com for anyone"}},
		{"a function for one route", `{"Type": "AWS::Lambda::Permission", "Properties":
			{"Action": "lambda:InvokeFunction", "FunctionName": "f", "Principal": "apigateway.amazonaws.com", "SourceArn": "arn:aws:execute-api:…/GET/a"}}`, nil},
		{"an endpoint without a policy", `{"Type": "AWS::EC2::VPCEndpoint", "Properties": {}}`, []string{"action *", "* on *", "* by *"}},
		{"a Deny of everything", `{"Type": "AWS::SQS::QueuePolicy", "Properties": {"PolicyDocument": {"Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}}}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var planted template
			if err := json.Unmarshal([]byte(`{"Resources": {"Planted": `+test.resource+`}}`), &planted); err != nil {
				t.Fatal(err)
			}
			found := planted.statements()["Planted"]
			if len(found) != 1 {
				t.Fatalf("%d statements, want 1", len(found))
			}
			if diff := cmp.Diff(test.want, found[0].grants()); diff != "" {
				t.Errorf("grants (-want +got):\n%s", diff)
			}
		})
	}
}

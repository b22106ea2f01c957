package main

import (
	"fmt"
	"strings"
	"testing"
)

// withoutARN are the actions that AWS allows on no resource narrower than "*".
var withoutARN = []string{
	"ecr:GetAuthorizationToken",
	"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
	"logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
	"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}

func TestNoWildcardWhereAnARNCanStand(t *testing.T) {
	checked := 0
	for name, template := range standard(t) {
		for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::Role"} {
			for id, properties := range template.resources(kind) {
				for _, statement := range statements(properties) {
					checked++
					for _, fault := range wildcards(statement) {
						t.Errorf("%s of %s: %s", id, name, fault)
					}
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d statements checked: the test looks in the wrong place", checked)
	}
}

// statements returns the statements of a policy, or of a role's inline policies.
func statements(properties map[string]any) []map[string]any {
	documents := []any{properties["PolicyDocument"]}
	policies, _ := properties["Policies"].([]any)
	for _, policy := range policies {
		documents = append(documents, policy.(map[string]any)["PolicyDocument"])
	}
	var all []map[string]any
	for _, document := range documents {
		if document, ok := document.(map[string]any); ok {
			for _, statement := range document["Statement"].([]any) {
				all = append(all, statement.(map[string]any))
			}
		}
	}
	return all
}

func wildcards(statement map[string]any) []string {
	var faults []string
	for _, action := range oneOrMore(statement["Action"]) {
		if strings.Contains(fmt.Sprint(action), "*") {
			faults = append(faults, fmt.Sprintf("action %v", action))
		}
		for _, resource := range oneOrMore(statement["Resource"]) {
			if resource == "*" && !strings.Contains(strings.Join(withoutARN, " ")+" ", fmt.Sprint(action)+" ") {
				faults = append(faults, fmt.Sprintf("%v on every resource", action))
			}
		}
	}
	return faults
}

func oneOrMore(value any) []any {
	if all, ok := value.([]any); ok {
		return all
	}
	return []any{value}
}

// A physical name stands in the way of a second deployment and of replacement.
func TestNoPhysicalNames(t *testing.T) {
	names := map[string]string{
		"AWS::ApiGateway::Model":                    "Name",
		"AWS::DynamoDB::Table":                      "TableName",
		"AWS::ECS::Cluster":                         "ClusterName",
		"AWS::ECS::Service":                         "ServiceName",
		"AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
		"AWS::IAM::Role":                            "RoleName",
		"AWS::Lambda::Function":                     "FunctionName",
		"AWS::Logs::LogGroup":                       "LogGroupName",
		"AWS::SNS::Topic":                           "TopicName",
		"AWS::SQS::Queue":                           "QueueName",
		"AWS::StepFunctions::StateMachine":          "StateMachineName",
	}
	for name, template := range standard(t) {
		for kind, property := range names {
			for id, properties := range template.resources(kind) {
				if value, ok := properties[property]; ok {
					t.Errorf("%s of %s has the name %v", id, name, value)
				}
			}
		}
	}
}

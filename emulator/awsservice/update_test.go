package awsservice

import (
	"strings"
	"testing"
)

// updated loads a template's text and has s serve it.
func updated(t *testing.T, s *Services, text string) error {
	t.Helper()
	apply, _ := s.Update(loadText(t, text))
	return apply(t.Context())
}

const (
	smallTemplate = `
Resources:
  Inbox: {Type: AWS::SQS::Queue, Properties: {QueueName: inbox}}
  Late: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: late, RoleArn: any, DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "RESULT", "End": true}}}'}}
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Copies: {Type: AWS::SNS::Topic, Properties: {TopicName: copies}}
  ToQueue:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Copies, Protocol: sqs, Endpoint: !GetAtt Inbox.Arn, RawMessageDelivery: true}
`
	queueOnly = `
Resources:
  Inbox: {Type: AWS::SQS::Queue, Properties: {QueueName: inbox, VisibilityTimeout: 5}}
`
)

// TestUpdate begins without the engines of the sidecar, and has them started,
// changed, and keep what they hold.
func TestUpdate(t *testing.T) {
	s := startServices(t, Options{Assembly: loadText(t, queueOnly)})
	sqsJSON(t, s, "SendMessage", `{"QueueUrl":"inbox","MessageBody":"kept"}`)
	waiting := func() any {
		_, answer := sqsJSON(t, s, "GetQueueAttributes", `{"QueueUrl":"inbox"}`)
		attributes, _ := answer["Attributes"].(map[string]any)
		return attributes["ApproximateNumberOfMessages"]
	}

	if err := updated(t, s, smallTemplate); err != nil {
		t.Fatal(err)
	}
	if got := waiting(); got != "1" {
		t.Errorf("messages after the update: %v", got)
	}
	do(t, s, "sns:action/Publish", "application/x-www-form-urlencoded", "Message=m&TopicArn=arn:aws:sns:us-east-1:000000000000:copies")
	if got := waiting(); got != "2" {
		t.Errorf("messages after one to the new topic: %v", got)
	}
	put := func(table string) int {
		status, _ := doJSON(t, s, "dynamodb:action/PutItem", `{"TableName":"`+table+`","Item":{"id":{"S":"7"}}}`)
		return status
	}
	if status := put("customers"); status != 200 {
		t.Errorf("PutItem into the new table: %d", status)
	}
	if got := run(t, s, "late", "first", "{}")["output"]; got != `"RESULT"` {
		t.Errorf("the new state machine answers %v", got)
	}

	next := strings.Replace(smallTemplate, "RESULT", "CHANGED", 1) +
		"  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders, AttributeDefinitions: [{AttributeName: id, AttributeType: S}], KeySchema: [{AttributeName: id, KeyType: HASH}]}}\n"
	if err := updated(t, s, next); err != nil {
		t.Fatal(err)
	}
	if got := run(t, s, "late", "second", "{}")["output"]; got != `"CHANGED"` {
		t.Errorf("the changed state machine answers %v", got)
	}
	if _, answer := doJSON(t, s, "states:action/DescribeExecution", `{"executionArn":"`+runARN+`late:first"}`); answer["status"] != "SUCCEEDED" {
		t.Errorf("the execution of before: %v", answer)
	}
	if status := put("orders"); status != 200 {
		t.Errorf("PutItem into a further table: %d", status)
	}
	if _, answer := doJSON(t, s, "dynamodb:action/GetItem", `{"TableName":"customers","Key":{"id":{"S":"7"}}}`); answer["Item"] == nil {
		t.Errorf("the item of before: %v", answer)
	}

	err := updated(t, s, strings.ReplaceAll(next, "AttributeName: id", "AttributeName: key"))
	if err == nil || !strings.Contains(err.Error(), "table customers has other keys or indexes now") {
		t.Errorf("with other keys: %v", err)
	}
}

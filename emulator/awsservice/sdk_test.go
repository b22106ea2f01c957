package awsservice

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	snsclient "github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
)

// Functions reach the engines by the SDK and nothing but Env.
func TestSDKs(t *testing.T) {
	function := &subscriber{}
	s := startServices(t, Options{LambdaInvoke: function.invoke})
	env, err := s.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	loaded, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("DynamoDB", func(t *testing.T) {
		put := &dynamodb.PutItemInput{
			TableName: aws.String("orders"),
			Item: map[string]dynamodbtypes.AttributeValue{
				"customerId": &dynamodbtypes.AttributeValueMemberS{Value: "c"},
				"orderId":    &dynamodbtypes.AttributeValueMemberS{Value: "o"},
			},
			ConditionExpression: aws.String("attribute_not_exists(orderId)"),
		}
		client := dynamodb.NewFromConfig(loaded)
		if _, err := client.PutItem(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		_, err := client.PutItem(t.Context(), put)
		if _, ok := errors.AsType[*dynamodbtypes.ConditionalCheckFailedException](err); !ok {
			t.Errorf("second put: %v", err)
		}
	})
	t.Run("Step Functions", func(t *testing.T) {
		client := sfn.NewFromConfig(loaded)
		started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(machineARN + "waiting"), Name: aws.String("sdk")})
		if err != nil {
			t.Fatal(err)
		}
		described, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		if err != nil || described.Status != sfntypes.ExecutionStatusRunning || !described.StartDate.Equal(*started.StartDate) {
			t.Errorf("describe: %+v, %v", described, err)
		}
		_, err = client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: aws.String(runARN + "waiting:none")})
		if _, ok := errors.AsType[*sfntypes.ExecutionDoesNotExist](err); !ok {
			t.Errorf("unknown execution: %v", err)
		}
	})
	t.Run("SNS", func(t *testing.T) {
		client := snsclient.NewFromConfig(loaded)
		published, err := client.Publish(t.Context(), &snsclient.PublishInput{
			TopicArn: aws.String(topicARN), Message: aws.String("hello"),
			MessageAttributes: map[string]snstypes.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("a")}},
		})
		if err != nil || aws.ToString(published.MessageId) == "" {
			t.Errorf("publish: %+v, %v", published, err)
		}
		_, err = client.Publish(t.Context(), &snsclient.PublishInput{TopicArn: aws.String(topicARN + "x"), Message: aws.String("hello")})
		if _, ok := errors.AsType[*snstypes.NotFoundException](err); !ok {
			t.Errorf("unknown topic: %v", err)
		}
		if err := s.Drain(t.Context()); err != nil || len(function.events) != 1 {
			t.Errorf("drain: %v, events: %v", err, function.events)
		}
	})
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdadestinations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
)

// notifications are the topic, the function behind it that keeps what it
// receives for a while, and the queue of what is lost on the way.
type notifications struct {
	topic    awssns.Topic
	function awslambda.Function
	table    awsdynamodb.Table
	lost     awssqs.Queue
}

func newNotifications(stack awscdk.Stack, k kit) notifications {
	table := newTable(stack, "Notifications", k.cfg, awsdynamodb.TableProps{
		PartitionKey:        key("messageId"),
		TimeToLiveAttribute: jsii.String("expiresAt"),
	})
	topic := awssns.NewTopic(stack, jsii.String("NotificationTopic"), &awssns.TopicProps{
		EnforceSSL: jsii.Bool(true),
		MasterKey:  awskms.Alias_FromAliasName(stack, jsii.String("SnsKey"), jsii.String("alias/aws/sns")),
	})
	function := newGoFunction(stack, "NotificationsFunction", k.cfg, k.programs, goFunctionProps{
		source:      notificationsSource,
		description: "Receives notifications from the topic",
		environment: map[string]*string{"NOTIFICATIONS_TABLE": table.TableName()},
	})
	allow(function, table, "dynamodb:PutItem")

	// A message is lost in one of two ways: SNS can't hand it to Lambda, or the
	// function fails with it again and again. Both end here.
	lost := awssqs.NewQueue(stack, jsii.String("LostNotifications"), &awssqs.QueueProps{
		Encryption:      awssqs.QueueEncryption_SQS_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		RemovalPolicy:   awscdk.RemovalPolicy_DESTROY,
		RetentionPeriod: awscdk.Duration_Days(jsii.Number(14)),
	})
	function.ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{
		OnFailure:     awslambdadestinations.NewSqsDestination(lost),
		RetryAttempts: jsii.Number(2),
	})
	topic.AddSubscription(awssnssubscriptions.NewLambdaSubscription(function, &awssnssubscriptions.LambdaSubscriptionProps{
		DeadLetterQueue: lost,
	}))
	return notifications{topic, function, table, lost}
}

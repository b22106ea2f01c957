package cfn

// messagingTypes: topics, queues, streams and events.
var messagingTypes = map[string]standIns{
	"AWS::Events::EventBus": {
		name: "Name", arn: arn("events", "event-bus/{name}"),
		attributes: map[string]string{"Arn": "{arn}", "Name": "{name}"},
	},
	"AWS::Events::Rule": {
		name: "Name", limit: 64, arn: arn("events", "rule/{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::Kinesis::Stream": {
		name: "Name", limit: 128, arn: arn("kinesis", "stream/{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::KinesisFirehose::DeliveryStream": {
		name: "DeliveryStreamName", limit: 64, arn: arn("firehose", "deliverystream/{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::SNS::Subscription": {
		ref:        "{.TopicArn}:{uuid:1}",
		attributes: map[string]string{"Arn": "{ref}"},
	},
	"AWS::SNS::Topic": {
		name: "TopicName", limit: 256, ending: fifo("FifoTopic"), ref: "{arn}", arn: arn("sns", "{name}"),
		attributes: map[string]string{"TopicArn": "{arn}", "TopicName": "{name}"},
	},
	"AWS::SQS::Queue": {
		name: "QueueName", limit: 80, ending: fifo("FifoQueue"),
		ref: "https://sqs.{region}.{suffix}/{account}/{name}", arn: arn("sqs", "{name}"),
		attributes: map[string]string{"Arn": "{arn}", "QueueName": "{name}", "QueueUrl": "{ref}"},
	},
}

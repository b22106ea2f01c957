package cfn

// operationTypes: logs, alarms, certificates, and CloudFormation itself.
var operationTypes = map[string]standIns{
	"AWS::CertificateManager::Certificate": {ref: "{arn}", arn: arn("acm", "certificate/{uuid:1}")},
	"AWS::CloudFormation::Stack": {
		ref: "{arn}", arn: arn("cloudformation", "stack/{name}/{uuid:1}"), limit: 128,
	},
	"AWS::CloudWatch::Alarm": {
		name: "AlarmName", limit: 255, arn: arn("cloudwatch", "alarm:{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::CloudWatch::Dashboard": {name: "DashboardName"},
	"AWS::Logs::LogGroup": {
		name: "LogGroupName", limit: 512, arn: arn("logs", "log-group:{name}:*"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
	"AWS::Logs::LogStream": {name: "LogStreamName"},
}

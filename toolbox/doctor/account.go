package doctor

import (
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

var accountLogRole = Rule{
	ID:       "account-log-role",
	Severity: Warning,
	Evidence: Documented,
	Title:    "A stage logs, but no account setting with a role for the logs is among the stacks",
	Why: "the setting is one for the whole account and Region: where nobody made it, the stage can't be deployed with logging, " +
		"and where its role was deleted with another stack, logs end without a word",
	Fix: "add an AWS::ApiGateway::Account with CloudWatchRoleArn, in a stack that stays; " +
		"leave it if the account has it already (aws apigateway get-account)",
	Doc: apigatewayGuide + "set-up-logging.html",
	check: func(x *examination) {
		for _, r := range x.Assembly.Resources("AWS::ApiGateway::Account") {
			if r.Has("CloudWatchRoleArn") {
				return
			}
		}
		for _, r := range x.Assembly.Resources("AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment") {
			if property := logging(r); property != "" {
				x.find(x.where(r, property), "", "%s logs to CloudWatch", r.LogicalID)
			}
		}
	},
}

// logging is the property that turns logs on, "" for none.
func logging(stage *cfn.Resource) string {
	at := ""
	if stage.Type == "AWS::ApiGateway::Deployment" {
		at = "StageDescription."
	}
	if strings.Contains(stage.String(at+"AccessLogSetting.DestinationArn"), ":logs:") { // not a Firehose stream
		return at + "AccessLogSetting"
	}
	for i := range stage.List(at + "MethodSettings") {
		property := at + "MethodSettings." + itoa(i) + ".LoggingLevel"
		if level := stage.String(property); level != "" && level != "OFF" {
			return property
		}
	}
	return ""
}

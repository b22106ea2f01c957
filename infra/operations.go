package main

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/monitoring"
)

// runbook is the page that alarms name, in this repository.
const runbook = "docs/runbook.md"

// addMonitoring stands in the API's stack, not in one of its own: an alarm
// comes and goes with what it watches, and what the context leaves out is gone
// with the next deployment instead of costing on.
func addMonitoring(stack awscdk.Stack, api awsapigateway.RestApi, cfg Config, accessLog awslogs.ILogGroup, b backends) {
	m := monitoring.New(stack, "Monitoring", &monitoring.Props{
		API:             api,
		AccessLog:       accessLog,
		Backends:        b.watched(),
		ErrorsOnPurpose: []string{"GET /mock/errors/{code}"},
		Runbook:         cmp.Or(cfg.RunbookURL, runbook),
		Alarms:          cfg.Monitoring == monitoringAlarms,
		AlarmTopic:      cfg.AlarmTopicARN,
	})
	output(stack, "DashboardName", m.Dashboard.DashboardName())
}

// watched is what there is to watch besides the routes, by integration.
func (b backends) watched() map[string]monitoring.Backend {
	watched := map[string]monitoring.Backend{
		"lambda-proxy": {Function: b.lambdaProxy},
		"lambda":       {Function: b.lambda},
		"dynamodb":     {Table: b.orders},
		"sns": {
			Function:    b.notifications.function,
			Table:       b.notifications.table,
			Topic:       b.notifications.topic,
			DeadLetters: b.notifications.lost,
		},
		"step-functions": {Function: b.workflow.function, Workflow: b.workflow.machine, Logs: b.workflow.logs},
	}
	if b.products != nil {
		watched["vpc-link"] = b.products.watched
	}
	return watched
}

// addAPIKey makes a key and the usage plan that lets it in. The key's value is
// made by API Gateway and stands in no template and no output: aws apigateway
// get-api-key --include-value shows it to who may see it.
func addAPIKey(stack awscdk.Stack, api awsapigateway.RestApi, cfg Config) {
	plan := api.AddUsagePlan(jsii.String("UsagePlan"), &awsapigateway.UsagePlanProps{
		ApiStages: &[]*awsapigateway.UsagePlanPerApiStage{{Api: api, Stage: api.DeploymentStage()}},
		Quota:     &awsapigateway.QuotaSettings{Limit: jsii.Number(cfg.DailyQuota), Period: awsapigateway.Period_DAY},
		Throttle: &awsapigateway.ThrottleSettings{
			BurstLimit: jsii.Number(cfg.ThrottleBurst),
			RateLimit:  jsii.Number(cfg.ThrottleRate),
		},
	})
	key := awsapigateway.NewApiKey(stack, jsii.String("ApiKey"), nil)
	plan.AddApiKey(key, nil)
	output(stack, "ApiKeyId", key.KeyId())
}

package monitoring

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// query is a saved query of CloudWatch Logs Insights; the runbook names them.
type query struct {
	name string // below the stack's name, which is its folder in the console
	logs func(*watched) []awslogs.ILogGroup
	text string
}

var queries = []query{
	{
		name: "slow-routes", logs: accessLog,
		text: `
fields responseLatency - integrationLatency as gatewayLatency
| stats count(*) as requests,
    pct(responseLatency, 50) as p50, pct(responseLatency, 99) as p99,
    pct(integrationLatency, 99) as integrationP99, pct(gatewayLatency, 99) as gatewayP99
  by httpMethod, resourcePath
| sort p99 desc`,
	},
	{
		name: "slow-requests", logs: accessLog,
		text: `
fields @timestamp, httpMethod, resourcePath, status, responseLatency, integrationLatency, requestId
| sort responseLatency desc
| limit 50`,
	},
	{
		name: "errors-by-route", logs: accessLog,
		text: `
filter status >= 400
| stats count(*) as answers by httpMethod, resourcePath, status, errorResponseType, integrationStatus
| sort answers desc`,
	},
	{
		name: "latest-server-errors", logs: accessLog,
		text: `
filter status >= 500
| fields @timestamp, httpMethod, resourcePath, status, errorResponseType, integrationStatus, integrationLatency, requestId
| sort @timestamp desc
| limit 50`,
	},
	{
		name: "throttled-requests", logs: accessLog,
		text: `
filter errorResponseType in ["THROTTLED", "QUOTA_EXCEEDED"]
| stats count(*) as answers by bin(5m), errorResponseType, httpMethod, resourcePath
| sort answers desc`,
	},
	{
		name: "one-request", logs: everyLog,
		text: `
fields @timestamp, @log, @message
| filter @message like "put the request ID here"
| sort @timestamp asc`,
	},
	{
		name: "function-errors", logs: functionLogs,
		text: `
filter level = "ERROR"
| fields @timestamp, @log, msg, error, requestId
| sort @timestamp desc
| limit 50`,
	},
	{
		name: "function-durations", logs: functionLogs,
		text: `
filter type = "platform.report"
| stats count(*) as invocations, count(record.metrics.initDurationMs) as coldStarts,
    pct(record.metrics.durationMs, 99) as p99, max(record.metrics.initDurationMs) as slowestStart
  by @log`,
	},
	{
		name: "failed-executions", logs: workflowLog,
		text: `
filter type in ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]
| fields @timestamp, type, execution_arn
| sort @timestamp desc
| limit 50`,
	},
	{
		name: "service-errors", logs: serviceLog,
		text: `
filter level = "ERROR" or status >= 500
| fields @timestamp, msg, method, resource, status, error, requestId
| sort @timestamp desc
| limit 50`,
	},
}

func accessLog(w *watched) []awslogs.ILogGroup {
	if w.AccessLog == nil {
		return nil
	}
	return []awslogs.ILogGroup{w.AccessLog}
}

func functionLogs(w *watched) []awslogs.ILogGroup {
	var groups []awslogs.ILogGroup
	for _, f := range w.functions() {
		groups = append(groups, f.LogGroup())
	}
	return groups
}

func workflowLog(w *watched) []awslogs.ILogGroup {
	return w.otherLogs(func(b Backend) bool { return b.Workflow != nil })
}

func serviceLog(w *watched) []awslogs.ILogGroup {
	return w.otherLogs(func(b Backend) bool { return b.Targets != nil })
}

func everyLog(w *watched) []awslogs.ILogGroup {
	return slices.Concat(accessLog(w), functionLogs(w), w.otherLogs(func(Backend) bool { return true }))
}

func (w *watched) otherLogs(of func(Backend) bool) []awslogs.ILogGroup {
	var groups []awslogs.ILogGroup
	for _, integration := range w.integrations {
		if b := w.Backends[integration]; b.Logs != nil && of(b) {
			groups = append(groups, b.Logs)
		}
	}
	return groups
}

// addQueries saves the queries whose logs are there.
func (w *watched) addQueries(scope constructs.Construct) {
	for _, q := range queries {
		var names []any
		for _, group := range q.logs(w) {
			names = append(names, group.LogGroupName())
		}
		if len(names) == 0 {
			continue
		}
		awslogs.NewCfnQueryDefinition(scope, jsii.String(constructID(q.name)+"Query"), &awslogs.CfnQueryDefinitionProps{
			Name:          jsii.String(*awscdk.Stack_Of(scope).StackName() + "/" + q.name),
			LogGroupNames: &names,
			QueryString:   jsii.String(strings.TrimSpace(q.text)),
		})
	}
}

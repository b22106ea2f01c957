package monitoring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// alarm is one row of the table of alarms, which docs/operations.md shows.
// There is an alarm for each integration, and for the whole API, that has what
// the row measures.
type alarm struct {
	name      string // heading of its section in the runbook
	only      string // integrations; empty: all
	what      string
	measure   func(w *watched, integration string, a alarm) awscloudwatch.IMetric // nil: it isn't there
	from      int                                                                 // number from which on a percentage counts
	threshold float64                                                             // bad are values from it on
	unit      string
	below     bool // bad are values below the threshold, and periods without data
	minutes   int  // of one period
	bad, of   int  // the alarm is on when so many of the last periods are bad
	why       string
}

func (a alarm) period() awscdk.Duration { return awscdk.Duration_Minutes(jsii.Number(a.minutes)) }

// Errors and slow answers count only where they last: in two or three periods
// of five minutes, so that one failed request at night wakes nobody, however
// few others there are. What is never in order counts at once.
var alarms = []alarm{
	{
		name: "server-errors", what: "5XX answers",
		measure: serverErrors, from: 2, threshold: 5, unit: "% of requests", minutes: 5, bad: 2, of: 3,
		why: "clients don't get what they asked for, and it isn't their fault",
	},
	{
		name: "client-errors", what: "4XX answers",
		measure: clientErrors, from: 50, threshold: 50, unit: "% of requests", minutes: 5, bad: 3, of: 3,
		why: "a client or a deployment broke what worked, or somebody is trying things out",
	},
	{
		name: "latency", only: "dynamodb sns step-functions vpc-link", what: "slowest 1 % of requests",
		measure: latency, threshold: 1000, unit: "ms", minutes: 5, bad: 3, of: 3,
		why: "behind it is nothing but a service of AWS, or a small one of ours",
	},
	{
		name: "latency", only: "lambda-proxy lambda", what: "slowest 1 % of requests",
		measure: latency, threshold: 2000, unit: "ms", minutes: 5, bad: 3, of: 3,
		why: "a cold start fits in, and the functions end after 10 s",
	},
	{
		name: "latency", only: "http-proxy http", what: "slowest 1 % of requests",
		measure: latency, threshold: 5000, unit: "ms", minutes: 5, bad: 3, of: 3,
		why: "a third party may be slow, but API Gateway gives up after 29 s",
	},
	{
		name: "throttled-requests", what: "429s by API Gateway itself",
		measure: throttledRequests, threshold: 10, unit: "requests", minutes: 5, bad: 1, of: 1,
		why: "the stage's limits, or a usage plan's, turn clients away",
	},
	{
		name: "function-throttles", what: "invocations refused by Lambda",
		measure: functionThrottles, threshold: 1, unit: "invocation", minutes: 5, bad: 2, of: 3,
		why: "the account's concurrency is used up",
	},
	{
		name: "table-throttles", what: "requests refused by DynamoDB",
		measure: tableThrottles, threshold: 1, unit: "request", minutes: 5, bad: 2, of: 3,
		why: "a partition is hot, or traffic grows faster than an on-demand table",
	},
	{
		name: "failed-workflows", what: "executions that failed",
		measure: failedWorkflows, from: 3, threshold: 20, unit: "% of those started", minutes: 5, bad: 2, of: 3,
		why: "orders are accepted and then not processed",
	},
	{
		name: "stuck-workflows", what: "executions that timed out, and throttled transitions",
		measure: stuckWorkflows, threshold: 1, unit: "event", minutes: 5, bad: 1, of: 1,
		why: "a workflow takes seconds and has five minutes",
	},
	{
		name: "dead-letters", what: "messages in the queue of the lost",
		measure: deadLetters, threshold: 1, unit: "message", minutes: 5, bad: 1, of: 1,
		why: "each is a notification that nobody got; after 14 days it is gone",
	},
	{
		name: "lost-messages", what: "messages that reached not even that queue",
		measure: lostMessages, threshold: 1, unit: "message", minutes: 5, bad: 1, of: 1,
		why: "they are gone already",
	},
	{
		name: "unhealthy-targets", what: "targets that fail their health check",
		measure: unhealthyTargets, threshold: 1, unit: "target", minutes: 1, bad: 5, of: 5,
		why: "the service runs on what is left; a deployment may have one for a moment",
	},
	{
		name: "no-healthy-target", what: "healthy targets",
		measure: healthyTargets, threshold: 1, unit: "target", below: true, minutes: 1, bad: 2, of: 2,
		why: "nobody answers",
	},
}

func serverErrors(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	t := w.trafficOf(integration, a.period())
	return rate(a.period(), "5XX %", t.serverErrors, t.requests, a.from)
}

func clientErrors(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	t := w.trafficOf(integration, a.period())
	return rate(a.period(), "4XX %", t.clientErrors, t.requests, a.from)
}

func latency(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	t := w.trafficOf(integration, a.period())
	return worst(a.period(), "ms", t.latency, t.scale)
}

func throttledRequests(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	if integration != wholeAPI || w.throttled == nil {
		return nil
	}
	return w.throttled.Metric(by(a.period(), sum))
}

func functionThrottles(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	f := w.Backends[integration].Function
	if f == nil {
		return nil
	}
	return f.MetricThrottles(by(a.period(), sum))
}

func tableThrottles(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	table := w.Backends[integration].Table
	if table == nil {
		return nil
	}
	return total(a.period(), "throttled",
		table.Metric(jsii.String("ReadThrottleEvents"), by(a.period(), sum)),
		table.Metric(jsii.String("WriteThrottleEvents"), by(a.period(), sum)))
}

func failedWorkflows(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	workflow := w.Backends[integration].Workflow
	if workflow == nil {
		return nil
	}
	return rate(a.period(), "failed %",
		[]awscloudwatch.IMetric{workflow.MetricFailed(by(a.period(), sum))},
		[]awscloudwatch.IMetric{workflow.MetricStarted(by(a.period(), sum))}, a.from)
}

func stuckWorkflows(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	workflow := w.Backends[integration].Workflow
	if workflow == nil {
		return nil
	}
	return total(a.period(), "stuck", workflow.MetricTimedOut(by(a.period(), sum)), workflow.MetricThrottled(by(a.period(), sum)))
}

func deadLetters(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	queue := w.Backends[integration].DeadLetters
	if queue == nil {
		return nil
	}
	return queue.MetricApproximateNumberOfMessagesVisible(by(a.period(), most))
}

func lostMessages(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	b := w.Backends[integration]
	if b.DeadLetters == nil {
		return nil
	}
	return total(a.period(), "lost",
		b.Topic.Metric(jsii.String("NumberOfNotificationsFailedToRedriveToDlq"), by(a.period(), sum)),
		b.Function.Metric(jsii.String("DestinationDeliveryFailures"), by(a.period(), sum)))
}

func unhealthyTargets(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	targets := w.Backends[integration].Targets
	if targets == nil {
		return nil
	}
	return targets.Metrics().UnhealthyHostCount(by(a.period(), most))
}

func healthyTargets(w *watched, integration string, a alarm) awscloudwatch.IMetric {
	targets := w.Backends[integration].Targets
	if targets == nil {
		return nil
	}
	return targets.Metrics().HealthyHostCount(by(a.period(), most))
}

// added is an alarm of the table on one integration.
type added struct {
	name        string
	integration string
	alarm       awscloudwatch.Alarm
}

// addAlarms adds the alarms of the table. Their construct IDs are the names of
// the rows behind those of the integrations: LambdaProxyServerErrors.
func (w *watched) addAlarms(scope constructs.Construct) []added {
	var action awscloudwatch.IAlarmAction
	if w.AlarmTopic != "" {
		topic := awssns.Topic_FromTopicArn(scope, jsii.String("AlarmTopic"), jsii.String(w.AlarmTopic))
		action = awscloudwatchactions.NewSnsAction(topic)
	}
	var all []added
	for _, integration := range append([]string{wholeAPI}, w.integrations...) {
		for _, a := range alarms {
			if a.only != "" && !slices.Contains(strings.Fields(a.only), integration) {
				continue
			}
			metric := a.measure(w, integration, a)
			if metric == nil {
				continue
			}
			alarm := a.add(scope, integration, metric, w.Runbook)
			if action != nil {
				alarm.AddAlarmAction(action)
				alarm.AddOkAction(action)
			}
			all = append(all, added{a.name, integration, alarm})
		}
	}
	return all
}

func (a alarm) add(scope constructs.Construct, integration string, metric awscloudwatch.IMetric, runbook string) awscloudwatch.Alarm {
	props := &awscloudwatch.AlarmProps{
		Metric:             metric,
		AlarmDescription:   jsii.Sprintf("%s, %s: %s – %s. Runbook: %s#%s", integration, a.what, a.condition(), a.why, runbook, a.name),
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
		Threshold:          jsii.Number(a.threshold),
		DatapointsToAlarm:  jsii.Number(a.bad),
		EvaluationPeriods:  jsii.Number(a.of),
		TreatMissingData:   awscloudwatch.TreatMissingData_NOT_BREACHING,
	}
	if a.below {
		props.ComparisonOperator = awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD
		props.TreatMissingData = awscloudwatch.TreatMissingData_BREACHING
	}
	return awscloudwatch.NewAlarm(scope, jsii.String(constructID(integration+"-"+a.name)), props)
}

// condition says when the alarm is on.
func (a alarm) condition() string {
	value := fmt.Sprintf("%v %s or more", a.threshold, a.unit)
	if a.below {
		value = fmt.Sprintf("below %v %s", a.threshold, a.unit)
	}
	if a.from > 0 {
		value += fmt.Sprintf(", at least %d", a.from)
	}
	if a.of == 1 {
		return fmt.Sprintf("%s, within %d min", value, a.minutes)
	}
	return fmt.Sprintf("%s, in %d of %d periods of %d min", value, a.bad, a.of, a.minutes)
}

// constructID makes "LambdaProxy" of "lambda-proxy".
func constructID(name string) string {
	var id strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		id.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return id.String()
}

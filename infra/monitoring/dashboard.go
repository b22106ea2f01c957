package monitoring

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Sizes in the grid of a dashboard.
const (
	fullWidth   = 24
	graphWidth  = fullWidth / 3
	graphHeight = 6
)

// addDashboard makes a row for the whole API and one for each integration:
// requests and errors, latency beside that of the integration, and what stands
// behind it. Alarms are on top.
func (w *watched) addDashboard(scope constructs.Construct, alarms []added) awscloudwatch.Dashboard {
	dashboard := awscloudwatch.NewDashboard(scope, jsii.String("Dashboard"), nil)
	if len(alarms) > 0 {
		dashboard.AddWidgets(alarmStatus(alarms))
	}
	for _, integration := range append([]string{wholeAPI}, w.integrations...) {
		dashboard.AddWidgets(w.title(integration, alarms))
		dashboard.AddWidgets(w.graphs(integration)...)
	}
	return dashboard
}

func alarmStatus(alarms []added) awscloudwatch.IWidget {
	var refs []interfacesawscloudwatch.IAlarmRef
	for _, a := range alarms {
		refs = append(refs, a.alarm)
	}
	return awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
		Alarms: &refs,
		SortBy: awscloudwatch.AlarmStatusWidgetSortBy_STATE_UPDATED_TIMESTAMP,
		Title:  jsii.String("Alarms"),
		Width:  jsii.Number(fullWidth),
		Height: jsii.Number(graphHeight),
	})
}

// title names the integration, and the sections of the runbook on its alarms.
func (w *watched) title(integration string, alarms []added) awscloudwatch.IWidget {
	text := "## " + integration
	var sections []string
	for _, a := range alarms {
		if a.integration == integration {
			sections = append(sections, w.runbookLink(a.name))
		}
	}
	if len(sections) > 0 {
		text += "\nAlarms, and sections of " + w.Runbook + ": " + strings.Join(sections, ", ")
	}
	return awscloudwatch.NewTextWidget(&awscloudwatch.TextWidgetProps{
		Markdown: jsii.String(text),
		Width:    jsii.Number(fullWidth),
		Height:   jsii.Number(2),
	})
}

// lines are the metrics on one axis of a graph.
type lines []awscloudwatch.IMetric

func graph(title string, left, right lines) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{
		Title:  jsii.String(title),
		Left:   (*[]awscloudwatch.IMetric)(&left),
		Right:  (*[]awscloudwatch.IMetric)(&right),
		Width:  jsii.Number(graphWidth),
		Height: jsii.Number(graphHeight),
	})
}

// labelled is the statistic of a metric under a name in the legend.
func labelled(statistic, label string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String(statistic), Label: jsii.String(label)}
}

// graphs are the graphs of an integration's row, or of the whole API's.
func (w *watched) graphs(integration string) []awscloudwatch.IWidget {
	var requests, errors, latency lines
	for _, s := range w.sources(integration) {
		route := strings.Replace(s.route, "/"+integration, "", 1) // the row says which
		line := func(name, statistic, label string) awscloudwatch.IMetric {
			return s.metric(name, labelled(statistic, strings.TrimSpace(route+" "+label)))
		}
		requests = append(requests, line("Count", sum, "requests"))
		errors = append(errors, line("4XXError", sum, "4XX"), line("5XXError", sum, "5XX"))
		for _, statistic := range []string{median, slowest} {
			latency = append(latency,
				line("Latency", statistic, statistic),
				line("IntegrationLatency", statistic, "integration "+statistic))
		}
	}
	if integration == wholeAPI && w.throttled != nil {
		errors = append(errors, w.throttled.Metric(labelled(sum, "429")))
	}
	return append([]awscloudwatch.IWidget{
		graph("Requests and, right, errors", requests, errors),
		graph("Latency (ms)", latency, nil),
	}, w.Backends[integration].graphs()...)
}

// graphs are the graphs of what there is.
func (b Backend) graphs() []awscloudwatch.IWidget {
	var all []awscloudwatch.IWidget
	if b.Function != nil {
		all = append(all, graph("Function: duration (ms) and, right, counts",
			lines{b.Function.MetricDuration(labelled(median, "p50")), b.Function.MetricDuration(labelled(slowest, "p99"))},
			lines{
				b.Function.MetricErrors(labelled(sum, "errors")),
				b.Function.MetricThrottles(labelled(sum, "throttles")),
				b.Function.Metric(jsii.String("ConcurrentExecutions"), labelled(most, "concurrent")),
			}))
	}
	if b.Table != nil {
		all = append(all, graph("Table: capacity and, right, throttles",
			lines{
				b.Table.MetricConsumedReadCapacityUnits(labelled(sum, "read units")),
				b.Table.MetricConsumedWriteCapacityUnits(labelled(sum, "write units")),
			},
			lines{
				b.Table.Metric(jsii.String("ReadThrottleEvents"), labelled(sum, "read throttles")),
				b.Table.Metric(jsii.String("WriteThrottleEvents"), labelled(sum, "write throttles")),
			}))
	}
	if b.Topic != nil {
		delivered := lines{
			b.Topic.MetricNumberOfMessagesPublished(labelled(sum, "published")),
			b.Topic.MetricNumberOfNotificationsDelivered(labelled(sum, "delivered")),
		}
		failed := lines{b.Topic.MetricNumberOfNotificationsFailed(labelled(sum, "failed"))}
		if b.DeadLetters != nil {
			failed = append(failed, b.DeadLetters.MetricApproximateNumberOfMessagesVisible(labelled(most, "dead letters")))
		}
		all = append(all, graph("Topic: messages and, right, failures", delivered, failed))
	}
	if b.Workflow != nil {
		all = append(all, graph("Workflow: executions and, right, failures",
			lines{b.Workflow.MetricStarted(labelled(sum, "started")), b.Workflow.MetricSucceeded(labelled(sum, "succeeded"))},
			lines{
				b.Workflow.MetricFailed(labelled(sum, "failed")),
				b.Workflow.MetricTimedOut(labelled(sum, "timed out")),
				b.Workflow.MetricThrottled(labelled(sum, "throttled")),
			}))
	}
	if b.Targets != nil {
		all = append(all, b.balancerGraphs()...)
	}
	return all
}

func (b Backend) balancerGraphs() []awscloudwatch.IWidget {
	targets := b.Targets.Metrics()
	return []awscloudwatch.IWidget{
		graph("Load balancer: requests and, right, errors",
			lines{targets.RequestCount(labelled(sum, "requests"))},
			lines{
				targets.HttpCodeTarget(awselasticloadbalancingv2.HttpCodeTarget_TARGET_4XX_COUNT, labelled(sum, "4XX")),
				targets.HttpCodeTarget(awselasticloadbalancingv2.HttpCodeTarget_TARGET_5XX_COUNT, labelled(sum, "5XX")),
				b.Balancer.Metrics().HttpCodeElb(awselasticloadbalancingv2.HttpCodeElb_ELB_5XX_COUNT, labelled(sum, "5XX by the balancer")),
			}),
		graph("Targets: response time (s) and, right, health",
			lines{targets.TargetResponseTime(labelled(median, "p50")), targets.TargetResponseTime(labelled(slowest, "p99"))},
			lines{
				targets.HealthyHostCount(labelled(most, "healthy")),
				targets.UnhealthyHostCount(labelled(most, "unhealthy")),
			}),
	}
}

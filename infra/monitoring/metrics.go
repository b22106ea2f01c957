package monitoring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/jsii-runtime-go"
)

// Statistics of metrics.
const (
	sum     = "Sum"
	most    = "Maximum"
	median  = "p50"
	slowest = "p99"
)

func by(period awscdk.Duration, statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Period: period, Statistic: jsii.String(statistic)}
}

// source gives the metrics of one route, or of the whole stage.
type source struct {
	route  string // "GET /mock"; empty for the stage
	metric func(name string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric
}

func (w *watched) sources(integration string) []source {
	if integration == wholeAPI {
		return []source{{"", func(name string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
			return w.stage.Metric(jsii.String(name), options)
		}}}
	}
	var all []source
	for _, m := range w.routes[integration] {
		all = append(all, source{*m.HttpMethod() + " " + *m.Resource().Path(), func(name string, options *awscloudwatch.MetricOptions) awscloudwatch.Metric {
			return m.Metric(jsii.String(name), w.stage, options)
		}})
	}
	return all
}

// traffic is the metrics of the requests to an integration.
type traffic struct {
	requests     []awscloudwatch.IMetric // counts, as those of errors
	clientErrors []awscloudwatch.IMetric // 4XX
	serverErrors []awscloudwatch.IMetric // 5XX
	latency      []awscloudwatch.IMetric // the slowest, one for each route
	scale        string                  // of latency, to make it milliseconds
}

// trafficOf returns the metrics that alarms on an integration are made from.
// Behind a load balancer they are the balancer's: AWS's pages leave open under
// which Method the metrics of an ANY route stand.
func (w *watched) trafficOf(integration string, period awscdk.Duration) traffic {
	if backend := w.Backends[integration]; backend.Targets != nil {
		return balancedTraffic(backend, period)
	}
	var t traffic
	for _, s := range w.sources(integration) {
		if slices.Contains(w.ErrorsOnPurpose, s.route) || strings.HasPrefix(s.route, "ANY ") {
			continue
		}
		t.requests = append(t.requests, s.metric("Count", by(period, sum)))
		t.clientErrors = append(t.clientErrors, s.metric("4XXError", by(period, sum)))
		t.serverErrors = append(t.serverErrors, s.metric("5XXError", by(period, sum)))
		t.latency = append(t.latency, s.metric("Latency", by(period, slowest)))
	}
	return t
}

// balancedTraffic counts the errors that a load balancer makes itself as
// requests of their own: its RequestCount leaves out what reached no target.
func balancedTraffic(b Backend, period awscdk.Duration) traffic {
	refused := b.Balancer.Metrics().HttpCodeElb(awselasticloadbalancingv2.HttpCodeElb_ELB_5XX_COUNT, by(period, sum))
	ofTargets := func(code awselasticloadbalancingv2.HttpCodeTarget) awscloudwatch.IMetric {
		return b.Targets.Metrics().HttpCodeTarget(code, by(period, sum))
	}
	return traffic{
		requests:     []awscloudwatch.IMetric{b.Targets.Metrics().RequestCount(by(period, sum)), refused},
		clientErrors: []awscloudwatch.IMetric{ofTargets(awselasticloadbalancingv2.HttpCodeTarget_TARGET_4XX_COUNT)},
		serverErrors: []awscloudwatch.IMetric{ofTargets(awselasticloadbalancingv2.HttpCodeTarget_TARGET_5XX_COUNT), refused},
		latency:      []awscloudwatch.IMetric{b.Targets.Metrics().TargetResponseTime(by(period, slowest))},
		scale:        "1000*", // from seconds
	}
}

// operands are the metrics of an expression, by the names that it gives them.
type operands map[string]awscloudwatch.IMetric

// add names metrics name0, name1, … and returns a term for each. A missing data
// point counts as 0: services send none where nothing happened.
func (o operands) add(name string, metrics []awscloudwatch.IMetric) []string {
	var terms []string
	for i, m := range metrics {
		id := fmt.Sprintf("%s%d", name, i)
		o[id] = m
		terms = append(terms, "FILL("+id+",0)")
	}
	return terms
}

func (o operands) expression(period awscdk.Duration, label, text string) awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Expression:   jsii.String(text),
		Label:        jsii.String(label),
		Period:       period,
		UsingMetrics: (*map[string]awscloudwatch.IMetric)(&o),
	})
}

// total is the sum of metrics.
func total(period awscdk.Duration, label string, metrics ...awscloudwatch.IMetric) awscloudwatch.IMetric {
	o := operands{}
	return o.expression(period, label, strings.Join(o.add("m", metrics), "+"))
}

// rate is the percentage of part in whole, and 0 while part is below a number
// from which on a percentage says something; nil without part.
func rate(period awscdk.Duration, label string, part, whole []awscloudwatch.IMetric, from int) awscloudwatch.IMetric {
	if len(part) == 0 {
		return nil
	}
	o := operands{}
	p, n := strings.Join(o.add("part", part), "+"), strings.Join(o.add("whole", whole), "+")
	return o.expression(period, label, fmt.Sprintf("IF(%[1]s>=%[2]d, 100*(%[1]s)/(%[3]s), 0)", p, from, n))
}

// worst is the largest of metrics, each times scale; nil without any.
func worst(period awscdk.Duration, label string, metrics []awscloudwatch.IMetric, scale string) awscloudwatch.IMetric {
	o := operands{}
	terms := o.add("m", metrics)
	switch len(terms) {
	case 0:
		return nil
	case 1:
		return o.expression(period, label, scale+terms[0])
	}
	return o.expression(period, label, scale+"MAX(["+strings.Join(terms, ",")+"])")
}

// Package monitoring watches a REST API and what stands behind its
// integrations: a dashboard, saved log queries and, if wanted, alarms.
//
// It reads the routes from the API itself: the first segment of a path names
// the integration. What to watch beyond the routes comes in by Backend. The
// tables of this package say the rest: alarms in alarms.go, queries in queries.go.
package monitoring

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awselasticloadbalancingv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Props say what is watched. The stage must send detailed metrics.
type Props struct {
	API       awsapigateway.RestApi
	AccessLog awslogs.ILogGroup  // nil without one: then nothing is read from it
	Backends  map[string]Backend // by integration
	// ErrorsOnPurpose are routes ("GET /mock/errors/{code}") that are there to
	// answer with errors; they have no part in the alarms of their integration.
	ErrorsOnPurpose []string

	Runbook    string // URL or path of the page whose sections the alarms name
	Alarms     bool
	AlarmTopic string // ARN of the SNS topic that alarms go to; empty: nowhere
}

// Backend is what stands behind an integration; each member may be nil.
type Backend struct {
	Function    awslambda.Function
	Table       awsdynamodb.ITable
	Topic       awssns.ITopic
	DeadLetters awssqs.IQueue // of both Topic and Function, which are there with it
	Workflow    awsstepfunctions.IStateMachine
	// Balancer and Targets are either both there or both nil.
	Balancer awselasticloadbalancingv2.IApplicationLoadBalancer
	Targets  awselasticloadbalancingv2.IApplicationTargetGroup
	Logs     awslogs.ILogGroup // other than the function's
}

// Monitoring is the dashboard; what else there is stands below it in the tree.
type Monitoring struct {
	constructs.Construct
	Dashboard awscloudwatch.Dashboard
}

// New adds what the properties ask for.
func New(scope constructs.Construct, id string, props *Props) *Monitoring {
	here := constructs.NewConstruct(scope, jsii.String(id))
	w := newWatched(here, props)
	w.addQueries(here)
	var alarms []added
	if props.Alarms {
		alarms = w.addAlarms(here)
	}
	return &Monitoring{here, w.addDashboard(here, alarms)}
}

// wholeAPI stands beside the integrations for all requests to the stage.
const wholeAPI = "api"

// watched is what metrics are read of.
type watched struct {
	*Props
	stage        awsapigateway.Stage
	integrations []string // in the order of their routes
	routes       map[string][]awsapigateway.Method
	throttled    awslogs.MetricFilter // nil without access log
}

func newWatched(scope constructs.Construct, props *Props) *watched {
	w := &watched{Props: props, stage: props.API.DeploymentStage(), routes: map[string][]awsapigateway.Method{}}
	for _, method := range *props.API.Methods() {
		if *method.HttpMethod() == "OPTIONS" {
			continue
		}
		integration := strings.Split(*method.Resource().Path(), "/")[1]
		if w.routes[integration] == nil {
			w.integrations = append(w.integrations, integration)
		}
		w.routes[integration] = append(w.routes[integration], method)
	}
	if props.AccessLog != nil {
		w.throttled = newThrottledFilter(scope, props.AccessLog)
	}
	return w
}

// newThrottledFilter counts the 429s that API Gateway makes itself. It has no
// metric of its own for them: in 4XXError they are among all others.
func newThrottledFilter(scope constructs.Construct, accessLog awslogs.ILogGroup) awslogs.MetricFilter {
	reason := jsii.String("$.errorResponseType")
	return awslogs.NewMetricFilter(scope, jsii.String("ThrottledRequests"), &awslogs.MetricFilterProps{
		LogGroup: accessLog,
		FilterPattern: awslogs.FilterPattern_Any(
			awslogs.FilterPattern_StringValue(reason, jsii.String("="), jsii.String("THROTTLED")),
			awslogs.FilterPattern_StringValue(reason, jsii.String("="), jsii.String("QUOTA_EXCEEDED")),
		),
		MetricNamespace: awscdk.Stack_Of(scope).StackName(),
		MetricName:      jsii.String("ThrottledRequests"),
	})
}

// functions are the functions behind the integrations, in their order.
func (w *watched) functions() []awslambda.Function {
	var all []awslambda.Function
	for _, integration := range w.integrations {
		if f := w.Backends[integration].Function; f != nil {
			all = append(all, f)
		}
	}
	return all
}

// runbookLink names a section of the runbook, as a link where there can be one.
func (w *watched) runbookLink(section string) string {
	if strings.Contains(w.Runbook, "://") {
		return "[" + section + "](" + w.Runbook + "#" + section + ")"
	}
	return section
}

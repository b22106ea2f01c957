package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctionstasks"
	"github.com/aws/jsii-runtime-go"
)

// reviewAboveCents is the total from which on an order is reviewed, not approved.
const reviewAboveCents = 100000

// orderInvalid is the function's error for an order that it refuses; trying
// again doesn't help.
const orderInvalid = "OrderInvalid"

// orderWorkflow is the state machine, and the function that does the work of
// each of its tasks.
type orderWorkflow struct {
	machine  awsstepfunctions.StateMachine
	function awslambda.Function
	logs     awslogs.LogGroup // nil without logging
}

// newOrderWorkflow creates the state machine: validate the order, then approve
// it or set it aside for review.
func newOrderWorkflow(stack awscdk.Stack, k kit, orders awsdynamodb.Table) orderWorkflow {
	function := newOrderFunction(stack, "WorkflowFunction", k, workflowSource, "Tasks of the order workflow", orders)
	w := &workflowTasks{
		stack:    stack,
		function: function,
		refused: awsstepfunctions.NewFail(stack, jsii.String("Refused"), &awsstepfunctions.FailProps{
			Error: jsii.String(orderInvalid),
			// What the function said: which fault it was is the client's business.
			CausePath: jsii.String("$.error.Cause"),
		}),
		failed: awsstepfunctions.NewFail(stack, jsii.String("Failed"), &awsstepfunctions.FailProps{
			Error: jsii.String("OrderFailed"),
			Cause: jsii.String("the order could not be processed; see the function's log"),
		}),
	}

	validate := w.task("Validate", "validate", awsstepfunctions.JsonPath_ObjectAt(jsii.String("$.order")), nil)
	checked := awsstepfunctions.JsonPath_ObjectAt(jsii.String("$.checked.order"))
	totalCents := awsstepfunctions.JsonPath_NumberAt(jsii.String("$.checked.totalCents"))
	approve := w.task("Approve", "approve", checked, totalCents)
	review := w.task("Review", "review", checked, totalCents)

	large := awsstepfunctions.Condition_NumberGreaterThan(jsii.String("$.checked.totalCents"), jsii.Number(reviewAboveCents))
	definition := validate.Next(awsstepfunctions.NewChoice(stack, jsii.String("LargeOrder"), nil).
		When(large, review, nil).
		Otherwise(approve))

	props := &awsstepfunctions.StateMachineProps{
		DefinitionBody:   awsstepfunctions.DefinitionBody_FromChainable(definition),
		StateMachineType: awsstepfunctions.StateMachineType_STANDARD, // DescribeExecution knows no others
		Timeout:          awscdk.Duration_Minutes(jsii.Number(5)),
		TracingEnabled:   jsii.Bool(k.cfg.Tracing),
		Role:             newWorkflowRole(stack, function, k.cfg),
	}
	workflow := orderWorkflow{function: function}
	if k.cfg.Logging != loggingNone {
		workflow.logs = newLogGroup(stack, "OrderWorkflowLogs", k.cfg)
		props.Logs = workflowLogs(workflow.logs, k.cfg)
	}
	workflow.machine = awsstepfunctions.NewStateMachine(stack, jsii.String("OrderWorkflow"), props)
	return workflow
}

// newWorkflowRole states what CDK would grant by itself, but for the function's
// versions and aliases: the workflow calls none. So CDK adds nothing to it.
func newWorkflowRole(stack awscdk.Stack, function awslambda.IFunction, cfg Config) awsiam.IRole {
	statements := []awsiam.PolicyStatement{allowing(function.FunctionArn(), "lambda:InvokeFunction")}
	if cfg.Logging != loggingNone {
		statements = append(statements, allowing(jsii.String("*"),
			"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
			"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"))
	}
	if cfg.Tracing {
		statements = append(statements, allowing(jsii.String("*"),
			"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"))
	}
	role := awsiam.NewRole(stack, jsii.String("OrderWorkflowRole"), &awsiam.RoleProps{
		AssumedBy: onBehalfOf(stack, "states.amazonaws.com"),
		InlinePolicies: &map[string]awsiam.PolicyDocument{
			"Workflow": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
		},
	})
	return role.WithoutPolicyUpdates(nil)
}

// workflowLogs never holds the data of an execution, which are orders.
func workflowLogs(group awslogs.ILogGroup, cfg Config) *awsstepfunctions.LogOptions {
	level := awsstepfunctions.LogLevel_ERROR
	if cfg.Logging == loggingExecution {
		level = awsstepfunctions.LogLevel_ALL
	}
	return &awsstepfunctions.LogOptions{
		Destination:          group,
		IncludeExecutionData: jsii.Bool(false),
		Level:                level,
	}
}

// workflowTasks makes the task states of the workflow.
type workflowTasks struct {
	stack    awscdk.Stack
	function awslambda.IFunction
	refused  awsstepfunctions.Fail
	failed   awsstepfunctions.Fail
}

// task calls the function with an action. Its result is the order as answered;
// that of validate stands beside the input, under "checked".
func (w *workflowTasks) task(id, action string, order awscdk.IResolvable, totalCents *float64) awsstepfunctionstasks.LambdaInvoke {
	payload := map[string]any{
		"action":    action,
		"requestId": awsstepfunctions.JsonPath_StringAt(jsii.String("$.requestId")),
		"order":     order,
	}
	props := &awsstepfunctionstasks.LambdaInvokeProps{
		LambdaFunction:           w.function,
		PayloadResponseOnly:      jsii.Bool(true),
		RetryOnServiceExceptions: jsii.Bool(false),
	}
	if totalCents == nil {
		props.ResultPath = jsii.String("$.checked")
	} else {
		payload["totalCents"] = totalCents
	}
	props.Payload = awsstepfunctions.TaskInput_FromObject(&payload)
	task := awsstepfunctionstasks.NewLambdaInvoke(w.stack, jsii.String(id), props)
	// The first retrier that takes an error decides: a refused order is never
	// tried again, all else is.
	task.AddRetry(&awsstepfunctions.RetryProps{Errors: jsii.Strings(orderInvalid), MaxAttempts: jsii.Number(0)})
	task.AddRetry(&awsstepfunctions.RetryProps{
		Errors:         jsii.Strings("States.ALL"),
		Interval:       awscdk.Duration_Seconds(jsii.Number(1)),
		BackoffRate:    jsii.Number(2),
		MaxAttempts:    jsii.Number(3),
		JitterStrategy: awsstepfunctions.JitterType_FULL,
	})
	task.AddCatch(w.refused, &awsstepfunctions.CatchProps{Errors: jsii.Strings(orderInvalid), ResultPath: jsii.String("$.error")})
	task.AddCatch(w.failed, &awsstepfunctions.CatchProps{Errors: jsii.Strings("States.ALL"), ResultPath: jsii.String("$.error")})
	return task
}

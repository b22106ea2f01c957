package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// StepFunctionsProps say which state machine StepFunctions runs.
type StepFunctionsProps struct {
	Parent       awsapigateway.IResource
	StateMachine awsstepfunctions.StateMachine
	Mappings     Mappings
}

// StepFunctions starts and follows a workflow without a function:
// POST /step-functions/executions and GET /step-functions/executions/{executionId}.
// The mapping templates know the workflow by the stage variable stateMachineArn.
type StepFunctions struct {
	constructs.Construct
	StartExecution    awsapigateway.Method
	DescribeExecution awsapigateway.Method
}

// NewStepFunctions adds the Step Functions integrations below the parent.
func NewStepFunctions(scope constructs.Construct, id string, props *StepFunctionsProps) *StepFunctions {
	s := &StepFunctions{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	executions := props.Parent.AddResource(jsii.String("step-functions"), nil).AddResource(jsii.String("executions"), nil)

	start := &serviceAction{
		service:  "states",
		action:   "StartExecution",
		role:     newActionRole(s.Construct, "StartExecutionRole", "states:StartExecution", props.StateMachine.StateMachineArn()),
		success:  "202",
		mappings: props.Mappings.method("step-functions/start-execution"),
	}
	s.StartExecution = start.addTo(executions, "POST", awsapigateway.MethodOptions{
		RequestModels:    newModel(s.Construct, executions.Api(), "Order", orderSchema(decimal())),
		RequestValidator: newBodyValidator(s.Construct, executions.Api()),
	})
	first := example{path: "/step-functions/executions", contentType: typeJSON, body: exampleOrder}
	first.record(s.StartExecution)

	// The name of an execution is not known in advance, but its machine is.
	anyExecution := awscdk.Stack_Of(s.Construct).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("states"),
		Resource:     jsii.String("execution"),
		ResourceName: jsii.Sprintf("%s:*", *props.StateMachine.StateMachineName()),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
	describe := &serviceAction{
		service:  "states",
		action:   "DescribeExecution",
		role:     newActionRole(s.Construct, "DescribeExecutionRole", "states:DescribeExecution", anyExecution),
		success:  "200",
		mappings: props.Mappings.method("step-functions/describe-execution"),
	}
	s.DescribeExecution = describe.addTo(executions.AddResource(jsii.String("{executionId}"), nil), "GET", awsapigateway.MethodOptions{
		RequestParameters: required("method.request.path.executionId"),
	})
	example{path: "/step-functions/executions/{executionId}", first: &first, take: "executionId"}.record(s.DescribeExecution)
	return s
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/integrations"
)

// ordersIndex lists a customer's orders by time of creation.
const ordersIndex = "byCreatedAt"

// weatherKeyVariable is the stage variable with the weather service's key.
const weatherKeyVariable = "weatherApiKey"

// backends are what the integrations connect to.
type backends struct {
	lambdaProxy   awslambda.Function
	lambda        awslambda.Function
	orders        awsdynamodb.Table
	notifications notifications
	workflow      orderWorkflow
	weatherURL    *string
	products      *products // nil without that route
}

// newAPIStack creates the REST API with every integration, and the data behind
// them. The mapping templates learn the names of things from stage variables,
// so that their text stays the same wherever they run.
func newAPIStack(scope constructs.Construct, k kit, weatherURL *string, products *products) awscdk.Stack {
	stack := newStack(scope, "IntegrationsApi", "One REST API with every integration type of API Gateway")
	orders := newOrdersTable(stack, k.cfg)
	b := backends{
		lambdaProxy:   newOrderFunction(stack, "LambdaProxyFunction", k, lambdaProxySource, "Orders by Lambda proxy integration", orders),
		lambda:        newOrderFunction(stack, "LambdaFunction", k, lambdaSource, "Orders by Lambda integration, XML or JSON", orders),
		orders:        orders,
		notifications: newNotifications(stack, k),
		workflow:      newOrderWorkflow(stack, k, orders),
		weatherURL:    weatherURL,
		products:      products,
	}
	variables := map[string]*string{
		"ordersTable":          orders.TableName(),
		"notificationTopicArn": b.notifications.topic.TopicArn(),
		"stateMachineArn":      b.workflow.machine.StateMachineArn(),
	}
	if k.cfg.WeatherAPIKey != "" {
		variables[weatherKeyVariable] = jsii.String(k.cfg.WeatherAPIKey)
	}
	accessLog := newAccessLog(stack, k.cfg)
	api := newRestAPI(stack, k.cfg, variables, accessLog)
	addIntegrations(stack, k, api.Root(), b)
	if k.cfg.APIKey == apiKeyRequired {
		addAPIKey(stack, api, k.cfg)
	}
	if k.cfg.Monitoring != monitoringNone {
		addMonitoring(stack, api, k.cfg, accessLog, b)
	}

	output(stack, "ApiUrl", api.Url())
	output(stack, "ApiAuth", jsii.String(k.cfg.Auth)) // clients sign for iam
	output(stack, "OrdersTableName", orders.TableName())
	output(stack, "NotificationsTableName", b.notifications.table.TableName())
	output(stack, "NotificationTopicArn", b.notifications.topic.TopicArn())
	output(stack, "OrderWorkflowArn", b.workflow.machine.StateMachineArn())
	return stack
}

func addIntegrations(stack awscdk.Stack, k kit, root awsapigateway.IResource, b backends) {
	integrations.NewLambdaProxy(stack, "LambdaProxy", &integrations.LambdaProxyProps{Parent: root, Handler: b.lambdaProxy})
	integrations.NewLambda(stack, "Lambda", &integrations.LambdaProps{Parent: root, Handler: b.lambda, Mappings: k.mappings})
	integrations.NewHTTPProxy(stack, "HttpProxy", &integrations.HTTPProxyProps{Parent: root, BaseURL: b.weatherURL})
	http := &integrations.HTTPProps{Parent: root, BaseURL: b.weatherURL, Mappings: k.mappings}
	if k.cfg.WeatherAPIKey != "" {
		http.KeyVariable = weatherKeyVariable
	}
	integrations.NewHTTP(stack, "Http", http)
	integrations.NewMock(stack, "Mock", &integrations.MockProps{Parent: root, Mappings: k.mappings})
	integrations.NewDynamoDB(stack, "DynamoDb", &integrations.DynamoDBProps{
		Parent:   root,
		Table:    b.orders,
		Index:    ordersIndex,
		Mappings: k.mappings,
	})
	integrations.NewSNS(stack, "Sns", &integrations.SNSProps{Parent: root, Topic: b.notifications.topic, Mappings: k.mappings})
	integrations.NewStepFunctions(stack, "StepFunctions", &integrations.StepFunctionsProps{
		Parent:       root,
		StateMachine: b.workflow.machine,
		Mappings:     k.mappings,
	})
	if b.products != nil {
		integrations.NewVpcLink(stack, "VpcLink", &integrations.VpcLinkProps{
			Parent:          root,
			LinkID:          b.products.linkID,
			LoadBalancerArn: b.products.loadBalancerArn,
			URL:             b.products.url,
		})
	}
}

func newOrdersTable(stack awscdk.Stack, cfg Config) awsdynamodb.Table {
	table := newTable(stack, "Orders", cfg, awsdynamodb.TableProps{
		PartitionKey: key("customerId"),
		SortKey:      key("orderId"),
	})
	table.AddLocalSecondaryIndex(&awsdynamodb.LocalSecondaryIndexProps{
		IndexName:      jsii.String(ordersIndex),
		SortKey:        key("createdAtOrderId"),
		ProjectionType: awsdynamodb.ProjectionType_ALL,
	})
	return table
}

// newOrderFunction creates a function that stores orders.
func newOrderFunction(stack awscdk.Stack, id string, k kit, source, description string, orders awsdynamodb.Table) awslambda.Function {
	function := newGoFunction(stack, id, k.cfg, k.programs, goFunctionProps{
		source:      source,
		description: description,
		environment: map[string]*string{"ORDERS_TABLE": orders.TableName()},
	})
	allow(function, orders, "dynamodb:PutItem", "dynamodb:GetItem")
	return function
}

func newRestAPI(stack awscdk.Stack, cfg Config, variables map[string]*string, accessLog awslogs.ILogGroup) awsapigateway.RestApi {
	methods := &awsapigateway.MethodOptions{AuthorizationType: awsapigateway.AuthorizationType_NONE}
	if cfg.Auth == authIAM {
		methods.AuthorizationType = awsapigateway.AuthorizationType_IAM
	}
	headers := []string{"Authorization", "Content-Type", "Idempotency-Key", "X-Amz-Date", "X-Amz-Security-Token"}
	if cfg.APIKey == apiKeyRequired {
		methods.ApiKeyRequired = jsii.Bool(true)
		headers = append(headers, "X-Api-Key")
	}
	api := awsapigateway.NewRestApi(stack, jsii.String("Api"), &awsapigateway.RestApiProps{
		CloudWatchRole:       jsii.Bool(false), // the account stack's
		DefaultMethodOptions: methods,
		DeployOptions:        stageOptions(cfg, variables, accessLog),
		Description:          jsii.String("Every integration type of API Gateway"),
		// Metrics tell APIs apart by this name alone; CDK's own would be "Api".
		RestApiName:           stack.StackName(),
		EndpointConfiguration: &awsapigateway.EndpointConfiguration{Types: &[]awsapigateway.EndpointType{awsapigateway.EndpointType_REGIONAL}},
		DefaultCorsPreflightOptions: &awsapigateway.CorsOptions{
			AllowOrigins: awsapigateway.Cors_ALL_ORIGINS(),
			AllowMethods: awsapigateway.Cors_ALL_METHODS(),
			AllowHeaders: jsii.Strings(headers...),
			MaxAge:       awscdk.Duration_Hours(jsii.Number(1)),
		},
	})
	// CDK's own output of the URL; ours has a name that doesn't change.
	api.Node().TryRemoveChild(jsii.String("Endpoint"))
	addGatewayResponses(api)
	if cfg.Auth == authNone {
		caller := "anyone on the internet"
		if cfg.APIKey == apiKeyRequired {
			caller = "anyone who has the API key"
		}
		awscdk.Annotations_Of(api).AddWarningV2(jsii.String("apigw-integrations:auth-none"),
			jsii.Sprintf("once deployed, %s may call this API; deploy it with -c auth=iam to take signed requests only", caller))
	}
	return api
}

// newAccessLog returns nil where nothing is logged.
func newAccessLog(stack awscdk.Stack, cfg Config) awslogs.ILogGroup {
	if cfg.Logging == loggingNone {
		return nil
	}
	return newLogGroup(stack, "AccessLogs", cfg)
}

func stageOptions(cfg Config, variables map[string]*string, accessLog awslogs.ILogGroup) *awsapigateway.StageOptions {
	options := &awsapigateway.StageOptions{
		StageName:            jsii.String("prod"),
		ThrottlingBurstLimit: jsii.Number(float64(cfg.ThrottleBurst)),
		ThrottlingRateLimit:  jsii.Number(cfg.ThrottleRate),
		TracingEnabled:       jsii.Bool(cfg.Tracing),
		Variables:            &variables,
		LoggingLevel:         awsapigateway.MethodLoggingLevel_OFF,
		DataTraceEnabled:     jsii.Bool(false), // it would log bodies
		MetricsEnabled:       jsii.Bool(cfg.Monitoring != monitoringNone),
	}
	if accessLog == nil {
		return options
	}
	options.AccessLogDestination = awsapigateway.NewLogGroupLogDestination(accessLog)
	options.AccessLogFormat = awsapigateway.AccessLogFormat_Custom(jsii.String(accessLogFormat))
	if cfg.Logging == loggingExecution {
		options.LoggingLevel = awsapigateway.MethodLoggingLevel_INFO
	}
	return options
}

// accessLogFormat has no header, query or path of the client. Who signed a request
// is there, so that misuse can be traced.
const accessLogFormat = `{"requestId":"$context.requestId",` +
	`"requestTime":"$context.requestTime",` +
	`"httpMethod":"$context.httpMethod",` +
	`"resourcePath":"$context.resourcePath",` +
	`"userArn":"$context.identity.userArn",` +
	`"tlsVersion":"$context.tlsVersion",` +
	`"status":"$context.status",` +
	`"responseLength":"$context.responseLength",` +
	`"responseLatency":"$context.responseLatency",` +
	`"integrationStatus":"$context.integration.status",` +
	`"integrationLatency":"$context.integration.latency",` +
	`"integrationRequestId":"$context.integration.requestId",` +
	`"errorResponseType":"$context.error.responseType"}`

// addGatewayResponses puts the standard headers on the errors that API Gateway
// makes itself; without them a browser hides such an error from its script.
func addGatewayResponses(api awsapigateway.RestApi) {
	headers := map[string]*string{}
	for name, value := range integrations.StandardHeaders() {
		headers[name] = jsii.String(value)
	}
	api.AddGatewayResponse(jsii.String("Default4xx"), &awsapigateway.GatewayResponseOptions{
		Type:            awsapigateway.ResponseType_DEFAULT_4XX(),
		ResponseHeaders: &headers,
	})
	api.AddGatewayResponse(jsii.String("Default5xx"), &awsapigateway.GatewayResponseOptions{
		Type:            awsapigateway.ResponseType_DEFAULT_5XX(),
		ResponseHeaders: &headers,
	})
}

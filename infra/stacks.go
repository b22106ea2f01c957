package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/integrations"
	"github.com/apigw-integrations/apigw-integrations/infra/monitoring"
)

// kit is what every stack is made from.
type kit struct {
	cfg      Config
	mappings integrations.Mappings
	programs programs
}

// sources are the folders of the programs that a configuration needs.
type sources struct {
	functions  []string
	containers []string
}

const (
	lambdaProxySource   = "functions/lambda-proxy"
	lambdaSource        = "functions/lambda"
	notificationsSource = "functions/notifications"
	workflowSource      = "functions/workflow"
	weatherSource       = "functions/weather"
	productsSource      = "services/products"
)

func (c Config) sources() sources {
	s := sources{functions: []string{lambdaProxySource, lambdaSource, notificationsSource, workflowSource}}
	if c.hasWeatherStack() {
		s.functions = append(s.functions, weatherSource)
	}
	if c.hasPrivateStack() {
		s.containers = append(s.containers, productsSource)
	}
	return s
}

func (c Config) hasWeatherStack() bool { return c.WeatherURL == "" }

func (c Config) hasPrivateStack() bool { return c.PrivateService && c.ProductsURL == "" }

func (c Config) hasAccountStack() bool {
	return c.AccountLogRole == logRoleCreate && c.Logging != loggingNone
}

// newStacks creates the stacks that the configuration asks for. They name no
// account or Region, so that the synthesis asks AWS for nothing and gives the
// same templates everywhere; the CDK CLI deploys them to where its credentials
// belong.
func newStacks(app awscdk.App, k kit) {
	weather := jsii.String(k.cfg.WeatherURL)
	if k.cfg.hasWeatherStack() {
		weather = newWeatherStack(app, k)
	}
	api := newAPIStack(app, k, weather, newProducts(app, k))
	tellWhatIsLeftOut(api, k.cfg)
	if k.cfg.hasAccountStack() {
		// A stage with logs can't be created before the account has the role.
		api.AddStackDependency(newAccountStack(app, k), jsii.String("API Gateway's log role"))
	}
}

// tellWhatIsLeftOut reminds of stacks that a former deployment may have left:
// CDK doesn't destroy what the app no longer names.
func tellWhatIsLeftOut(api awscdk.Stack, cfg Config) {
	notes := awscdk.Annotations_Of(api)
	if !cfg.PrivateService {
		notes.AddInfoV2(jsii.String("apigw-integrations:no-private-stack"),
			jsii.String("IntegrationsPrivate is left out. If it is deployed, it goes on costing about 75 USD a month: "+
				"deploy IntegrationsApi with this context, then run cdk destroy IntegrationsPrivate --exclusively without it (docs/context.md)"))
	}
	if !cfg.hasWeatherStack() {
		notes.AddInfoV2(jsii.String("apigw-integrations:no-weather-stack"),
			jsii.String("IntegrationsWeather is left out. If it is deployed, its open URL stays, and costs by the call: "+
				"deploy IntegrationsApi with this context, then run cdk destroy IntegrationsWeather --exclusively without it (docs/context.md)"))
	}
}

// products is how the API reaches the products service.
type products struct {
	linkID          *string
	loadBalancerArn *string // nil behind an emulator
	url             *string
	watched         monitoring.Backend // empty behind an emulator
}

// emulatorLinkID is a VPC link that exists nowhere: emulators want an ID and
// don't look it up.
const emulatorLinkID = "local"

// newProducts returns nil when the configuration leaves the service out.
func newProducts(app awscdk.App, k kit) *products {
	switch {
	case k.cfg.ProductsURL != "":
		return &products{linkID: jsii.String(emulatorLinkID), url: jsii.String(k.cfg.ProductsURL)}
	case k.cfg.hasPrivateStack():
		return newPrivateStack(app, k)
	}
	return nil
}

func newStack(scope constructs.Construct, id, description string) awscdk.Stack {
	return awscdk.NewStack(scope, jsii.String(id), &awscdk.StackProps{Description: jsii.String(description)})
}

func output(stack awscdk.Stack, id string, value *string) {
	awscdk.NewCfnOutput(stack, jsii.String(id), &awscdk.CfnOutputProps{Value: value})
}

// newTable creates a table with what all tables of the kit have in common.
func newTable(scope constructs.Construct, id string, cfg Config, props awsdynamodb.TableProps) awsdynamodb.Table {
	props.BillingMode = awsdynamodb.BillingMode_PAY_PER_REQUEST
	props.PointInTimeRecoverySpecification = &awsdynamodb.PointInTimeRecoverySpecification{
		PointInTimeRecoveryEnabled: jsii.Bool(true),
	}
	props.RemovalPolicy = awscdk.RemovalPolicy_RETAIN
	if cfg.DataRemovalPolicy == removalDestroy {
		props.RemovalPolicy = awscdk.RemovalPolicy_DESTROY
	}
	return awsdynamodb.NewTable(scope, jsii.String(id), &props)
}

func key(name string) *awsdynamodb.Attribute {
	return &awsdynamodb.Attribute{Name: jsii.String(name), Type: awsdynamodb.AttributeType_STRING}
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
)

// newWeatherStack stands in for a third party's weather service, so that the HTTP
// integrations work without a key; a real service is reached in the same way. It
// returns the service's URL, which ends in a slash.
func newWeatherStack(scope constructs.Construct, k kit) *string {
	stack := newStack(scope, "IntegrationsWeather", "A stand-in for a third party's weather service")
	function := newGoFunction(stack, "Weather", k.cfg, k.programs, goFunctionProps{
		source:      weatherSource,
		description: "Stand-in for a weather service",
	})
	// Open to everyone, as the service that it stands in for: API Gateway's HTTP
	// integrations sign nothing.
	url := function.AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: awslambda.FunctionUrlAuthType_NONE})
	output(stack, "WeatherUrl", url.Url())
	return url.Url()
}

package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// addAPIKey makes a key and the usage plan that lets it in. The key's value is
// made by API Gateway and stands in no template and no output: aws apigateway
// get-api-key --include-value shows it to who may see it.
func addAPIKey(stack awscdk.Stack, api awsapigateway.RestApi, cfg Config) {
	plan := api.AddUsagePlan(jsii.String("UsagePlan"), &awsapigateway.UsagePlanProps{
		ApiStages: &[]*awsapigateway.UsagePlanPerApiStage{{Api: api, Stage: api.DeploymentStage()}},
		Quota:     &awsapigateway.QuotaSettings{Limit: jsii.Number(cfg.DailyQuota), Period: awsapigateway.Period_DAY},
		Throttle: &awsapigateway.ThrottleSettings{
			BurstLimit: jsii.Number(cfg.ThrottleBurst),
			RateLimit:  jsii.Number(cfg.ThrottleRate),
		},
	})
	key := awsapigateway.NewApiKey(stack, jsii.String("ApiKey"), nil)
	plan.AddApiKey(key, nil)
	output(stack, "ApiKeyId", key.KeyId())
}

package cfn

// apiTypes: Amazon API Gateway, both generations.
var apiTypes = map[string]standIns{
	"AWS::ApiGateway::Account": {attributes: map[string]string{"Id": "{ref}"}},
	"AWS::ApiGateway::ApiKey": {
		name: "Name", ref: "{lower:10}",
		attributes: map[string]string{"APIKeyId": "{ref}"},
	},
	"AWS::ApiGateway::Authorizer": {
		ref:        "{lower:6}",
		attributes: map[string]string{"AuthorizerId": "{ref}"},
	},
	"AWS::ApiGateway::Deployment": {
		ref:        "{lower:6}",
		attributes: map[string]string{"DeploymentId": "{ref}"},
	},
	"AWS::ApiGateway::DomainName": {
		name: "DomainName", arn: "arn:{partition}:apigateway:{region}::/domainnames/{name}",
		attributes: map[string]string{
			"DomainNameArn":            "{arn}",
			"DistributionDomainName":   "d{lower:13}.cloudfront.net",
			"DistributionHostedZoneId": "Z2FDTNDATAQYW2",
			"RegionalDomainName":       "d-{lower:10}.execute-api.{region}.{suffix}",
			"RegionalHostedZoneId":     "Z1UJRXOUMOOFQ8",
		},
	},
	"AWS::ApiGateway::GatewayResponse": {
		ref:        "{lower:10}",
		attributes: map[string]string{"Id": "{ref}"},
	},
	"AWS::ApiGateway::Method": {ref: "{lower:32}"},
	"AWS::ApiGateway::Model":  {name: "Name", ref: "{name}"},
	"AWS::ApiGateway::RequestValidator": {
		ref:        "{lower:6}",
		attributes: map[string]string{"RequestValidatorId": "{ref}"},
	},
	"AWS::ApiGateway::Resource": {
		ref:        "{lower:6}",
		attributes: map[string]string{"ResourceId": "{ref}"},
	},
	"AWS::ApiGateway::RestApi": {
		ref: "{lower:10}", arn: "arn:{partition}:apigateway:{region}::/restapis/{ref}",
		attributes: map[string]string{"RestApiId": "{ref}", "RootResourceId": "{lower:10:root}"},
	},
	"AWS::ApiGateway::Stage": {
		name: "StageName", arn: "arn:{partition}:apigateway:{region}::/restapis/{.RestApiId}/stages/{name}",
	},
	"AWS::ApiGateway::UsagePlan": {
		ref:        "{lower:6}",
		attributes: map[string]string{"Id": "{ref}"},
	},
	"AWS::ApiGateway::UsagePlanKey": {
		ref:        "{.KeyId}:{.UsagePlanId}",
		attributes: map[string]string{"Id": "{ref}"},
	},
	"AWS::ApiGateway::VpcLink": {
		ref:        "{lower:6}",
		attributes: map[string]string{"VpcLinkId": "{ref}"},
	},
	"AWS::ApiGatewayV2::Api": {
		ref: "{lower:10}", arn: "arn:{partition}:apigateway:{region}::/apis/{ref}",
		attributes: map[string]string{"ApiId": "{ref}", "ApiEndpoint": "https://{ref}.execute-api.{region}.{suffix}"},
	},
	"AWS::ApiGatewayV2::Integration": {
		ref:        "{lower:7}",
		attributes: map[string]string{"IntegrationId": "{ref}"},
	},
	"AWS::ApiGatewayV2::Stage": {name: "StageName"},
	"AWS::ApiGatewayV2::VpcLink": {
		ref: "{lower:6}", arn: "arn:{partition}:apigateway:{region}::/vpclinks/{ref}",
		attributes: map[string]string{"VpcLinkId": "{ref}"},
	},
	"AWS::Cognito::UserPool": {
		ref: "{region}_{upper:9}", arn: arn("cognito-idp", "userpool/{ref}"),
		attributes: map[string]string{
			"Arn":          "{arn}",
			"ProviderName": "cognito-idp.{region}.{suffix}/{ref}",
			"ProviderURL":  "https://cognito-idp.{region}.{suffix}/{ref}",
			"UserPoolId":   "{ref}",
		},
	},
	"AWS::Cognito::UserPoolClient": {
		ref:        "{lower:26}",
		attributes: map[string]string{"ClientId": "{ref}"},
	},
	"AWS::WAFv2::WebACL": {
		name: "Name", ref: "{name}|{uuid:1}|{.Scope}", arn: arn("wafv2", "regional/webacl/{name}/{uuid:1}"),
		attributes: map[string]string{"Arn": "{arn}", "Id": "{uuid:1}"},
	},
}

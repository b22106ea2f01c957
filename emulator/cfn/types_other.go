package cfn

// otherTypes: what APIs lead to, or let in, beside the rest.
var otherTypes = map[string]standIns{
	"AWS::Amplify::App": {
		ref: "{arn}", arn: arn("amplify", "apps/d{lower:13}"),
		attributes: map[string]string{"AppId": "d{lower:13}", "AppName": "{.Name}", "Arn": "{arn}", "DefaultDomain": "d{lower:13}.amplifyapp.com"},
	},
	"AWS::AppSync::GraphQLApi": {
		ref: "{arn}", arn: arn("appsync", "apis/{lower:26}"),
		attributes: map[string]string{"ApiId": "{lower:26}", "Arn": "{arn}", "GraphQLUrl": "https://{lower:26:url}.appsync-api.{region}.{suffix}/graphql"},
	},
	"AWS::CloudFront::Distribution": {
		ref: "E{upper:13}", arn: "arn:{partition}:cloudfront::{account}:distribution/{ref}",
		attributes: map[string]string{"Id": "{ref}", "DomainName": "d{lower:13}.cloudfront.net"},
	},
	"AWS::Cognito::IdentityPool": {
		ref:        "{region}:{uuid:1}",
		attributes: map[string]string{"Id": "{ref}", "Name": "{.IdentityPoolName}"},
	},
	"AWS::Cognito::UserPoolDomain": {
		name:       "Domain",
		attributes: map[string]string{"CloudFrontDistribution": "d{lower:13}.cloudfront.net"},
	},
	"AWS::DocDB::DBCluster": {
		ref:        "{name}",
		attributes: map[string]string{"Endpoint": "{name}.cluster-{lower:12}.{region}.docdb.{suffix}", "Port": "27017"},
	},
	"AWS::ElastiCache::CacheCluster": {
		name: "ClusterName", lower: true,
		attributes: map[string]string{"RedisEndpoint.Address": "{name}.{lower:6}.0001.cache.{suffix}", "RedisEndpoint.Port": "6379"},
	},
	"AWS::ElasticBeanstalk::Environment": {
		name:       "EnvironmentName",
		attributes: map[string]string{"EndpointURL": "awseb-{lower:12}.{region}.elb.{suffix}"},
	},
	"AWS::ElasticLoadBalancing::LoadBalancer": {
		name: "LoadBalancerName", limit: 32,
		attributes: map[string]string{"DNSName": "{name}-{digits:10}.{region}.elb.{suffix}"},
	},
	"AWS::OpenSearchService::Domain": {
		name: "DomainName", limit: 28, lower: true, arn: arn("es", "domain/{name}"),
		attributes: map[string]string{"Arn": "{arn}", "DomainArn": "{arn}", "DomainEndpoint": "search-{name}-{lower:26}.{region}.es.{suffix}", "Id": "{account}/{name}"},
	},
	"AWS::RDS::DBCluster": {
		name: "DBClusterIdentifier", lower: true, arn: arn("rds", "cluster:{name}"),
		attributes: map[string]string{"DBClusterArn": "{arn}", "Endpoint.Address": "{name}.cluster-{lower:12}.{region}.rds.{suffix}", "Endpoint.Port": "3306"},
	},
	"AWS::RDS::DBInstance": {
		name: "DBInstanceIdentifier", lower: true, arn: arn("rds", "db:{name}"),
		attributes: map[string]string{"DBInstanceArn": "{arn}", "Endpoint.Address": "{name}.{lower:12}.{region}.rds.{suffix}", "Endpoint.Port": "3306"},
	},
	"AWS::SageMaker::Endpoint": {
		name: "EndpointName", limit: 63, ref: "{arn}", arn: arn("sagemaker", "endpoint/{name}"),
		attributes: map[string]string{"EndpointArn": "{arn}", "EndpointName": "{name}"},
	},
	"AWS::Scheduler::Schedule": {
		name: "Name", arn: arn("scheduler", "schedule/default/{name}"),
		attributes: map[string]string{"Arn": "{arn}"},
	},
}

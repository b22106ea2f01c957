package cfn

// dataTypes: what keeps data, keys and configuration.
var dataTypes = map[string]standIns{
	"AWS::DynamoDB::GlobalTable": {
		name: "TableName", limit: 255, arn: arn("dynamodb", "table/{name}"),
		attributes: map[string]string{"Arn": "{arn}", "StreamArn": "{arn}/stream/2026-01-01T00:00:00.000", "TableId": "{uuid:1}"},
	},
	"AWS::DynamoDB::Table": {
		name: "TableName", limit: 255, arn: arn("dynamodb", "table/{name}"),
		attributes: map[string]string{"Arn": "{arn}", "StreamArn": "{arn}/stream/2026-01-01T00:00:00.000"},
	},
	"AWS::KMS::Alias": {name: "AliasName", arn: arn("kms", "{name}")},
	"AWS::KMS::Key": {
		ref: "{uuid:1}", arn: arn("kms", "key/{ref}"),
		attributes: map[string]string{"Arn": "{arn}", "KeyId": "{ref}"},
	},
	"AWS::S3::Bucket": {
		name: "BucketName", limit: 63, lower: true, arn: "arn:{partition}:s3:::{name}",
		attributes: map[string]string{
			"Arn":                 "{arn}",
			"DomainName":          "{name}.s3.{suffix}",
			"DualStackDomainName": "{name}.s3.dualstack.{region}.{suffix}",
			"RegionalDomainName":  "{name}.s3.{region}.{suffix}",
			"WebsiteURL":          "http://{name}.s3-website-{region}.{suffix}",
		},
	},
	"AWS::SSM::Parameter": {
		name: "Name", arn: arn("ssm", "parameter/{name}"),
		attributes: map[string]string{"Type": "{.Type}", "Value": "{.Value}"},
	},
	"AWS::SecretsManager::Secret": {
		name: "Name", ref: "{arn}", arn: arn("secretsmanager", "secret:{name}-{lower:6}"),
		attributes: map[string]string{"Id": "{arn}"},
	},
}

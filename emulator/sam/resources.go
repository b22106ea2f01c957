package sam

// simpleTable makes a table with one key.
func (t *transformation) simpleTable(r resource) {
	name, kind := any("id"), "S"
	if key, ok := r.properties["PrimaryKey"].(object); ok {
		name = key["Name"]
		kind = map[string]string{"String": "S", "Number": "N", "Binary": "B"}[text(key["Type"])]
	}
	table := take(r.properties, "TableName", "ProvisionedThroughput")
	table["AttributeDefinitions"] = []any{object{"AttributeName": name, "AttributeType": kind}}
	table["KeySchema"] = []any{object{"AttributeName": name, "KeyType": "HASH"}}
	if table["ProvisionedThroughput"] == nil {
		table["BillingMode"] = "PAY_PER_REQUEST"
	}
	t.replace(r, "AWS::DynamoDB::Table", table)
}

func (t *transformation) layerVersion(r resource) {
	layer := take(r.properties, "LayerName", "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")
	layer["Content"] = location(r.properties["ContentUri"], "S3Bucket", "S3Key")
	t.replace(r, "AWS::Lambda::LayerVersion", layer)
}

// application is a stack of its own, from a template that lies beside this one.
func (t *transformation) application(r resource) {
	t.replace(r, "AWS::CloudFormation::Stack", object{
		"TemplateURL": r.properties["Location"], "Parameters": r.properties["Parameters"],
	})
}

// httpAPI keeps what tells an HTTP API, which is not served here.
func (t *transformation) httpAPI(r resource) {
	t.replace(r, "AWS::ApiGatewayV2::Api", object{"Name": r.properties["Name"], "ProtocolType": "HTTP"})
	stage := text(r.properties["StageName"])
	t.write(r, r.id+letters(stage)+"Stage", "AWS::ApiGatewayV2::Stage", object{"ApiId": ref(r.id), "StageName": r.properties["StageName"]})
}

// implicitHTTPAPI is the HTTP API of events that name none.
func (t *transformation) implicitHTTPAPI(r resource, event object) {
	const id = "ServerlessHttpApi"
	if _, ok := t.resources[id]; !ok && event["ApiId"] == nil {
		t.write(resource{id: id, entry: object{}}, id, "AWS::ApiGatewayV2::Api", object{"ProtocolType": "HTTP"})
	}
}

package sam

import "strings"

// function makes a Lambda function of an AWS::Serverless::Function, with its
// role, alias and URL, and adds the routes of its events.
func (t *transformation) function(r resource) {
	p := r.properties
	function := take(p, "FunctionName", "Description", "Handler", "Runtime", "MemorySize", "Timeout", "Environment", "VpcConfig",
		"Layers", "PackageType", "ImageConfig", "Architectures", "EphemeralStorage", "ReservedConcurrentExecutions", "KmsKeyArn",
		"FileSystemConfigs", "SnapStart", "LoggingConfig", "CodeSigningConfigArn", "RuntimeManagementConfig", "RecursiveLoop")
	function["Code"] = code(p)
	function["Role"] = p["Role"]
	function["Tags"] = tags(p["Tags"])
	if mode := p["Tracing"]; mode != nil {
		function["TracingConfig"] = object{"Mode": mode}
	}
	if queue, ok := p["DeadLetterQueue"].(object); ok {
		function["DeadLetterConfig"] = object{"TargetArn": queue["TargetArn"]}
	}
	if p["Role"] == nil {
		role := r.id + "Role"
		t.role(r, role, "lambda.amazonaws.com", p, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
		function["Role"] = attribute(role, "Arn")
	}
	t.replace(r, "AWS::Lambda::Function", function)

	invoked, uri := ref(r.id), "${"+r.id+".Arn}"
	if alias := t.text(p["AutoPublishAlias"]); alias != "" {
		id := t.alias(r, alias)
		invoked, uri = ref(id), "${"+id+"}"
	}
	t.url(r)
	t.asynchronous(r)
	t.events(r, func(event string, properties object, a *api) {
		t.permit(r, event, properties, a, invoked)
		t.addRoute(r, event, properties, a, object{
			"responses":    object{},
			integrationKey: lambdaIntegration(uri, properties),
		})
	})
}

// lambdaIntegration calls the function that uri stands for.
func lambdaIntegration(uri string, event object) object {
	if event["ResponseTransferMode"] == "RESPONSE_STREAM" {
		return object{
			"type": "aws_proxy", "httpMethod": "POST", "responseTransferMode": "STREAM",
			"uri": sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2021-11-15/functions/" + uri + "/response-streaming-invocations"),
		}
	}
	return object{
		"type": "aws_proxy", "httpMethod": "POST",
		"uri": sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/" + uri + "/invocations"),
	}
}

// code is where the function's code is: inline, an image, in S3, or a local
// folder as a text.
func code(p object) any {
	switch {
	case p["InlineCode"] != nil:
		return object{"ZipFile": p["InlineCode"]}
	case p["ImageUri"] != nil:
		return object{"ImageUri": p["ImageUri"]}
	case p["CodeUri"] != nil:
		return location(p["CodeUri"], "S3Bucket", "S3Key")
	}
	return nil
}

func (t *transformation) alias(r resource, name string) (id string) {
	version := r.id + "Version"
	id = r.id + "Alias" + letters(name)
	t.write(r, version, "AWS::Lambda::Version", object{"FunctionName": ref(r.id)})
	t.write(r, id, "AWS::Lambda::Alias", object{
		"Name": name, "FunctionName": ref(r.id), "FunctionVersion": attribute(version, "Version"),
	})
	t.references[r.id+".Version"], t.references[r.id+".Alias"] = version, id
	return id
}

func (t *transformation) url(r resource) {
	config, ok := r.properties["FunctionUrlConfig"].(object)
	if !ok {
		return
	}
	properties := take(config, "AuthType", "Cors", "InvokeMode")
	properties["TargetFunctionArn"] = ref(r.id)
	t.write(r, r.id+"Url", "AWS::Lambda::Url", properties)
	if config["AuthType"] == "NONE" {
		t.write(r, r.id+"UrlPublicPermissions", "AWS::Lambda::Permission", object{
			"Action": "lambda:InvokeFunctionUrl", "FunctionName": ref(r.id), "Principal": "*", "FunctionUrlAuthType": "NONE",
		})
	}
}

// asynchronous keeps how events are retried and where their results go.
func (t *transformation) asynchronous(r resource) {
	config, ok := r.properties["EventInvokeConfig"].(object)
	if !ok {
		return
	}
	properties := take(config, "MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig")
	properties["FunctionName"], properties["Qualifier"] = ref(r.id), "$LATEST"
	t.write(r, r.id+"EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", properties)
}

// role makes the role of a function or state machine. Policy templates of the
// macro stay names: what they allow is not read here.
func (t *transformation) role(r resource, id, service string, p object, managed ...any) {
	inline := []any{}
	policies, isList := p["Policies"].([]any)
	if !isList && p["Policies"] != nil {
		policies = []any{p["Policies"]}
	}
	for i, policy := range policies {
		document, isObject := policy.(object)
		switch {
		case isObject && document["Statement"] != nil:
			inline = append(inline, object{"PolicyName": id + "Policy" + string(rune('0'+i%10)), "PolicyDocument": document})
		case isObject && !isFunction(document):
			for name := range document {
				managed = append(managed, name)
			}
		case !isObject && !strings.HasPrefix(text(policy), "arn:"):
			managed = append(managed, "arn:aws:iam::aws:policy/"+text(policy))
		default:
			managed = append(managed, policy)
		}
	}
	t.write(r, id, "AWS::IAM::Role", object{
		"AssumeRolePolicyDocument": trust(service), "ManagedPolicyArns": managed, "Policies": inline,
		"PermissionsBoundary": p["PermissionsBoundary"], "Path": p["RolePath"],
	})
}

func trust(service string) object {
	return object{"Version": "2012-10-17", "Statement": []any{
		object{"Effect": "Allow", "Action": []any{"sts:AssumeRole"}, "Principal": object{"Service": []any{service}}},
	}}
}

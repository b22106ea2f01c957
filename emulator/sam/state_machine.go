package sam

// stateMachine makes a state machine of an AWS::Serverless::StateMachine, and
// adds the routes that start it.
func (t *transformation) stateMachine(r resource) {
	p := r.properties
	machine := take(p, "DefinitionSubstitutions", "RoleArn")
	machine["StateMachineName"], machine["StateMachineType"] = p["Name"], p["Type"]
	machine["LoggingConfiguration"], machine["TracingConfiguration"] = p["Logging"], p["Tracing"]
	machine["Tags"] = tags(p["Tags"])
	if definition, ok := p["Definition"].(object); ok {
		machine["Definition"] = definition
	} else {
		machine["DefinitionS3Location"] = location(p["DefinitionUri"], "Bucket", "Key")
	}
	if role := p["Role"]; role != nil {
		machine["RoleArn"] = role
	} else {
		t.role(r, r.id+"Role", "states.amazonaws.com", p)
		machine["RoleArn"] = attribute(r.id+"Role", "Arn")
	}
	t.replace(r, "AWS::StepFunctions::StateMachine", machine)
	t.events(r, func(event string, properties object, a *api) {
		t.addRoute(r, event, properties, a, t.startExecution(r, event, properties))
	})
}

// startExecution is the operation that starts the state machine, in a role of
// its own.
func (t *transformation) startExecution(r resource, event string, properties object) object {
	role := r.id + letters(event) + "Role"
	t.write(r, role, "AWS::IAM::Role", object{
		"AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"),
		"Policies": []any{object{"PolicyName": role + "StartExecutionPolicy", "PolicyDocument": object{"Statement": []any{
			object{"Effect": "Allow", "Action": "states:StartExecution", "Resource": ref(r.id)},
		}}}},
	})
	input := `"$util.escapeJavaScript($input.json('$'))"`
	if properties["UnescapeMappingTemplate"] == true {
		input = `"$util.escapeJavaScript($input.json('$')).replaceAll("\\'","'")"`
	}
	return object{
		"responses": object{"200": object{"description": "OK"}, "400": object{"description": "Bad Request"}},
		integrationKey: object{
			"type": "aws", "httpMethod": "POST",
			"uri":              sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution"),
			"credentials":      attribute(role, "Arn"),
			"requestTemplates": object{"application/json": sub(`{"input": ` + input + `, "stateMachineArn": "${` + r.id + `}"}`)},
			"responses":        object{"200": object{"statusCode": "200"}, "400": object{"statusCode": "400"}},
		},
	}
}

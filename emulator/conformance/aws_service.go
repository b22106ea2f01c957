package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// serviceKinds are the backends that are AWS services, by the service's name in
// integration URIs.
var serviceKinds = map[string]string{
	"dynamodb": "dynamodb", "eventbridge": "events", "kinesis": "kinesis", "sqs": "sqs", "ssm": "ssm", "stepfunctions": "states",
}

const (
	tableName       = "conformance-table"
	queueName       = "conformance-queue"
	streamName      = "conformance-stream"
	stateMachineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:conformance"
	roleARN         = "arn:aws:iam::000000000000:role/conformance"
)

// awsService is the AWS service of a case: an endpoint that remembers what
// reached it. DynamoDB and SQS are the embedded engines behind it; the others
// answer from serviceAnswers.
type awsService struct {
	*endpoint
	name     string
	gateway  *awsservice.Services // leads to the endpoint
	embedded *awsservice.Services // what stands behind it
}

func newAWSService(ctx context.Context, spec *Backend, dir string) (*awsService, error) {
	s := &awsService{endpoint: &endpoint{spec: spec}, name: serviceKinds[spec.Kind]}
	assembly, err := serviceAssembly(spec, dir)
	if err != nil {
		return nil, err
	}
	options := awsservice.Options{Assembly: assembly, WorkDir: dir, AllowFunctions: true, Getenv: func(string) string { return "" }}
	s.embedded, _ = awsservice.New(options)
	s.respond = s.answer
	if s.name == "dynamodb" || s.name == "sqs" {
		if err := s.embedded.Start(ctx); err != nil {
			return nil, err
		}
		env, err := s.embedded.Env(ctx)
		if err != nil {
			return nil, err
		}
		engine, err := url.Parse(env["AWS_ENDPOINT_URL_"+strings.ToUpper(s.name)])
		if err != nil {
			return nil, err
		}
		s.respond = httputil.NewSingleHostReverseProxy(engine).ServeHTTP
	}
	s.listen(false)
	options.Getenv = func(name string) string {
		if name == "AWS_ENDPOINT_URL" {
			return s.server.URL
		}
		return ""
	}
	s.gateway, _ = awsservice.New(options)
	return s, s.putItems(ctx)
}

// serviceAssembly has the table and the queue that the engines serve.
func serviceAssembly(spec *Backend, dir string) (*cfn.Assembly, error) {
	resources := object{"Queue": object{"Type": "AWS::SQS::Queue", "Properties": object{"QueueName": queueName}}}
	if spec.Kind == "dynamodb" {
		resources["Table"] = object{"Type": "AWS::DynamoDB::Table", "Properties": serviceTable(spec)}
	}
	template, err := json.Marshal(object{"Resources": resources})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "Services.json")
	if err := os.WriteFile(file, template, 0o600); err != nil {
		return nil, err
	}
	return cfn.Load(file, cfn.Options{})
}

// serviceTable are the properties of the case's table; one that it does not
// describe has the key "id".
func serviceTable(spec *Backend) object {
	key, kind, found := strings.Cut(text(spec.Table["HashKey"]), ":") // the short form of a table
	if !found {
		key, kind = "id", "S"
	}
	table := object{
		"TableName":            tableName,
		"KeySchema":            []any{object{"AttributeName": key, "KeyType": "HASH"}},
		"AttributeDefinitions": []any{object{"AttributeName": key, "AttributeType": kind}},
	}
	maps.Copy(table, spec.Table)
	return table
}

func (s *awsService) close(ctx context.Context) error {
	return s.embedded.Close(ctx)
}

// call calls the engine behind the endpoint.
func (s *awsService) call(ctx context.Context, target string, input any) (object, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	_, action, _ := strings.Cut(target, ".")
	answer, err := s.embedded.Do(ctx, &awsservice.Call{
		Target: awsservice.Target{Region: "us-east-1", Service: s.name, Action: action, Path: "/"},
		Header: http.Header{"X-Amz-Target": {target}, "Content-Type": {"application/x-amz-json-1.0"}}, Body: body,
	})
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %d %s", target, answer.StatusCode, answer.Body)
	}
	var output object
	return output, decode(answer.Body, &output)
}

func (s *awsService) putItems(ctx context.Context) error {
	for _, item := range s.spec.Items {
		if _, err := s.call(ctx, "DynamoDB_20120810.PutItem", object{"TableName": tableName, "Item": item}); err != nil {
			return err
		}
	}
	return nil
}

// compareState compares what the service holds after the request: the table's
// items, in any order, and the message that the queue got.
func (s *awsService) compareState(ctx context.Context, expect map[string]any) ([]string, error) {
	var found []string
	if want, ok := expect["afterItems"].([]any); ok {
		table, err := s.call(ctx, "DynamoDB_20120810.Scan", object{"TableName": tableName})
		if err != nil {
			return nil, err
		}
		items, _ := table["Items"].([]any)
		found = append(found, mismatches("items", inAnyOrder(want), inAnyOrder(items), false)...)
	}
	arrived, _ := expect["backendReceives"].(object)
	if want, ok := arrived["message"]; ok {
		queue, err := s.call(ctx, "AmazonSQS.ReceiveMessage", object{"QueueUrl": queueName, "MessageAttributeNames": []any{"All"}})
		if err != nil {
			return nil, err
		}
		messages, _ := queue["Messages"].([]any)
		if len(messages) != 1 {
			return append(found, fmt.Sprintf("queue: %d messages, want 1", len(messages))), nil
		}
		found = append(found, mismatches("message", want, messages[0], true)...)
	}
	return found, nil
}

func inAnyOrder(list []any) any {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b any) int { return strings.Compare(show(a), show(b)) })
	return sorted
}

// serviceAnswers is the table of actions and what they answer, made of their
// input and the case's backend.
var serviceAnswers = map[string]func(input object, spec *Backend) object{
	"GetParameter": func(input object, spec *Backend) object {
		name := text(input["Name"])
		return object{"Parameter": object{
			"ARN": "arn:aws:ssm:us-east-1:000000000000:parameter/" + name, "DataType": "text", "LastModifiedDate": 1.7e9, "Name": name,
			"Selector": nil, "SourceResult": nil, "Type": "String", "Value": spec.Parameters[name], "Version": 1,
		}}
	},
	"PutEvents": func(input object, _ *Backend) object {
		entries := []any{}
		for range items(input["Entries"]) {
			entries = append(entries, object{"EventId": "8f6b2f3e-6f0c-4f2e-9a63-0d1f5e7c9b21"})
		}
		return object{"Entries": entries, "FailedEntryCount": 0}
	},
	"PutRecord": func(object, *Backend) object { return record },
	"PutRecords": func(input object, _ *Backend) object {
		records := []any{}
		for range items(input["Records"]) {
			records = append(records, record)
		}
		return object{"FailedRecordCount": 0, "Records": records}
	},
	"StartExecution": func(object, *Backend) object {
		return object{"executionArn": strings.Replace(stateMachineARN, ":stateMachine:", ":execution:", 1) + ":8f6b2f3e", "startDate": 1.7e9}
	},
}

var record = object{"SequenceNumber": "49590338271490256608559692538361571095921575989136588898", "ShardId": "shardId-000000000000"}

// answer speaks the JSON protocol where X-Amz-Target asks for it, and else the
// query protocol, whose answers wrap the result (rule 65).
func (s *awsService) answer(w http.ResponseWriter, r *http.Request) {
	a := s.arrived()
	var input object
	_, action, isJSON := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if isJSON {
		decode(a.body, &input) // what can't be read has no members
	} else {
		action, input = a.query.Get("Action"), object{}
		for name := range a.query {
			input[name] = a.query.Get(name)
		}
	}
	output := object{}
	if answer := serviceAnswers[action]; answer != nil {
		output = answer(input, s.spec)
	}
	if !isJSON {
		output = object{action + "Response": object{action + "Result": output, "ResponseMetadata": object{"RequestId": "8f6b2f3e"}}}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(output) // a caller that went away is of no interest
}

package awsservice

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

func TestParseURI(t *testing.T) {
	tests := []struct {
		name, uri string
		want      Target
	}{
		{"action", "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem", Target{Region: "eu-west-1", Service: "dynamodb", Action: "PutItem"}},
		{"parameters of the URI", "arn:aws:apigateway:us-east-1:sns:action/Publish&Version=2010-03-31&Subject=a%20b", Target{Region: "us-east-1", Service: "sns", Action: "Publish", Query: url.Values{"Version": {"2010-03-31"}, "Subject": {"a b"}}}},
		{"mapped parameters", "arn:aws:apigateway:us-east-1:ssm:action/GetParameter?Name=a", Target{Region: "us-east-1", Service: "ssm", Action: "GetParameter", Query: url.Values{"Name": {"a"}}}},
		{"path", "arn:aws:apigateway:us-east-1:sqs:path/111111111111/queue?x=1", Target{Region: "us-east-1", Service: "sqs", Path: "/111111111111/queue", Query: url.Values{"x": {"1"}}}},
		{"subdomain", "arn:aws:apigateway:us-east-1:bucket.s3:path/key", Target{Region: "us-east-1", Service: "s3", Subdomain: "bucket", Path: "/key"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseURI(test.uri)
			if err != nil {
				t.Fatal(err)
			}
			if got.Query.Encode() != test.want.Query.Encode() {
				t.Errorf("query %v, want %v", got.Query, test.want.Query)
			}
			got.Query, test.want.Query = nil, nil
			if got.Region != test.want.Region || got.Service != test.want.Service || got.Subdomain != test.want.Subdomain || got.Action != test.want.Action || got.Path != test.want.Path {
				t.Errorf("got %+v", got)
			}
		})
	}
	for _, uri := range []string{"", "http://x", "arn:aws:lambda:us-east-1:1:function:f", "arn:aws:apigateway:us-east-1:sns:other/Publish"} {
		if _, err := ParseURI(uri); err == nil {
			t.Errorf("%q was taken for an integration URI", uri)
		}
	}
}

func TestProtocol(t *testing.T) {
	tests := []struct {
		name, uri string
		header    map[string]string
		body      string

		path, query string
		want        map[string]string
	}{
		{"JSON service (rule 64)", "dynamodb:action/PutItem", map[string]string{"Content-Type": "application/json"}, "{}", "/", "",
			map[string]string{"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0", "Accept": "application/json"}},
		{"action of a query service (rules 65, 67)", "ssm:action/GetParameter?Name=a", nil, "", "/", "Action=GetParameter&Name=a",
			map[string]string{"X-Amz-Target": "", "Accept": "application/json"}},
		{"form body", "sns:action/Publish", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, "Message=a", "/", "Action=Publish",
			map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
		{"mapped Accept (rule 65)", "sqs:path/1/q", map[string]string{"Accept": "application/xml"}, "", "/1/q", "",
			map[string]string{"Accept": "application/xml"}},
		{"JSON by mapping (rule 66)", "sqs:path/1/q", map[string]string{"X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"}, "{}", "/1/q", "",
			map[string]string{"X-Amz-Target": "AmazonSQS.SendMessage", "Content-Type": "application/x-amz-json-1.0"}},
		{"JSON by override (rule 68)", "events:action/PutEvents", map[string]string{"X-Amz-Target": "AWSEvents.PutEvents", "Content-Type": "application/x-amz-json-1.1"}, "{}", "/", "",
			map[string]string{"X-Amz-Target": "AWSEvents.PutEvents", "Content-Type": "application/x-amz-json-1.1"}},
		{"bucket by path", "photos.s3:path/a%20b", nil, "", "/photos/a%20b", "",
			map[string]string{"X-Amz-Content-Sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got *http.Request
			var body string
			endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				text, _ := io.ReadAll(r.Body)
				got, body = r, string(text)
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
			}))
			defer endpoint.Close()
			s, _ := New(Options{Assembly: load(t, "empty.yaml"), Getenv: environment(map[string]string{"AWS_ENDPOINT_URL": endpoint.URL})})
			target, err := ParseURI("arn:aws:apigateway:us-east-1:" + test.uri)
			if err != nil {
				t.Fatal(err)
			}
			call := &Call{Target: target, Method: "POST", Header: http.Header{}, Body: []byte(test.body)}
			for name, value := range test.header {
				call.Header.Set(name, value)
			}
			answer, err := s.Do(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != http.StatusFound {
				t.Errorf("status %d: a redirect is the answer, not followed", answer.StatusCode)
			}
			if got.URL.EscapedPath() != test.path || got.URL.RawQuery != test.query || body != test.body {
				t.Errorf("got %s %q", got.URL, body)
			}
			for name, value := range test.want {
				if got.Header.Get(name) != value {
					t.Errorf("%s: %q, want %q", name, got.Header.Get(name), value)
				}
			}
			if a := got.Header.Get("Authorization"); !strings.Contains(a, "Credential=test/") || !strings.Contains(a, "/us-east-1/"+target.Service+"/aws4_request") {
				t.Errorf("Authorization: %s", a)
			}
		})
	}
}

// The vectors are those of AWS's published test suite of signature version 4.
func TestSignature(t *testing.T) {
	tests := []struct{ name, method, signature string }{
		{"get-vanilla", "GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"post-vanilla", "POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
	}
	s, _ := New(Options{Assembly: load(t, "empty.yaml"), Getenv: environment(nil), AllowAWS: true})
	s.chain = func() (aws.CredentialsProvider, error) {
		return credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""), nil
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequest(test.method, "https://example.amazonaws.com/", nil)
			if err != nil {
				t.Fatal(err)
			}
			at := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
			if err := s.sign(t.Context(), request, nil, service{name: "service", signing: "service"}, "us-east-1", at); err != nil {
				t.Fatal(err)
			}
			if _, got, _ := strings.Cut(request.Header.Get("Authorization"), "Signature="); got != test.signature {
				t.Errorf("got %s", request.Header.Get("Authorization"))
			}
		})
	}
}

// Local endpoints work without credentials, and the user's own stay at home.
func TestLocalEndpointsGetLocalCredentials(t *testing.T) {
	s, _ := New(Options{Assembly: load(t, "empty.yaml"), Getenv: environment(nil), AllowAWS: true})
	s.chain = func() (aws.CredentialsProvider, error) { return nil, errors.New("asked for the user's credentials") }
	request, err := http.NewRequest("POST", "http://127.0.0.1:4566/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.sign(t.Context(), request, nil, lookUp("sns"), "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := request.Header.Get("Authorization"); !strings.Contains(got, "Credential=test/") {
		t.Errorf("Authorization: %s", got)
	}
}

func TestOwnEnginesGoFirst(t *testing.T) {
	s, problems := New(Options{
		Assembly: load(t, "empty.yaml"), OwnEngines: true,
		Getenv: environment(map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:2", "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:3"}),
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, name := range embedded {
		if endpoint, err := s.configured(lookUp(name)); s.engines[name] == nil || endpoint != nil || err != nil {
			t.Errorf("%s: engine %v, endpoint %v, %v", name, s.engines[name], endpoint, err)
		}
	}
	if endpoint, err := s.configured(lookUp("events")); err != nil || endpoint.String() != "http://127.0.0.1:2" {
		t.Errorf("a service without an engine: %v, %v", endpoint, err)
	}
}

func TestEndpointChoice(t *testing.T) {
	tests := []struct {
		name, service string
		env           map[string]string
		allowAWS      bool
		endpoint      string
		refusal       string // part of the error
	}{
		{"the service's variable", "states", map[string]string{"AWS_ENDPOINT_URL_SFN": "http://127.0.0.1:1", "AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, false, "http://127.0.0.1:1", ""},
		{"the variable for all", "dynamodb", map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, false, "http://127.0.0.1:2", ""},
		{"AWS by accident", "dynamodb", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.us-east-1.amazonaws.com"}, false, "", "--allow-aws"},
		{"AWS in capitals", "dynamodb", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.us-east-1.AMAZONAWS.COM."}, false, "", "--allow-aws"},
		{"AWS on purpose", "dynamodb", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.us-east-1.amazonaws.com"}, true, "https://dynamodb.us-east-1.amazonaws.com", ""},
		{"a name that only looks like AWS", "dynamodb", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "http://notamazonaws.com"}, false, "http://notamazonaws.com", ""},
		{"not a URL", "dynamodb", map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "localhost:8000"}, false, "", "is not an http or https URL"},
		{"no engine", "events", nil, false, "", "set AWS_ENDPOINT_URL_EVENTBRIDGE"},
		{"no engine, AWS allowed", "s3", nil, true, "", "set AWS_ENDPOINT_URL_S3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := New(Options{Assembly: load(t, "empty.yaml"), Getenv: environment(test.env), AllowAWS: test.allowAWS})
			checked := s.Check(test.service, "Any")
			endpoint, err := s.endpoint(context.Background(), lookUp(test.service))
			if test.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), test.refusal) || checked == nil || !strings.Contains(checked.Error(), test.refusal) {
					t.Errorf("endpoint: %v, check: %v", err, checked)
				}
				return
			}
			if err != nil || checked != nil || endpoint.String() != test.endpoint {
				t.Errorf("got %v, %v, check: %v", endpoint, err, checked)
			}
		})
	}
}

func TestCheckNamesActionsThatAnEngineLacks(t *testing.T) {
	s, _ := New(Options{Assembly: load(t, "empty.yaml"), Getenv: environment(nil), AllowFunctions: true})
	tests := []struct{ service, action, refusal string }{
		{"dynamodb", "PutItem", ""},
		{"dynamodb", "TransactWriteItems", "has no action TransactWriteItems: use another, or set AWS_ENDPOINT_URL_DYNAMODB"},
		{"states", "StartExecution", ""},
		{"states", "SendTaskSuccess", "set AWS_ENDPOINT_URL_SFN"},
		{"sns", "Publish", ""},
		{"sns", "CreateTopic", "set AWS_ENDPOINT_URL_SNS"},
		{"sqs", "", ""},
	}
	for _, test := range tests {
		err := s.Check(test.service, test.action)
		if (err == nil) != (test.refusal == "") || err != nil && !strings.Contains(err.Error(), test.refusal) {
			t.Errorf("%s:%s: %v", test.service, test.action, err)
		}
	}
}

func TestPermissions(t *testing.T) {
	tests := []struct{ name, uri, target, body, want string }{
		{"table", "dynamodb:action/PutItem", "", `{"TableName":"orders"}`, "dynamodb:PutItem arn:aws:dynamodb:us-east-1:000000000000:table/orders"},
		{"table by ARN", "dynamodb:action/PutItem", "", `{"TableName":"arn:aws:dynamodb:us-east-1:1:table/x"}`, "dynamodb:PutItem arn:aws:dynamodb:us-east-1:1:table/x"},
		{"index", "dynamodb:action/Query", "", `{"TableName":"orders","IndexName":"byCreatedAt"}`, "dynamodb:Query arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/byCreatedAt"},
		{"batch", "dynamodb:action/BatchGetItem", "", `{"RequestItems":{"orders":{}}}`, "dynamodb:BatchGetItem arn:aws:dynamodb:us-east-1:000000000000:table/orders"},
		{"state machine", "states:action/StartExecution", "", `{"stateMachineArn":"arn:m"}`, "states:StartExecution arn:m"},
		{"execution", "states:action/DescribeExecution", "", `{"executionArn":"arn:e"}`, "states:DescribeExecution arn:e"},
		{"topic in a form", "sns:action/Publish", "", `TopicArn=arn%3At&Message={}`, "sns:Publish arn:t"},
		{"topic in the URI", "sns:action/Publish&TopicArn=arn:t", "", ``, "sns:Publish arn:t"},
		{"queue by path", "sqs:path/000000000000/inbox", "", `Action=SendMessage&MessageBody=a`, "sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:inbox"},
		{"target header decides", "sqs:path/000000000000/inbox", "AmazonSQS.SendMessage", `{}`, "sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:inbox"},
		{"object", "s3:path/photos/2026/a.png", "", "", "s3:PutObject arn:aws:s3:::photos/2026/a.png"},
		{"bucket", "s3:path/photos", "", "", "s3:CreateBucket arn:aws:s3:::photos"},
		{"bucket by subdomain", "photos.s3:path/", "", "", "s3:CreateBucket arn:aws:s3:::photos"},
		{"tags of an object", "s3:path/photos/a.png?tagging", "", "", "s3: arn:aws:s3:::photos/a.png"},
		{"REST service", "batch:path/v1/submitjob", "", "{}", "batch: "},
		{"another name in IAM", "email:action/SendEmail", "", "", "ses:SendEmail "},
		{"nothing named", "dynamodb:action/ListTables", "", `{}`, "dynamodb:ListTables "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target, err := ParseURI("arn:aws:apigateway:us-east-1:" + test.uri)
			if err != nil {
				t.Fatal(err)
			}
			method := "POST"
			if target.Service == "s3" {
				method = "PUT"
			}
			call := &Call{Target: target, AccountID: account, Method: method, Header: http.Header{}, Body: []byte(test.body)}
			if test.target != "" {
				call.Header.Set("X-Amz-Target", test.target)
			}
			got := call.Permissions()
			if len(got) != 1 || got[0].Action+" "+got[0].Resource != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestAccessDenied(t *testing.T) {
	const role = "arn:aws:iam::000000000000:role/path/api-role"
	const user = "User: arn:aws:sts::000000000000:assumed-role/api-role/BackplaneAssumeRoleSession is not authorized to perform: "
	tests := []struct {
		name, service string
		p             Permission
		explicit      bool
		status        int
		body          string
	}{
		{"JSON protocol (rule 109)", "dynamodb", Permission{"dynamodb:PutItem", "arn:t"}, false, 400,
			`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"` + user + `dynamodb:PutItem on resource: arn:t because no identity-based policy allows the dynamodb:PutItem action"}`},
		{"explicit deny", "dynamodb", Permission{"dynamodb:PutItem", "arn:t"}, true, 400,
			`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"` + user + `dynamodb:PutItem on resource: arn:t with an explicit deny in an identity-based policy"}`},
		{"SNS", "sns", Permission{"sns:Publish", "arn:t"}, false, 403,
			`{"Error":{"Code":"AuthorizationError","Message":"` + user + `SNS:Publish on resource: arn:t because no identity-based policy allows the SNS:Publish action","Type":"Sender"},"RequestId":"ID"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			call := &Call{Target: Target{Region: "us-east-1", Service: test.service}, AccountID: account, Header: http.Header{}}
			answer := call.AccessDenied(role, test.p, test.explicit)
			body := strings.ReplaceAll(string(answer.Body), answer.Header.Get("X-Amzn-Requestid"), "ID")
			if answer.StatusCode != test.status || body != test.body {
				t.Errorf("got %d %s", answer.StatusCode, body)
			}
		})
	}
}

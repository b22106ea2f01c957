package integrationtests

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// awsAccount answers as STS, CloudFormation and API Gateway do, of which nothing can run here, and as a deployed API.
type awsAccount struct {
	id     string
	stacks map[string]string // name → status
	key    string            // value of the API key k1
	sent   http.Header       // of the last request to the API
}

func (a *awsAccount) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch action := r.FormValue("Action"); {
	case action == "GetCallerIdentity":
		fmt.Fprintf(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
			`<Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, a.id)
	case action == "DescribeStacks" && a.stacks[r.FormValue("StackName")] == "":
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>`+
			`<Code>ValidationError</Code><Message>Stack with id %s does not exist</Message></Error></ErrorResponse>`, r.FormValue("StackName"))
	case action == "DescribeStacks":
		fmt.Fprintf(w, `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>`+
			`<member><StackName>%[1]s</StackName><CreationTime>2026-11-24T05:40:00Z</CreationTime><StackStatus>%[2]s</StackStatus></member>`+
			`</Stacks></DescribeStacksResult></DescribeStacksResponse>`, r.FormValue("StackName"), a.stacks[r.FormValue("StackName")])
	case r.URL.Path == "/apikeys/k1" && r.FormValue("includeValue") == "true":
		fmt.Fprintf(w, `{"id":"k1","value":%q,"enabled":true}`, a.key)
	case strings.HasPrefix(r.URL.Path, "/prod"):
		a.sent = r.Header
	default:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message":"Invalid API Key identifier specified"}`)
	}
}

func TestDeployment(t *testing.T) {
	const (
		api     = `{"IntegrationsApi":{"ApiUrl":"%s/prod/","OrderWorkflowArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:W"}}`
		signed  = `{"IntegrationsApi":{"ApiUrl":"%s/prod/","ApiAuth":"iam","OrderWorkflowArn":"arn:aws:states:eu-west-1:111122223333:stateMachine:W"}}`
		keyed   = `{"IntegrationsApi":{"ApiUrl":"%s/prod/","ApiKeyId":"k1"}}`
		unkeyed = `{"IntegrationsApi":{"ApiUrl":"%s/prod/","ApiKeyId":"k2"}}`
	)
	for _, test := range []struct {
		name, outputs  string
		status, region string
		want           string // where, or a part of the error
		header         string // that a request has, name and beginning of the value
	}{
		{name: "complete", outputs: api, region: "eu-west-1", want: "account 111122223333, region eu-west-1, API http://127.0.0.1"},
		{name: "Region of the outputs", outputs: api, want: "account 111122223333, region eu-west-1, API http://127.0.0.1"},
		{name: "signed", outputs: signed, want: "account 111122223333", header: "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"},
		{name: "API key", outputs: keyed, region: "eu-west-1", want: "account 111122223333", header: "X-Api-Key: secret-key"},
		{name: "no such API key", outputs: unkeyed, region: "eu-west-1", want: "API key k2: "},
		{name: "no Region", outputs: keyed, want: "no AWS Region is configured"},
		{name: "another Region", outputs: api, region: "us-east-1", want: "the outputs are of Region eu-west-1, the configured Region is us-east-1: set AWS_REGION=eu-west-1"},
		{name: "another account", outputs: strings.Replace(api, "111122223333", "444455556666", 1),
			want: "the outputs are of account 444455556666, the credentials of account 111122223333, of AWS_ENDPOINT_URL http://127.0.0.1"},
		{name: "destroyed", outputs: strings.Replace(api, "IntegrationsApi", "IntegrationsOld", 1),
			want: "there is no stack IntegrationsOld in account 111122223333, region eu-west-1 any more: deploy it again"},
		{name: "still deploying", outputs: api, status: "UPDATE_IN_PROGRESS", want: "stack IntegrationsApi is UPDATE_IN_PROGRESS: wait until CloudFormation is done with it"},
		{name: "planned only", outputs: api, status: "REVIEW_IN_PROGRESS", want: "it was planned, and never deployed: deploy it"},
		{name: "cleaning up", outputs: api, status: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", want: "account 111122223333"},
		{name: "never created", outputs: api, status: "ROLLBACK_COMPLETE", want: "its last deployment failed: read the stack's events, repair the cause and deploy again"},
		{name: "taken back", outputs: api, status: "UPDATE_ROLLBACK_COMPLETE", want: "its last deployment failed"},
		{name: "stuck", outputs: api, status: "UPDATE_ROLLBACK_FAILED", want: "continue-update-rollback"},
		{name: "half destroyed", outputs: api, status: "DELETE_FAILED", want: "end that (make destroy), then deploy again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			there := &awsAccount{id: "111122223333", key: "secret-key", stacks: map[string]string{"IntegrationsApi": cmp.Or(test.status, "CREATE_COMPLETE")}}
			server := httptest.NewServer(there)
			defer server.Close()
			for name, value := range map[string]string{
				"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": test.region, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
				"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_DEFAULT_REGION": "", "AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none",
			} {
				t.Setenv(name, value)
			}
			target, err := Remote(t.Context(), AWS, "", writeOutputs(t, fmt.Sprintf(test.outputs, server.URL)))
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				got = target.String()
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if strings.Contains(got, "secret-key") {
				t.Errorf("the key is shown: %s", got)
			}
			if test.header == "" {
				return
			}
			if err := Play(t.Context(), target, &Case{Steps: []Step{{Verb: "request", Argument: "GET /mock", Expect: &Expectation{Status: 200}}}}); err != nil {
				t.Fatal(err)
			}
			name, value, _ := strings.Cut(test.header, ": ")
			if !strings.HasPrefix(there.sent.Get(name), value) {
				t.Errorf("header %s: got %q, want %q…", name, there.sent.Get(name), value)
			}
		})
	}
}

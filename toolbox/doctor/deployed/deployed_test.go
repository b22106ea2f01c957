package deployed

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// answers are what AWS answers to each call.
type answers map[string]string

func shopAnswers(t *testing.T) answers {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/account.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := answers{}
	for _, file := range archive.Files {
		all[file.Name] = string(file.Data)
	}
	return all
}

// ServeHTTP knows a call by the Action of its form, else by method and path. An
// answer "403 text" has that status; a call without an answer is not offered.
func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := r.FormValue("Action")
	if call == "" {
		call = r.Method + " " + r.URL.Path
	}
	answer, known := a[call]
	status := http.StatusOK
	if !known {
		status, answer = http.StatusNotImplemented, `<ErrorResponse><Error><Code>NotImplemented</Code><Message>no</Message></Error></ErrorResponse>`
	}
	if strings.HasPrefix(answer, "4") {
		fmt.Sscanf(answer, "%d", &status)
		answer = answer[4:]
	}
	w.WriteHeader(status)
	fmt.Fprint(w, answer)
}

func (a answers) config(t *testing.T) aws.Config {
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
}

func TestWhatNoTemplateTells(t *testing.T) {
	s, err := Read(t.Context(), Options{Config: shopAnswers(t).config(t), Stacks: []string{"shop"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"link-state shop/Link: VPC link Link is INACTIVE: VPC link is inactive",
		"stage-stale shop/Prod: stage prod is older than the API: GET / has another Uri, PATCH / is not in it, DELETE /gone is in it still",
		"target-health shop/Targets: target group Targets has no healthy target: 10.0.1.7:8080 is unhealthy (Health checks failed with these codes: [404])",
		"not checked security-group-link shop/Get/Integration.ConnectionId: the load balancer behind the VPC link is not in these templates",
		"not checked security-group-target shop/Get/Integration.ConnectionId: the load balancer behind the VPC link is not in these templates",
		"not checked  shop/Api: PATCH / is in the API, but in none of the stacks' templates",
	}
	if diff := cmp.Diff(want, lines(doctor.Examine(s)), cmp.Transformer("sorted", sorted)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func sorted(lines []string) map[string]bool {
	all := map[string]bool{}
	for _, line := range lines {
		all[line] = true
	}
	return all
}

func lines(r *doctor.Report) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, fmt.Sprintf("%s %s: %s", f.Rule, f.Where, f.What))
	}
	for _, n := range r.NotChecked {
		all = append(all, fmt.Sprintf("not checked %s %s: %s", n.Rule, n.Where, n.Reason))
	}
	return all
}

// What can't be read is said, and keeps the rest from nothing.
func TestWhatCannotBeRead(t *testing.T) {
	a := shopAnswers(t)
	delete(a, "DescribeTargetHealth")
	delete(a, "GET /restapis/api1234567/stages/prod/exports/oas30")
	a["GET /v2/vpclinks/abc123"] = `403 {"message": "not authorized to perform: apigateway:GET"}`
	s, err := Read(t.Context(), Options{Config: a.config(t), Stacks: []string{"shop", "other"}})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lines(doctor.Examine(s)), "\n")
	for _, want := range []string{
		"not checked target-health shop/Targets: the health of its targets can't be read: the endpoint does not offer the service",
		"not checked link-state shop/Link: the VPC link's state can't be read: ",
		"not checked stage-stale shop/Prod: what stage prod serves can't be read: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	fault := func(status int, code, message string) string {
		return fmt.Sprintf(`%d <ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, status, code, message)
	}
	tests := []struct {
		name    string
		answers answers
		change  func(*aws.Config)
		want    string
	}{
		{"expired credentials", answers{"GetCallerIdentity": fault(403, "ExpiredToken", "The security token included in the request is expired")}, nil,
			"the AWS credentials have expired: renew them"},
		{"no Region", nil, func(c *aws.Config) { c.Region = "" }, "set AWS_REGION"},
		{"no credentials", nil, func(c *aws.Config) {
			c.Credentials = credentials.NewStaticCredentialsProvider("", "", "")
		}, "no usable AWS credentials"},
		{"an endpoint that is not there", nil, func(c *aws.Config) { c.BaseEndpoint = aws.String("http://127.0.0.1:1") }, "the endpoint can't be reached"},
		{"no such stack", answers{"DescribeStacks": fault(400, "ValidationError", "Stack with id shop does not exist")}, nil,
			"no stack shop in account 123456789012, region eu-west-1: deploy first"},
		{"a stack that was rolled back", answers{"DescribeStacks": strings.ReplaceAll(shopAnswers(t)["DescribeStacks"], "UPDATE_COMPLETE", "ROLLBACK_COMPLETE")}, nil,
			"stack shop is ROLLBACK_COMPLETE: its last deployment failed"},
		{"a stack that is being changed", answers{"DescribeStacks": strings.ReplaceAll(shopAnswers(t)["DescribeStacks"], "UPDATE_COMPLETE", "UPDATE_IN_PROGRESS")}, nil,
			"stack shop is UPDATE_IN_PROGRESS: wait"},
		{"a permission that every reading needs", answers{"GetTemplate": fault(403, "AccessDenied", "not authorized to perform: cloudformation:GetTemplate")}, nil,
			"the credentials lack a permission"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := shopAnswers(t)
			maps.Copy(a, test.answers)
			c := a.config(t)
			if test.change != nil {
				test.change(&c)
			}
			_, err := Read(t.Context(), Options{Config: c, Stacks: []string{"shop"}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

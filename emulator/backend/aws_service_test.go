package backend_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/backend"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

const (
	putItem  = "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem"
	roleARN  = "arn:aws:iam::000000000000:role/api"
	tableARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"
)

// newServices are services whose every endpoint is url; embedded ones when "".
func newServices(t *testing.T, url string) *awsservice.Services {
	t.Helper()
	template := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(template, []byte("Resources: {}"), 0o644); err != nil {
		t.Fatal(err)
	}
	assembly, err := cfn.Load(template, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	services, _ := awsservice.New(awsservice.Options{Assembly: assembly, Getenv: func(name string) string {
		if name == "AWS_ENDPOINT_URL" {
			return url
		}
		return ""
	}})
	return services
}

func role(trusted string, statements ...gateway.Statement) *gateway.Role {
	return &gateway.Role{ARN: roleARN, Trusted: []string{trusted}, Statements: statements}
}

func allow(action, resource string) gateway.Statement {
	return gateway.Statement{Actions: []string{action}, Resources: []string{resource}}
}

func TestAWSServiceCheck(t *testing.T) {
	const trusted = "apigateway.amazonaws.com"
	tests := []struct {
		name, endpoint, uri, credentials string
		role                             *gateway.Role
		refusal, warning                 string // parts of the error and of the log
	}{
		{"served", "http://127.0.0.1:1", putItem, roleARN, role(trusted, allow("dynamodb:PutItem", tableARN)), "", ""},
		{"not an integration URI", "", "https://example.com", roleARN, nil, "Integration.Uri: ", ""},
		{"no endpoint", "", "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord", roleARN, nil, "set AWS_ENDPOINT_URL_KINESIS", ""},
		{"no credentials", "http://127.0.0.1:1", putItem, "", nil, "Role ARN must be specified for AWS integrations", ""},
		{"credentials of no caller", "http://127.0.0.1:1", putItem, "arn:aws:iam::*:user/*", nil, "name a role", ""},
		{"the caller's credentials", "http://127.0.0.1:1", putItem, "arn:aws:iam::*:user/*", nil, "", ""},
		{"foreign role", "http://127.0.0.1:1", putItem, roleARN, nil, "", "not part of the template"},
		{"role without trust", "http://127.0.0.1:1", putItem, roleARN, role("lambda.amazonaws.com"), "", "does not trust apigateway.amazonaws.com"},
		{"role without permission", "http://127.0.0.1:1", putItem, roleARN, role(trusted, allow("dynamodb:GetItem", "*")), "", "does not allow the action"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			b := backend.NewAWSService(newServices(t, test.endpoint), slog.New(slog.NewTextHandler(&log, nil)))
			m := &gateway.Method{Integration: &gateway.Integration{URI: test.uri, Credentials: test.credentials, Role: test.role}}
			if test.name == "the caller's credentials" {
				m.AuthorizationType = "AWS_IAM"
			}
			err := b.Check(m)
			if (err == nil) != (test.refusal == "") || err != nil && !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("got %v", err)
			}
			if !strings.Contains(log.String(), test.warning) || test.warning == "" && log.Len() > 0 {
				t.Errorf("log: %q", log.String())
			}
		})
	}
}

func TestAWSServiceInvoke(t *testing.T) {
	const trusted = "apigateway.amazonaws.com"
	tests := []struct {
		name      string
		role      *gateway.Role
		reached   bool
		selection string
		body      string // part of it
	}{
		{"allowed", role(trusted, allow("dynamodb:PutItem", tableARN)), true, "418", "from the endpoint"},
		{"foreign role", nil, true, "418", "from the endpoint"},
		{"other table", role(trusted, allow("dynamodb:PutItem", tableARN+"2")), false, "400",
			"assumed-role/api/BackplaneAssumeRoleSession is not authorized to perform: dynamodb:PutItem on resource: " + tableARN + " because no identity-based policy allows"},
		{"denied", role(trusted, allow("*", "*"), gateway.Statement{Deny: true, Actions: []string{"dynamodb:*"}, Resources: []string{"*"}}), false, "400", "explicit deny"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var reached string
			endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				reached = r.Header.Get("X-Amz-Target") + " " + r.Header.Get("X-Mapped") + " " + string(body)
				w.WriteHeader(http.StatusTeapot)
				io.WriteString(w, "from the endpoint")
			}))
			defer endpoint.Close()
			b := backend.NewAWSService(newServices(t, endpoint.URL), nil)
			answer, err := b.Invoke(t.Context(), exchange(test.role))
			if err != nil {
				t.Fatal(err)
			}
			if answer.Selection != test.selection || !strings.Contains(string(answer.Body), test.body) {
				t.Errorf("got %s %s", answer.Selection, answer.Body)
			}
			if want := `DynamoDB_20120810.PutItem value {"TableName":"orders"}`; test.reached && reached != want || !test.reached && reached != "" {
				t.Errorf("the endpoint got %q", reached)
			}
		})
	}
}

func TestAWSServiceRoleWithoutTrust(t *testing.T) {
	b := backend.NewAWSService(newServices(t, "http://127.0.0.1:1"), nil)
	_, err := b.Invoke(t.Context(), exchange(role("lambda.amazonaws.com", allow("*", "*"))))
	var failure *gateway.Failure
	if !errors.As(err, &failure) || failure.Type != gateway.APIConfigurationError {
		t.Errorf("got %v", err)
	}
}

func exchange(r *gateway.Role) *gateway.Exchange {
	return &gateway.Exchange{
		API:    &gateway.API{AccountID: "000000000000"},
		Method: &gateway.Method{Integration: &gateway.Integration{Credentials: roleARN, Role: r}},
		IntegrationRequest: &gateway.IntegrationRequest{
			Method: "POST", URI: putItem, Header: gateway.Header{{Name: "X-Mapped", Value: "value"}}, Body: []byte(`{"TableName":"orders"}`),
		},
	}
}

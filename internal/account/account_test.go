package account

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
)

// answers have the form of https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
const (
	identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
		`<Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>` +
		`</GetCallerIdentityResult></GetCallerIdentityResponse>`
	failure = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code>` +
		`<Message>refused</Message></Error><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ErrorResponse>`
)

func TestIdentify(t *testing.T) {
	for _, test := range []struct {
		name, region string
		status       int
		body         string
		want         string // the identity, or a part of the error
	}{
		{"known", "eu-west-1", 200, identity, "account 123456789012, region eu-west-1"},
		{"expired", "eu-west-1", 403, fmt.Sprintf(failure, "ExpiredToken"), "the AWS credentials have expired: renew them"},
		{"unknown", "eu-west-1", 403, fmt.Sprintf(failure, "InvalidClientTokenId"), "AWS does not know these credentials: check AWS_PROFILE"},
		{"wrong secret", "eu-west-1", 403, fmt.Sprintf(failure, "SignatureDoesNotMatch"), "check AWS_SECRET_ACCESS_KEY"},
		{"another error", "eu-west-1", 400, fmt.Sprintf(failure, "Surprise"), "api error Surprise: refused"},
		{"no region", "", 0, "", "no AWS Region is configured: set AWS_REGION"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			}))
			defer server.Close()
			check(t, server.URL, test.region, test.want)
		})
	}
}

func TestIdentifyUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, endpoint := range []string{server.URL, "localhost"} {
		check(t, endpoint, "eu-west-1", "the endpoint can't be reached: check the network, the Region's name and AWS_ENDPOINT_URL")
	}
}

func TestIdentifyWithoutCredentials(t *testing.T) {
	environment(t, "http://127.0.0.1:1", "eu-west-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	identify(t, "no usable AWS credentials: log in (aws sso login, aws configure)")
}

func check(t *testing.T, endpoint, region, want string) {
	t.Helper()
	environment(t, endpoint, region)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	identify(t, want)
}

// environment keeps this machine's own configuration out.
func environment(t *testing.T, endpoint, region string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_STS": endpoint, "AWS_REGION": region, "AWS_DEFAULT_REGION": "", "AWS_PROFILE": "", "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
}

func identify(t *testing.T, want string) {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }))
	if err != nil {
		t.Fatal(err)
	}
	found, err := Identify(t.Context(), cfg)
	got := found.String()
	if err != nil {
		got = err.Error()
	}
	if !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

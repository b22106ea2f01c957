package awsservice

import (
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// passedOn are services whose configured endpoints programs are told of, beside
// those that have an engine here.
var passedOn = []string{
	"dynamodb", "states", "sns", "sqs", "s3", "events", "ssm", "kinesis", "firehose", "secretsmanager",
	"lambda", "sts", "kms", "logs", "monitoring", "email",
}

// Env gives the variables by which AWS SDKs reach the same endpoints as the
// gateway. It waits until the engines take requests. Services without an
// endpoint lead to a refusal on loopback, so that no program reaches AWS by
// accident either.
func (s *Services) Env(ctx context.Context) (map[string]string, error) {
	credentials, err := s.Credentials(ctx)
	if err != nil {
		s.options.Log.Warn("programs get no credentials for AWS", "error", err)
		credentials = localCredentials
	}
	region := "us-east-1"
	if stacks := s.options.Assembly.Stacks; len(stacks) > 0 {
		region = stacks[0].Region
	}
	env := map[string]string{
		"AWS_REGION":            region,
		"AWS_DEFAULT_REGION":    region,
		"AWS_ACCESS_KEY_ID":     credentials.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": credentials.SecretAccessKey,
	}
	if credentials.SessionToken != "" {
		env["AWS_SESSION_TOKEN"] = credentials.SessionToken
	}
	if everything := s.options.Getenv("AWS_ENDPOINT_URL"); everything != "" {
		env["AWS_ENDPOINT_URL"] = everything
	} else if !s.options.AllowAWS {
		env["AWS_ENDPOINT_URL"] = s.elsewhere.url().String()
	}
	if s.options.LambdaEndpoint != "" {
		env[lookUp("lambda").variable()] = s.options.LambdaEndpoint
	}
	return env, s.addEndpoints(ctx, env)
}

func (s *Services) addEndpoints(ctx context.Context, env map[string]string) error {
	for _, name := range passedOn {
		variable := lookUp(name).variable()
		if value := s.options.Getenv(variable); value != "" {
			env[variable] = value
		}
	}
	for name, engine := range s.engines {
		if sidecar := name == "dynamodb" || name == "states"; sidecar && !s.sidecar.has(name) {
			continue
		}
		endpoint, err := engine.url(ctx)
		if err != nil {
			return err
		}
		env[lookUp(name).variable()] = endpoint.String()
	}
	return nil
}

// Credentials are what programs on this machine sign with: the user's own only
// if AWS itself may be called.
func (s *Services) Credentials(ctx context.Context) (aws.Credentials, error) {
	if s.options.AllowAWS {
		return s.userCredentials(ctx)
	}
	return localCredentials, nil
}

// refuse answers SDK calls to services that have no endpoint.
func refuse(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("x-amzn-ErrorType", "NoEndpoint")
	w.WriteHeader(http.StatusNotImplemented)
	io.WriteString(w, `{"__type":"NoEndpoint","message":"no local endpoint for this AWS service: set AWS_ENDPOINT_URL_<SERVICE>"}`)
}

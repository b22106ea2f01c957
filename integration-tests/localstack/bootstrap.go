package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// LocalStack's account, and the credentials that it takes; no others are ever sent there.
const (
	account   = "000000000000"
	region    = "us-east-1"
	accessKey = "test"
	secretKey = "test"
)

// credentials are constant, so they need no provider of the SDK's.
var credentials = aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: secretKey}

// config leads clients of the SDK to LocalStack, whatever the environment says.
func (s *session) config() aws.Config {
	return aws.Config{
		BaseEndpoint: &s.endpoint,
		Region:       region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return credentials, nil
		}),
	}
}

// bootstrap makes what the CDK CLI looks for of a bootstrapped account: the bucket of assets, and the version. That
// takes no time, and "cdk bootstrap" ten seconds.
func (s *session) bootstrap(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	bucket := fmt.Sprintf("%s/cdk-hnb659fds-assets-%s-%s", s.endpoint, account, region)
	if err := call(ctx, "s3", http.MethodPut, bucket, nil, ""); err != nil {
		return err
	}
	return call(ctx, "ssm", http.MethodPost, s.endpoint, map[string]string{
		"Content-Type": "application/x-amz-json-1.1",
		"X-Amz-Target": "AmazonSSM.PutParameter",
	}, `{"Name":"/cdk-bootstrap/hnb659fds/version","Type":"String","Value":"30","Overwrite":true}`)
}

// call sends a signed request to a service. The two that are needed are not worth two modules of the SDK.
func call(ctx context.Context, service, method, url string, header map[string]string, body string) error {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	hash := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(hash[:]), service, region, time.Now()); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s %s", method, url, response.Status, answer)
	}
	return err
}

// Package account says whose AWS credentials are at hand, and in plain words what is wrong with them.
package account

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// Identity is whom AWS takes the caller for, and the Region that calls go to.
type Identity struct {
	Account string `json:"account"` // twelve digits
	Region  string `json:"region"`
}

// String is "account 123456789012, region eu-west-1".
func (i Identity) String() string { return fmt.Sprintf("account %s, region %s", i.Account, i.Region) }

// Identify asks STS (GetCallerIdentity, which needs no permission). Its errors say what to do.
func Identify(ctx context.Context, cfg aws.Config) (Identity, error) {
	if cfg.Region == "" {
		return Identity{}, errors.New("no AWS Region is configured: set AWS_REGION, or region in the profile")
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return Identity{}, fmt.Errorf("no usable AWS credentials: log in (aws sso login, aws configure) and name the profile in AWS_PROFILE, "+
			"or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w", err)
	}
	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return Identity{}, Explain(err)
	}
	return Identity{Account: aws.ToString(caller.Account), Region: cfg.Region}, nil
}

// remedies: code of an AWS error → what to do. The codes are those of
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and what services with a JSON protocol call
// the same.
var remedies = map[string]string{
	"ExpiredToken":                "the AWS credentials have expired: renew them (aws sso login, or a new session token)",
	"ExpiredTokenException":       "the AWS credentials have expired: renew them (aws sso login, or a new session token)",
	"InvalidClientTokenId":        "AWS does not know these credentials: check AWS_PROFILE and AWS_ACCESS_KEY_ID, or log in again",
	"UnrecognizedClientException": "AWS does not know these credentials: check AWS_PROFILE and AWS_ACCESS_KEY_ID, or log in again",
	"SignatureDoesNotMatch":       "AWS refuses the signature: check AWS_SECRET_ACCESS_KEY, and this machine's clock",
	"RequestExpired":              "AWS refuses the time of the request: set this machine's clock",
	"AccessDenied":                "the credentials lack a permission: ask for it, or use others",
	"AccessDeniedException":       "the credentials lack a permission: ask for it, or use others",
	"OptInRequired":               "the account may not use this service or Region: enable it, or use another",
}

// Explain puts before an error of an AWS call what to do about it, where that is known.
func Explain(err error) error {
	if failed := smithy.APIError(nil); errors.As(err, &failed) {
		if remedy, ok := remedies[failed.ErrorCode()]; ok {
			return fmt.Errorf("%s: %w", remedy, err)
		}
	}
	if unreachable := (*url.Error)(nil); errors.As(err, &unreachable) && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the endpoint can't be reached: check the network, the Region's name and AWS_ENDPOINT_URL: %w", err)
	}
	return err
}

// Package dynamo makes the DynamoDB client of functions and services, and sorts its errors.
package dynamo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// An operation ends within the ten seconds that a function has: three attempts of two seconds and the waits between.
const (
	connectTimeout = time.Second
	attemptTimeout = 2 * time.Second
	maxAttempts    = 3
	maxBackoff     = 500 * time.Millisecond
)

// ErrUnavailable marks failures that pass: throttling, a fault of the service, an unreachable endpoint.
var ErrUnavailable = errors.New("dynamodb is unavailable")

// NewClient takes region, credentials and endpoint (AWS_ENDPOINT_URL_DYNAMODB) from the environment. It opens no
// connection: the first operation does.
func NewClient(ctx context.Context) (*dynamodb.Client, error) {
	client := awshttp.NewBuildableClient().
		WithTimeout(attemptTimeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectTimeout })
	c, err := config.LoadDefaultConfig(ctx,
		config.WithHTTPClient(client),
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = maxAttempts
				o.MaxBackoff = maxBackoff
			})
		}))
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return dynamodb.NewFromConfig(c), nil
}

// ConditionFailed tells whether a write was refused because its condition did not hold.
func ConditionFailed(err error) bool {
	failed := (*types.ConditionalCheckFailedException)(nil)
	return errors.As(err, &failed)
}

var throttles = retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}

// Classify adds ErrUnavailable to an error of the client that may be gone at the next try.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	unsent, answer := (*smithyhttp.RequestSendError)(nil), (*smithyhttp.ResponseError)(nil)
	switch {
	case errors.As(err, &unsent),
		errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &answer) && answer.HTTPStatusCode() >= http.StatusInternalServerError,
		throttles.IsErrorThrottle(err) == aws.TrueTernary:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

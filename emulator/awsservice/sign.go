package awsservice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Credentials of everything that stays on this machine. Engines and other
// local clouds take any; two callers must use the same, because some of them
// keep one database for each access key.
const (
	localAccessKeyID     = "test"
	localSecretAccessKey = "test"
)

var localCredentials = aws.Credentials{AccessKeyID: localAccessKeyID, SecretAccessKey: localSecretAccessKey}

// userCredentials are those of the default chain, for AWS itself.
func (s *Services) userCredentials(ctx context.Context) (aws.Credentials, error) {
	provider, err := s.chain()
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("load AWS configuration: %w", err)
	}
	credentials, err := provider.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, fmt.Errorf("find AWS credentials: %w", err)
	}
	return credentials, nil
}

// defaultChain finds the provider of the default credential chain.
func defaultChain() (aws.CredentialsProvider, error) {
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return nil, err
	}
	return loaded.Credentials, nil
}

// sign puts a signature of version 4 on the request, in the user's name only
// for AWS itself.
func (s *Services) sign(ctx context.Context, r *http.Request, body []byte, target service, region string, at time.Time) error {
	credentials := localCredentials
	if isAWS(r.URL.Hostname()) {
		var err error
		if credentials, err = s.userCredentials(ctx); err != nil {
			return err
		}
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if target.name == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	return s.signer.SignHTTP(ctx, credentials, r, hash, target.signing, region, at, func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = target.name == "s3"
	})
}

package integrationtests

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// signer signs requests by Signature Version 4.
type signer struct {
	credentials aws.Credentials
	service     string // execute-api
	region      string
}

// sign adds the headers of a signature and changes nothing else: a case's double slash or unescaped query goes out as
// it stands. What is signed has its path normalized, as the algorithm wants it and the SDK's signer leaves to its
// caller. That API Gateway does so too is unverified.
func (s signer) sign(ctx context.Context, r *http.Request, body string, at time.Time) error {
	canonical := r.Clone(ctx)
	canonical.URL.Opaque = "//" + r.URL.Host + normalized(r.URL.EscapedPath())
	hash := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(ctx, s.credentials, canonical, hex.EncodeToString(hash[:]), s.service, s.region, at); err != nil {
		return err
	}
	r.Header = canonical.Header
	return nil
}

// normalized removes repeated slashes and dot segments.
func normalized(escaped string) string {
	clean := path.Clean("/" + escaped)
	if strings.HasSuffix(escaped, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

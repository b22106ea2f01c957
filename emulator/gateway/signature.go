package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/logging"
)

const (
	signingAlgorithm  = "AWS4-HMAC-SHA256"
	signingService    = "execute-api"
	signingTerminator = "aws4_request"
	signingTime       = "20060102T150405Z"
	// signingWindow is how far a signature's time may be from now, before and after.
	signingWindow = 5 * time.Minute
)

// Caller is who signed a request.
type Caller struct {
	AccessKeyID string
	AccountID   string
	PrincipalID string // $context.identity.caller and .user
	ARN         string
}

// checkSignature wants a signature of version 4 by the access key that the
// gateway knows, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
// The key's owner is the account's root user, who may call every method. The
// order of the checks and their texts are those that users quote of the
// service and of others that check signatures alike (unverified).
func checkSignature(ctx context.Context, x *Exchange) error {
	s, err := readSignature(x.Request)
	if err != nil {
		return err
	}
	if err := s.checkScope(x.API.Region, x.Time); err != nil {
		return err
	}
	if x.credentials == nil {
		return invalidToken(errors.New("the gateway was started without an access key"))
	}
	known, err := x.credentials.Retrieve(ctx)
	if err != nil {
		return invalidToken(fmt.Errorf("the access key that signatures are checked against: %w", err))
	}
	switch {
	case s.accessKeyID != known.AccessKeyID:
		return invalidToken(fmt.Errorf("signed with access key %s; the one accepted here is %s", s.accessKeyID, known.AccessKeyID))
	case s.token != known.SessionToken:
		return invalidToken(errors.New("the session token is not that of the accepted access key"))
	case known.CanExpire && known.Expires.Before(x.Time):
		return &Failure{Type: ExpiredToken}
	}
	if err := s.verify(ctx, x, known); err != nil {
		return err
	}
	x.Caller = &Caller{
		AccessKeyID: known.AccessKeyID, AccountID: x.API.AccountID,
		PrincipalID: x.API.AccountID, ARN: "arn:aws:iam::" + x.API.AccountID + ":root",
	}
	return nil
}

// invalidToken is the answer for an access key that is not known.
func invalidToken(cause error) error {
	return &Failure{
		Type: InvalidSignature, ErrorType: "UnrecognizedClientException",
		Message: "The security token included in the request is invalid.", Cause: cause,
	}
}

// incompleteSignature is the answer for an authorization that is no signature.
func incompleteSignature(format string, args ...any) error {
	return &Failure{Type: InvalidSignature, ErrorType: "IncompleteSignatureException", Message: fmt.Sprintf(format, args...)}
}

// signature is what a request says of its own signature, in the Authorization
// header or, presigned, in the query.
type signature struct {
	presigned     bool
	accessKeyID   string
	scope         []string // date, region, service, terminator
	signedHeaders []string
	value         string // hexadecimal
	at            time.Time
	expires       time.Duration // of a presigned one; 0: signingWindow
	token         string        // X-Amz-Security-Token
}

// signatureParts are the parameters of an Authorization header, in the order
// in which the service asks for them.
var signatureParts = []string{"Credential", "Signature", "SignedHeaders"}

// readSignature reads the request's signature.
func readSignature(r *Request) (*signature, error) {
	authorization := r.Header.Get("Authorization")
	query := url.Values{}
	for _, f := range ParseQuery(r.RawQuery) {
		query.Set(f.Name, f.Value)
	}
	if authorization == "" && !query.Has("X-Amz-Signature") {
		return nil, &Failure{Type: MissingAuthenticationToken}
	}
	if authorization == "" {
		return presignedSignature(query)
	}
	return headerSignature(authorization, r.Header.Get("X-Amz-Date"), r.Header.Get("X-Amz-Security-Token"))
}

// presignedSignature reads the signature of a presigned URL.
func presignedSignature(query url.Values) (*signature, error) {
	s := &signature{presigned: true, token: query.Get("X-Amz-Security-Token")}
	s.expires, _ = time.ParseDuration(query.Get("X-Amz-Expires") + "s")
	parts := map[string]string{}
	for _, name := range signatureParts {
		if parts[name] = query.Get("X-Amz-" + name); parts[name] == "" {
			return nil, incompleteSignature("AWS query-string parameters must include 'X-Amz-%s'. Re-examine the query-string parameters.", name)
		}
	}
	return s, s.read(parts, query.Get("X-Amz-Date"))
}

// headerSignature reads the signature in an Authorization header.
func headerSignature(authorization, date, token string) (*signature, error) {
	parts, err := authorizationParts(authorization)
	if err != nil {
		return nil, err
	}
	s := &signature{token: token}
	var missing []string
	for _, name := range signatureParts {
		if parts[name] == "" {
			missing = append(missing, fmt.Sprintf("Authorization header requires '%s' parameter.", name))
		}
	}
	if date == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if len(missing) > 0 {
		return nil, incompleteSignature("%s (Hashed with SHA-256 and encoded with Base64) Authorization=%s",
			strings.Join(missing, " "), hashed(authorization))
	}
	return s, s.read(parts, date)
}

// authorizationParts are the pairs of an Authorization header, behind the name
// of the algorithm. What is none is named by its hash only, as the service does.
func authorizationParts(authorization string) (map[string]string, error) {
	_, pairs, _ := strings.Cut(authorization, " ")
	parts := map[string]string{}
	for pair := range strings.SplitSeq(pairs, ",") {
		pair = strings.TrimSpace(pair)
		name, value, found := strings.Cut(pair, "=")
		if !found && pair != "" {
			return nil, incompleteSignature("Invalid key=value pair (missing equal-sign) in Authorization header "+
				"(hashed with SHA-256 and encoded with Base64): '%s'.", hashed(pair))
		}
		parts[name] = value
	}
	return parts, nil
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// read takes the parts of a signature.
func (s *signature) read(parts map[string]string, date string) error {
	credential := strings.Split(parts["Credential"], "/")
	if len(credential) != 5 {
		return incompleteSignature("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'",
			parts["Credential"])
	}
	at, err := time.Parse(signingTime, date)
	if err != nil {
		return incompleteSignature("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", date)
	}
	s.accessKeyID, s.scope, s.at, s.value = credential[0], credential[1:], at, parts["Signature"]
	s.signedHeaders = strings.Split(strings.ToLower(parts["SignedHeaders"]), ";")
	if !slices.Contains(s.signedHeaders, "host") {
		return &Failure{Type: InvalidSignature, Message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."}
	}
	return nil
}

// checkScope wants a signature for this service and Region, made a moment ago.
func (s *signature) checkScope(region string, now time.Time) error {
	var faults []string
	if s.scope[1] != region {
		faults = append(faults, fmt.Sprintf("Credential should be scoped to a valid region, not '%s'.", s.scope[1]))
	}
	if s.scope[2] != signingService {
		faults = append(faults, fmt.Sprintf("Credential should be scoped to correct service: '%s'.", signingService))
	}
	if s.scope[3] != signingTerminator {
		faults = append(faults, fmt.Sprintf("Credential should be scoped with a valid terminator: '%s', not '%s'.", signingTerminator, s.scope[3]))
	}
	if day := s.at.Format("20060102"); s.scope[0] != day {
		faults = append(faults, fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			s.scope[0], day, s.at.Format(signingTime)))
	}
	if len(faults) > 0 {
		return &Failure{Type: InvalidSignature, Message: strings.Join(faults, " ")}
	}
	now = now.UTC()
	window := max(s.expires, signingWindow)
	switch {
	case s.at.Before(now.Add(-window)):
		return &Failure{Type: InvalidSignature, Message: fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - %d min.)",
			s.at.Format(signingTime), now.Add(-window).Format(signingTime), now.Format(signingTime), int(window.Minutes()))}
	case s.at.After(now.Add(signingWindow)):
		return &Failure{Type: InvalidSignature, Message: fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + %d min.)",
			s.at.Format(signingTime), now.Add(signingWindow).Format(signingTime), now.Format(signingTime), int(signingWindow.Minutes()))}
	}
	return nil
}

// verify signs the request anew, with the headers that are said to be signed,
// and compares. The client is told what should have been signed, as by the service.
func (s *signature) verify(ctx context.Context, x *Exchange, known aws.Credentials) error {
	var log signingLog
	want, err := s.compute(ctx, x, known, &log)
	if err != nil {
		return incompleteSignature("The request can't be signed: %s", err)
	}
	if hmac.Equal([]byte(want), []byte(s.value)) {
		return nil
	}
	return &Failure{Type: InvalidSignature, Message: fmt.Sprintf("The request signature we calculated does not match the signature you provided. "+
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"+
		"The Canonical String for this request should have been\n'%s'\n\nThe String-to-Sign should have been\n'%s'\n", log.canonical, log.toSign)}
}

// compute is the signature that the request should have.
func (s *signature) compute(ctx context.Context, x *Exchange, known aws.Credentials, log *signingLog) (string, error) {
	r := &http.Request{
		Method: x.Request.Method, Host: x.Request.Host, Header: http.Header{},
		URL: &url.URL{Scheme: "http", Host: x.Request.Host, Opaque: "//" + x.Request.Host + x.Request.Path},
	}
	for _, name := range s.signedHeaders {
		switch name {
		case "host", "x-amz-date": // the signer's own
		case "content-length":
			r.ContentLength = int64(len(x.Request.Body))
		default: // in lower case the signer leaves none out
			r.Header[name] = x.Request.Header.Values(name)
		}
	}
	var pairs []string
	for pair := range strings.SplitSeq(x.Request.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if !s.presigned || !slices.Contains([]string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"}, name) {
			pairs = append(pairs, pair)
		}
	}
	r.URL.RawQuery = strings.Join(pairs, "&")
	sum := sha256.Sum256(x.Request.Body)
	hash := hex.EncodeToString(sum[:])
	signer := v4.NewSigner(func(o *v4.SignerOptions) {
		o.DisableSessionToken, o.DisableHeaderHoisting, o.LogSigning, o.Logger = true, true, true, log
	})
	if s.presigned {
		signed, _, err := signer.PresignHTTP(ctx, known, r, hash, signingService, x.API.Region, s.at)
		_, value, _ := strings.Cut(signed, "&X-Amz-Signature=")
		return value, err
	}
	err := signer.SignHTTP(ctx, known, r, hash, signingService, x.API.Region, s.at)
	_, value, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	return value, err
}

// signingLog keeps what the signer logs: the canonical string and the string to sign.
type signingLog struct{ canonical, toSign any }

// Logf is the signer's message, of which only the arguments are of interest.
func (l *signingLog) Logf(_ logging.Classification, _ string, args ...any) {
	if len(args) > 1 {
		l.canonical, l.toSign = args[0], args[1]
	}
}

// isSignature says whether a header is a signature of version 4, which no
// backend gets to see.
func isSignature(f Field) bool {
	return strings.EqualFold(f.Name, "Authorization") && strings.HasPrefix(f.Value, signingAlgorithm)
}

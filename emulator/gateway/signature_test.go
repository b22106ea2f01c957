package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// signedAPI has one method that asks for AWS_IAM; the key is AKIDLOCAL/secret,
// the time 2023-11-14 22:13:20 UTC.
func signedAPI(t *testing.T, known aws.Credentials) *Gateway {
	t.Helper()
	api := newTestAPI([2]string{"ANY", "/a/{id}"})
	api.Region = "us-east-1"
	m := api.Resources[0].Methods["ANY"]
	m.AuthorizationType = "AWS_IAM"
	m.Integration.Responses[0].ResponseTemplates = map[string]*MappingTemplate{"application/json": mustTemplate(t,
		"$context.identity.accessKey $context.identity.accountId $context.identity.caller $context.identity.user $context.identity.userArn")}
	return New(Options{
		API: api, Now: func() time.Time { return time.Unix(1700000000, 0) },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return known, nil }),
	})
}

var localKey = aws.Credentials{AccessKeyID: "AKIDLOCAL", SecretAccessKey: "secret"}

// signedByHand was signed by a program of its own, not by the signer that the
// gateway uses: escapes in the path, a query out of order, a header that the
// signer leaves out by itself.
func signedByHand() *Request {
	return &Request{
		Method: "POST", Path: "/test/a/%C3%BC", RawQuery: "b=2+3&a=%C3%BC&a=1", Host: "api.local:8080", Body: []byte(`{"id":1}`),
		Header: Header{
			{"Content-Type", "application/json"}, {"User-Agent", "probe  1"}, {"X-Amz-Date", "20231114T221320Z"},
			{"Authorization", "AWS4-HMAC-SHA256 Credential=AKIDLOCAL/20231114/us-east-1/execute-api/aws4_request, " +
				"SignedHeaders=content-type;host;user-agent;x-amz-date, Signature=585d7688d9565a54d2204ba15712c5c4e99fb01a84cd771cfc23f84e330f3710"},
		},
	}
}

func TestSignature(t *testing.T) {
	replace := func(old, with string) func(*Request) {
		return func(r *Request) {
			for i := range r.Header {
				r.Header[i].Value = strings.Replace(r.Header[i].Value, old, with, 1)
			}
		}
	}
	tests := []struct {
		name      string
		change    func(*Request)
		errorType string // "" when the request is allowed
		message   string // part of it
	}{
		{"right", func(*Request) {}, "", ""},
		{"unsigned", func(r *Request) { r.Header.Del("Authorization") }, "MissingAuthenticationTokenException", "Missing Authentication Token"},
		{"bearer token", func(r *Request) { r.Header.Set("Authorization", "Bearer token") }, "IncompleteSignatureException",
			"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'PEaenWxYddN6Q/NT1PiOYfz4EsZu7jRXRlpAsNpBU+A='."},
		{"bare token", func(r *Request) { r.Header.Set("Authorization", "token") }, "IncompleteSignatureException",
			"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
				"Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded with Base64) Authorization=PEaenWxYddN6Q/NT1PiOYfz4EsZu7jRXRlpAsNpBU+A="},
		{"no date", func(r *Request) { r.Header.Del("X-Amz-Date") }, "IncompleteSignatureException",
			"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."},
		{"short credential", replace("/aws4_request", ""), "IncompleteSignatureException", "exactly 5 slash-delimited elements"},
		{"odd date", replace("20231114T221320Z", "now"), "IncompleteSignatureException", "Got 'now'"},
		{"host not signed", replace("host;", ""), "InvalidSignatureException", "must be a 'SignedHeader'"},
		{"other scope", replace("20231114/us-east-1/execute-api/aws4_request", "20231113/eu-west-1/sqs/aws3"), "InvalidSignatureException",
			"Credential should be scoped to a valid region, not 'eu-west-1'. Credential should be scoped to correct service: 'execute-api'. " +
				"Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'. Date in Credential scope does not match"},
		{"expired", replace("20231114T221320Z", "20231114T220819Z"), "InvalidSignatureException",
			"Signature expired: 20231114T220819Z is now earlier than 20231114T220820Z (20231114T221320Z - 5 min.)"},
		{"from the future", replace("20231114T221320Z", "20231114T221821Z"), "InvalidSignatureException", "Signature not yet current: 20231114T221821Z is still later"},
		{"other key", replace("AKIDLOCAL", "AKIDOTHER"), "UnrecognizedClientException", "The security token included in the request is invalid."},
		{"session token", func(r *Request) { r.Header.Add("X-Amz-Security-Token", "t") }, "UnrecognizedClientException", "The security token"},
		{"other body", func(r *Request) { r.Body = []byte("{}") }, "InvalidSignatureException", "The request signature we calculated does not match"},
		{"other path", func(r *Request) { r.Path = "/test/a/1" }, "InvalidSignatureException", `The Canonical String for this request should have been\n'POST\n/test/a/1\n`},
		{"other query", func(r *Request) { r.RawQuery = "a=1" }, "InvalidSignatureException", `The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20231114T221320Z\n`},
		{"other signed header", replace("probe  1", "probe 2"), "InvalidSignatureException", "user-agent:probe 2"},
		{"other unsigned header", func(r *Request) { r.Header.Add("Accept", "text/plain") }, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := signedByHand()
			test.change(r)
			got := signedAPI(t, localKey).Handle(context.Background(), r)
			if test.errorType == "" {
				if want := "AKIDLOCAL 000000000000 000000000000 000000000000 arn:aws:iam::000000000000:root"; string(got.Body) != want {
					t.Errorf("got %d %s", got.StatusCode, got.Body)
				}
				return
			}
			if got.StatusCode != 403 || got.Header.Get("x-amzn-ErrorType") != test.errorType || !strings.Contains(string(got.Body), test.message) {
				t.Errorf("got %d %s %s", got.StatusCode, got.Header.Get("x-amzn-ErrorType"), got.Body)
			}
		})
	}
}

// TestSignatureOfTheSDK signs as the SDK does: presigned, and with a session.
func TestSignatureOfTheSDK(t *testing.T) {
	session := aws.Credentials{AccessKeyID: "ASIALOCAL", SecretAccessKey: "other", SessionToken: "the/token=="}
	sum := sha256.Sum256([]byte("{}"))
	now := time.Unix(1700000000, 0)
	newRequest := func(t *testing.T) *http.Request {
		r, err := http.NewRequest(http.MethodPut, "http://api.local/test/a/1?x-amz-meta=1&X-Amz-Expires=900", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "text/plain")
		return r
	}
	handle := func(t *testing.T, known aws.Credentials, r *http.Request) *Response {
		request := &Request{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Host: r.Host, Body: []byte("{}")}
		for name, values := range r.Header {
			request.Header.Add(name, values[0])
		}
		request.Header.Add("Content-Length", "2")
		return signedAPI(t, known).Handle(context.Background(), request)
	}
	t.Run("session", func(t *testing.T) {
		r := newRequest(t)
		if err := v4.NewSigner().SignHTTP(t.Context(), session, r, hex.EncodeToString(sum[:]), "execute-api", "us-east-1", now); err != nil {
			t.Fatal(err)
		}
		if got := handle(t, session, r); got.StatusCode != 200 {
			t.Errorf("got %d %s", got.StatusCode, got.Body)
		}
		ended := session
		ended.CanExpire, ended.Expires = true, now.Add(-time.Second)
		if got := handle(t, ended, r); got.Header.Get("x-amzn-ErrorType") != "ExpiredTokenException" {
			t.Errorf("got %d %s", got.StatusCode, got.Body)
		}
	})
	t.Run("presigned", func(t *testing.T) {
		at := now.Add(-14 * time.Minute) // longer than the window, within X-Amz-Expires
		url, _, err := v4.NewSigner().PresignHTTP(t.Context(), session, newRequest(t), hex.EncodeToString(sum[:]), "execute-api", "us-east-1", at)
		if err != nil {
			t.Fatal(err)
		}
		for _, tampered := range []bool{false, true} {
			r := newRequest(t)
			_, r.URL.RawQuery, _ = strings.Cut(url, "?")
			want := 200
			if tampered {
				r.URL.RawQuery, want = "x-amz-meta=2"+r.URL.RawQuery, 403
			}
			if got := handle(t, session, r); got.StatusCode != want {
				t.Errorf("tampered %v: %d %s", tampered, got.StatusCode, got.Body)
			}
		}
	})
}

func TestSignatureGoesToNoBackend(t *testing.T) {
	x := newTestExchange(signedByHand(), func(m *Method) { m.Integration.Type = "HTTP_PROXY" })
	if err := integrationRequest(context.Background(), x); err != nil || x.IntegrationRequest.Header.Has("Authorization") {
		t.Errorf("%v %v", err, x.IntegrationRequest.Header)
	}
	x = newTestExchange(&Request{Header: Header{{"Authorization", "Bearer token"}}}, func(m *Method) { m.Integration.Type = "HTTP_PROXY" })
	if err := integrationRequest(context.Background(), x); err != nil || !x.IntegrationRequest.Header.Has("Authorization") {
		t.Errorf("%v %v", err, x.IntegrationRequest.Header)
	}
}

func TestUnknownRouteWithAuthorization(t *testing.T) {
	g := New(Options{API: newTestAPI([2]string{"GET", "/a"})})
	tests := map[string]string{
		"": "MissingAuthenticationTokenException", "Bearer token": "IncompleteSignatureException",
	}
	for authorization, want := range tests {
		r := &Request{Method: "GET", Path: "/test/nowhere"}
		if authorization != "" {
			r.Header.Add("Authorization", authorization)
		}
		if got := g.Handle(context.Background(), r); got.StatusCode != 403 || got.Header.Get("x-amzn-ErrorType") != want {
			t.Errorf("Authorization %q: %d %s", authorization, got.StatusCode, got.Header.Get("x-amzn-ErrorType"))
		}
	}
}

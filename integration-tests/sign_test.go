package integrationtests

import (
	"bufio"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var credentialScope = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=(\w+)/20150830/([a-z0-9-]+)/([a-z-]+)/aws4_request, `)

func TestSign(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/sigv4.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Files) == 0 || len(archive.Files)%2 != 0 {
		t.Fatalf("%d files: want pairs of a request and its signature", len(archive.Files))
	}
	for i := 0; i < len(archive.Files); i += 2 {
		request, want := archive.Files[i], strings.TrimSpace(string(archive.Files[i+1].Data))
		t.Run(request.Name, func(t *testing.T) {
			scope := credentialScope.FindStringSubmatch(want)
			if scope == nil || archive.Files[i+1].Name != request.Name+": Authorization" {
				t.Fatalf("the file has no Authorization of %s", request.Name)
			}
			r, body := readRequest(t, string(request.Data))
			token := r.Header.Get("X-Amz-Security-Token")
			r.Header.Del("X-Amz-Security-Token")
			target := r.URL.String()
			s := signer{
				credentials: aws.Credentials{AccessKeyID: scope[1], SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", SessionToken: token},
				region:      scope[2],
				service:     scope[3],
			}
			if err := s.sign(t.Context(), r, body, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)); err != nil {
				t.Fatal(err)
			}
			got := http.Header{}
			for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
				got.Set(name, r.Header.Get(name))
			}
			wanted := http.Header{"Authorization": {want}, "X-Amz-Date": {"20150830T123600Z"}, "X-Amz-Security-Token": {token}}
			if diff := cmp.Diff(wanted, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if r.URL.String() != target {
				t.Errorf("the signature changed the URL from %s to %s", target, r.URL)
			}
		})
	}
}

// readRequest reads a request as a client would send it.
func readRequest(t *testing.T, text string) (*http.Request, string) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text + "\n")))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Scheme, r.URL.Host = "https", r.Host
	return r, string(body)
}

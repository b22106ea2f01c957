package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// planted begins every secret of the test. Long ones may be shown by their last
// six characters, as the service does.
const planted = "planted-"

var (
	templateKey = planted + "key-of-the-template-000000"
	// Requests have one of each list.
	authorizations = []string{
		"Bearer " + planted + "token-000000",
		"AWS4-HMAC-SHA256 Credential=" + planted + "credential/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + planted + "signature-000000",
	}
	apiKeys = []string{templateKey, planted + "key-of-nobody-000000"}
	query   = url.Values{
		"X-Amz-Signature":      {planted + "query-signature-000000"},
		"X-Amz-Credential":     {planted + "query-credential/20260101/us-east-1/execute-api/aws4_request"},
		"X-Amz-Security-Token": {planted + "query+token/000000=="},
	}.Encode()
)

// TestNoSecretInAnyLog serves requests that succeed and fail, and looks for their
// secrets, those of the answers and those of the environment in all that is
// printed, and in the traces. Only the announcement has the template's API key, in
// the request that it gives to try; what functions print is theirs.
func TestNoSecretInAnyLog(t *testing.T) {
	endpoint := httptest.NewServer(http.HandlerFunc(answerWithSecrets))
	defer endpoint.Close()
	for _, flags := range []string{"", "--debug", "--debug --trace"} {
		t.Run(flags, func(t *testing.T) {
			c := command(t, append([]string{"serve", "--template", "testdata/secrets.yaml", "--port", "0", "--allow-aws",
				"--parameter", "Endpoint=" + endpoint.URL, "--function", "Authorizer=" + endpoint.URL + "/authorizer"}, strings.Fields(flags)...)...)
			c.Env = append(c.Env, "AWS_ENDPOINT_URL="+endpoint.URL+"/aws", "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIAEXAMPLE",
				"AWS_SECRET_ACCESS_KEY="+planted+"secret-access-key-000000", "AWS_SESSION_TOKEN="+planted+"session-token-000000")
			var stdout, stderr bytes.Buffer
			c.Stderr = &stderr
			pipe, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(io.TeeReader(pipe, &stdout))
			base := baseURL(t, lines)
			statuses := sendSecrets(t, base)
			for _, want := range []int{200, 400, 403, 500, 504} {
				if !slices.Contains(statuses, want) {
					t.Errorf("no answer with %d among %v", want, statuses)
				}
			}
			traces := readTraces(t, strings.TrimSuffix(base, "test")+"_apigw/requests")
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			for lines.Scan() { // the rest
			}
			if err := c.Wait(); err != nil {
				t.Error(err)
			}
			announced := strings.ReplaceAll(stdout.String(), "-H 'x-api-key: "+templateKey+"'", "")
			for name, text := range map[string]string{"stdout": announced, "stderr": stderr.String(), "traces": traces} {
				if text == "" {
					t.Errorf("%s is empty", name)
				}
				for line := range strings.Lines(text) {
					if at := strings.Index(line, planted); at >= 0 {
						t.Errorf("%s: …%s", name, line[max(at-60, 0):min(at+60, len(line))])
					}
				}
			}
		})
	}
}

// answerWithSecrets is endpoint, authorizer and AWS.
func answerWithSecrets(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Set-Cookie", "session="+planted+"session-000000; Path=/")
	switch {
	case strings.HasPrefix(r.URL.Path, "/authorizer"):
		io.WriteString(w, `{"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}}`)
	case strings.HasPrefix(r.URL.Path, "/aws"), r.URL.Path == "/fault":
		http.Error(w, `{"message": "refused: `+r.Header.Get("Authorization")+" "+r.Header.Get("X-Amz-Security-Token")+`"}`, http.StatusInternalServerError)
	case r.URL.Path == "/cut":
		panic(http.ErrAbortHandler)
	default:
		fmt.Fprintf(w, `{"again": %q, "query": %q}`, r.Header.Get("Cookie"), r.URL.RawQuery)
	}
}

// sendSecrets asks every route with every secret, and for what no parser takes.
func sendSecrets(t *testing.T, base string) (statuses []int) {
	t.Helper()
	for _, path := range []string{"ok", "fault", "cut", "absent", "key", "signed", "authorized", "repeated", "unrendered", "table", "nowhere"} {
		for i := range authorizations {
			header := http.Header{
				"Authorization": {authorizations[i]}, "X-Api-Key": {apiKeys[i]}, "X-Amz-Date": {"20260101T000000Z"},
				"Cookie": {"session=" + planted + "cookie-000000; theme=dark"}, "X-Amz-Security-Token": {planted + "token-of-the-client-000000"},
			}
			for _, query := range []string{query, ""} {
				statuses = append(statuses, send(t, base, "GET /test/"+path+"?"+query+" HTTP/1.1\r\n", header))
			}
			statuses = append(statuses, send(t, base, "GET /test/"+path+"?"+query+" HTTP/1.1\r\nNo Header: "+planted+"\r\nno colon\r\n", header))
		}
	}
	return statuses
}

// send writes the beginning of a request as it is, then the header.
func send(t *testing.T, base, start string, header http.Header) int {
	t.Helper()
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "%sHost: %s\r\nConnection: close\r\n", start, address.Host)
	header.Write(connection)
	io.WriteString(connection, "\r\n")
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// readTraces gives the list of requests, and each with all that it went through.
func readTraces(t *testing.T, url string) string {
	t.Helper()
	text := get(t, url)
	var list []trace.Summary
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) == 0 {
		t.Fatalf("no requests: %v in %s", err, text)
	}
	for _, summary := range list {
		text += "\n" + get(t, url+"/"+summary.ID)
	}
	return text
}

func get(t *testing.T, url string) string {
	t.Helper()
	status, body := request(t, "GET", url, "")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", url, status, body)
	}
	return body
}

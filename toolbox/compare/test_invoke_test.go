package compare

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// orders serves testdata/orders.yaml's backend and returns the template that names it.
func orders(t *testing.T) string {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(backend.Close)
	text, err := os.ReadFile("testdata/orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "orders.yaml")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "BACKEND", backend.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// invoked is what the tests' control plane got in a call of TestInvokeMethod.
type invoked struct {
	PathWithQueryString, Body string
	Headers                   map[string]string
	MultiValueHeaders         map[string][]string
	StageVariables            map[string]string
}

// controlPlane answers as API Gateway's own API does for an API with POST /orders.
func controlPlane(t *testing.T, answer map[string]any, got *invoked) {
	t.Helper()
	mux := http.NewServeMux()
	reply := func(value any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(value) }
	}
	mux.HandleFunc("GET /restapis/api1/resources", reply(map[string]any{"item": []any{
		map[string]any{"id": "r0", "path": "/"},
		map[string]any{"id": "r1", "path": "/orders", "resourceMethods": map[string]any{"POST": map[string]any{}}},
	}}))
	mux.HandleFunc("GET /restapis/api1/stages/test", reply(map[string]any{"variables": map[string]any{"table": "deployed-orders"}}))
	mux.HandleFunc("POST /restapis/api1/resources/r1/methods/POST", func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(got); err != nil {
			t.Error(err)
		}
		reply(answer)(w, r)
	})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) { // STS
		if strings.Contains(r.Header.Get("Authorization"), "Credential=expired/") {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>")
			return
		}
		_, _ = fmt.Fprint(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-ErrorType", "NotFoundException")
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"message":"Invalid API identifier specified"}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	awsEnvironment(t, server.URL, "test")
}

func awsEnvironment(t *testing.T, endpoint, key string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": key, "AWS_REGION": "us-east-1",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
}

// executed is a log in AWS's words around the body that the endpoint got.
func executed(endpointRequestBody string) string {
	const time = "Tue Nov 24 08:00:00 UTC 2026 : "
	return strings.Join([]string{
		"Execution log for request 5b1d1d0c-0000-4000-8000-000000000001",
		time + "Starting execution for request: 5b1d1d0c-0000-4000-8000-000000000001",
		time + "HTTP Method: POST, Resource Path: /orders",
		time + "Method request body before transformations: {\"customer\":\"c\"}",
		time + "Endpoint request URI: https://backend.example/",
		time + "Endpoint request body after transformations: " + endpointRequestBody,
		time + "Sending request to https://backend.example/",
		time + "Method completed with status: 200",
		"",
	}, "\n")
}

const order = "-- request POST /orders?a=1&b=%2F --\nContent-Type: application/json\nX-Two: 1\n\n{\"customer\":\"c\"}\n-- expect --\n"

func TestRunWithTestInvoke(t *testing.T) {
	sent := `{"table": "deployed-orders", "customer": "c", "at": "5b1d1d0c-0000-4000-8000-000000000001"}`
	varies := "1 ignored endpoint request body /at: differs between two plays on the local gateway too\n"
	tests := []struct {
		name string
		text string // of the case
		log  string
		with map[string]any // members of the answer that are not as they should be
		want string
	}{
		{name: "same", text: order, log: executed(sent), want: varies},
		{name: "lines in a body", text: order, log: executed(strings.ReplaceAll(sent, ", ", ",\n\n")), want: varies},
		{name: "template made something else", text: order, log: executed(strings.Replace(sent, `"c"`, `"\"c\""`, 1)),
			want: "1 endpoint request body /customer: \"c\" | \"\\\"c\\\"\"\n" + varies},
		{name: "stage variable not set", text: order, log: executed(strings.Replace(sent, "deployed-orders", "", 1)),
			want: "1 endpoint request body /table: \"local-orders\" | \"\"\n" + varies},
		{name: "log cut", text: order, log: executed(`{"table": "deployed-orders", "cus` + cutMark),
			want: "1 ignored endpoint request body: compared as far as the log goes, 33 bytes\n"},
		{name: "log cut and different", text: order, log: executed(`{"tables": "deployed-orders", "customer": "` + cutMark),
			want: "1 endpoint request body: {\"table\": \"local-orders\", \"customer\": \"c\",  | {\"tables\": \"deployed-orders\", \"customer\": \"\n" +
				"1 ignored endpoint request body: compared as far as the log goes, 43 bytes\n"},
		{name: "name of a header", text: order, log: executed(sent), with: map[string]any{"multiValueHeaders": map[string]any{"content-type": []string{"application/json"}, "Vary": []string{"Origin"}}},
			want: "1 header name Content-Type: Content-Type | content-type\n" + varies},
		{name: "answer", text: order, log: executed(sent), with: map[string]any{"status": 500, "body": `{"message": "Internal server error"}`, "multiValueHeaders": map[string]any{}},
			want: "1 status: 200 | 500\n1 header Content-Type: application/json | (none)\n1 header Vary: Origin | (none)\n" +
				"1 body: {\"stored\": true} | {\"message\": \"Internal server error\"}\n" + varies},
		{name: "answer of the gateway itself", text: strings.Replace(order, "?a=1&b=%2F", "?a=", 1), log: executed(sent),
			with: map[string]any{"status": 400, "body": `{"message": "Missing required request parameters: [a]"}`, "multiValueHeaders": map[string]any{"x-amzn-ErrorType": []string{"BadRequestException"}}},
			want: "1 ignored header: TestInvokeMethod leaves out the headers of answers that the gateway makes itself\n"},
		{name: "request ID is the log's", text: order + "-- capture --\nid = header x-amzn-RequestId\n-- request GET /${id} --\n-- expect 403 --\n", log: executed(sent),
			want: "2 not comparable: no method takes the request; TestInvokeMethod calls a method\n"},
		{name: "another content type", text: strings.Replace(order, "/json", "/xml", 1),
			want: "1 not comparable: TestInvokeMethod takes every body as application/json\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := map[string]any{
				"status": 200, "body": `{"stored": true}`, "log": test.log,
				"multiValueHeaders": map[string]any{"Content-Type": []string{"application/json"}, "Vary": []string{"Origin"}},
			}
			for name, value := range test.with {
				answer[name] = value
			}
			var got invoked
			controlPlane(t, answer, &got)
			report, err := Run(t.Context(), Options{
				Local:    emulator.Options{App: orders(t)},
				Cases:    []*integrationtests.Case{parse(t, test.text)},
				Deployed: Deployed{URL: "https://api1.execute-api.us-east-1.amazonaws.com/test", TestInvoke: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, findings(report)); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
			if report.Cases[0].Steps[0].Verdict == NotComparable {
				return
			}
			want := invoked{
				PathWithQueryString: strings.Fields(test.text)[3], Body: `{"customer":"c"}`, StageVariables: map[string]string{"table": "deployed-orders"},
				Headers: map[string]string{"Content-Type": "application/json", "X-Two": "1"},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("call: want - got +\n%s", diff)
			}
		})
	}
}

func TestDeployedMethodMissing(t *testing.T) {
	controlPlane(t, nil, &invoked{})
	report, err := Run(t.Context(), Options{
		Local: emulator.Options{App: api}, Cases: []*integrationtests.Case{parse(t, greet)},
		Deployed: Deployed{APIID: "api1", TestInvoke: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := findings(report), "1 method: GET /greeting | (none)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTestInvokeIsOutOfReach(t *testing.T) {
	tests := []struct{ name, url, key, region, want string }{
		{"no such API", "https://api2.execute-api.us-east-1.amazonaws.com/test", "test", "us-east-1",
			"there is no API api2 in account 111122223333, region us-east-1: deploy it, or name another by --url, --api-id"},
		{"no such stage", "https://api1.execute-api.us-east-1.amazonaws.com/prod", "test", "us-east-1",
			"there is no stage prod of API api1 in account 111122223333"},
		{"Region of the URL", "https://api2.execute-api.eu-west-1.amazonaws.com/test", "test", "", "region eu-west-1"},
		{"no Region", "https://api.example/_aws/execute-api/api1/test", "test", "", "no AWS Region is configured"},
		{"expired", "https://api1.execute-api.us-east-1.amazonaws.com/test", "expired", "us-east-1", "the AWS credentials have expired"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			controlPlane(t, nil, &invoked{})
			t.Setenv("AWS_ACCESS_KEY_ID", test.key)
			t.Setenv("AWS_REGION", test.region)
			_, err := Run(t.Context(), Options{
				Local: emulator.Options{App: api}, Cases: []*integrationtests.Case{parse(t, greet)},
				Deployed: Deployed{URL: test.url, TestInvoke: true},
			})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

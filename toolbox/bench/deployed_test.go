package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

const (
	apiGroup      = "access"
	functionGroup = "orders"
	functionARN   = "arn:aws:lambda:us-east-1:111122223333:function:orders"
)

// standIn answers as the deployed kit does for two routes, and as the services that tell of it.
type standIn struct {
	mu           sync.Mutex
	requests     int
	unsigned     int // of them
	answer       string
	logging      bool
	text         bool // the form of the function's log
	late         int  // readings of the logs in which nothing is there yet
	lines        map[string][]string
	fresh        bool // the function's next invocation gets a new environment
	descriptions []string
}

// serve puts the stand-in at the AWS endpoint and returns the URL of the stage.
func (s *standIn) serve(t *testing.T) string {
	t.Helper()
	s.lines = map[string][]string{}
	mux := http.NewServeMux()
	reply := func(value any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(value) }
	}
	mux.HandleFunc("GET /_aws/execute-api/api1/prod", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /_aws/execute-api/api1/prod/mock", s.request(200, "-", func() string { return s.answer }))
	mux.HandleFunc("POST /_aws/execute-api/api1/prod/lambda-proxy/orders", s.request(201, "40",
		func() string { return strings.ReplaceAll(storedOrder, "*", "x") }))
	mux.HandleFunc("GET /restapis/api1/resources", reply(map[string]any{"item": []any{
		resource("/mock", "GET", ""),
		resource("/lambda-proxy/orders", "POST", "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"+functionARN+"/invocations"),
	}}))
	stage := map[string]any{}
	if s.logging {
		stage["accessLogSettings"] = map[string]any{"destinationArn": "arn:aws:logs:us-east-1:111122223333:log-group:" + apiGroup}
	}
	mux.HandleFunc("GET /restapis/api1/stages/prod", reply(stage))
	function := map[string]any{
		"FunctionName": "orders", "Description": "takes orders", "LastUpdateStatus": "Successful",
		"LoggingConfig": map[string]any{"LogGroup": functionGroup},
	}
	mux.HandleFunc("GET /2015-03-31/functions/{name}/configuration", reply(function))
	mux.HandleFunc("PUT /2015-03-31/functions/{name}/configuration", func(w http.ResponseWriter, r *http.Request) {
		var change struct{ Description string }
		if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fresh, s.descriptions = true, append(s.descriptions, change.Description)
		reply(function)(w, r)
	})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") == "Logs_20140328.FilterLogEvents" {
			s.filter(t, w, r)
			return
		}
		_, _ = fmt.Fprint(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return server.URL + "/_aws/execute-api/api1/prod"
}

func resource(path, method, uri string) map[string]any {
	return map[string]any{
		"id": path, "path": path,
		"resourceMethods": map[string]any{method: map[string]any{"httpMethod": method, "methodIntegration": map[string]any{"uri": uri}}},
	}
}

// request answers, and logs 3 ms of the gateway beside the integration's.
func (s *standIn) request(status int, integration string, answer func() string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests++
		if !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/execute-api/aws4_request") {
			s.unsigned++
		}
		whole := "3"
		if integration != "-" {
			whole = "43"
			s.lines[functionGroup] = append(s.lines[functionGroup], "a line of its own", s.report())
		}
		s.lines[apiGroup] = append(s.lines[apiGroup],
			fmt.Sprintf(`{"requestId":"r%d","responseLatency":"%s","integrationLatency":"%s","integrationRequestId":"i%d"}`, s.requests, whole, integration, s.requests),
			`{"requestId":"another's","responseLatency":"900","integrationLatency":"1","integrationRequestId":"-"}`)
		w.Header().Set("x-amzn-RequestId", fmt.Sprintf("r%d", s.requests))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer())
	}
}

func (s *standIn) report() string {
	fresh := s.fresh
	s.fresh = false
	switch {
	case s.text && fresh:
		return fmt.Sprintf("REPORT RequestId: i%d\tDuration: 1.20 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 30 MB\tInit Duration: 61.50 ms\t\n", s.requests)
	case s.text:
		return fmt.Sprintf("REPORT RequestId: i%d\tDuration: 1.20 ms\tBilled Duration: 2 ms\tMemory Size: 256 MB\tMax Memory Used: 30 MB\t\n", s.requests)
	case fresh:
		return fmt.Sprintf(`{"time":"2026-11-24T15:00:00.000Z","type":"platform.report","record":{"requestId":"i%d","metrics":{"durationMs":1.2,"initDurationMs":61.5},"status":"success"}}`, s.requests)
	}
	return fmt.Sprintf(`{"time":"2026-11-24T15:00:00.000Z","type":"platform.report","record":{"requestId":"i%d","metrics":{"durationMs":1.2},"status":"success"}}`, s.requests)
}

// filter gives a page for each line.
func (s *standIn) filter(t *testing.T, w http.ResponseWriter, r *http.Request) {
	var input struct {
		LogGroupName, NextToken string
		StartTime               int64
	}
	if err := json.NewDecoder(r.Body).Decode(&input); err != nil {
		t.Error(err)
	}
	if since := time.Since(time.UnixMilli(input.StartTime)); since < time.Minute || since > 2*time.Minute {
		t.Errorf("reads the log since %v", since)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	page := map[string]any{"events": []any{}}
	at := 0
	_, _ = fmt.Sscan(input.NextToken, &at)
	if lines := s.lines[input.LogGroupName]; s.late > 0 {
		s.late--
	} else if at < len(lines) {
		page["events"], page["nextToken"] = []any{map[string]any{"message": lines[at]}}, fmt.Sprint(at+1)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(page)
}

const mockAnswer = `{ "message": "This is a mock response" }`

// run measures the stand-in without waiting for late lines.
func (s *standIn) run(t *testing.T, o DeployedOptions) (*DeployedReport, error) {
	t.Helper()
	o.Rate, o.Progress = mostRate, t.Output()
	routes, err := chosen(o.Routes)
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if m.service != nil {
		m.service.every = time.Millisecond
	}
	return m.run(t.Context(), routes)
}

// figures are what the service tells of a route; times of the client differ from run to run.
type figures struct {
	Requests, Logged           int
	Gateway, Integration, Init string
}

func figuresOf(l Latencies) figures {
	return figures{l.Requests, l.Logged, l.Gateway.String(), l.Integration.String(), l.Init.String()}
}

func TestRunDeployed(t *testing.T) {
	const none = nothing
	for _, test := range []struct {
		name         string
		standIn      *standIn
		options      DeployedOptions
		cold, warm   figures
		service      string // why there are no figures of it
		descriptions []string
		wrong        string
	}{
		{
			name: "no function", standIn: &standIn{logging: true, answer: mockAnswer},
			options: DeployedOptions{Routes: []string{"mock"}, Requests: 3},
			cold:    figures{1, 1, "3.0, 3.0", none, none}, warm: figures{2, 2, "3.0, 3.0", none, none},
		},
		{
			name: "function that is warm", standIn: &standIn{logging: true},
			options: DeployedOptions{Routes: []string{"lambda-proxy"}, Requests: 3},
			cold:    figures{0, 0, none, none, none}, warm: figures{3, 3, "3.0, 3.0", "40.0, 40.0", none},
		},
		{
			name: "new environments", standIn: &standIn{logging: true},
			options: DeployedOptions{Routes: []string{"lambda-proxy"}, Requests: 3, Cold: 2},
			cold:    figures{2, 2, "3.0, 3.0", "40.0, 40.0", "61.5, 61.5"}, warm: figures{3, 3, "3.0, 3.0", "40.0, 40.0", none},
			descriptions: []string{"environment 1", "environment 2", "takes orders"},
		},
		{
			name: "log of text, lines that come late", standIn: &standIn{logging: true, text: true, fresh: true, late: 3},
			options: DeployedOptions{Routes: []string{"lambda-proxy"}, Requests: 3},
			cold:    figures{1, 1, "3.0, 3.0", "40.0, 40.0", "61.5, 61.5"}, warm: figures{2, 2, "3.0, 3.0", "40.0, 40.0", none},
		},
		{
			name: "no access log", standIn: &standIn{},
			options: DeployedOptions{Routes: []string{"lambda-proxy"}, Requests: 3},
			cold:    figures{1, 0, none, none, none}, warm: figures{2, 0, none, none, none},
			service: "stage prod has no access log: deploy it with -c logging=access",
		},
		{
			name: "signed", standIn: &standIn{logging: true, answer: mockAnswer},
			options: DeployedOptions{Routes: []string{"mock"}, Requests: 2, Sign: true},
			cold:    figures{1, 1, "3.0, 3.0", none, none}, warm: figures{1, 1, "3.0, 3.0", none, none},
		},
		{
			name: "wrong answer", standIn: &standIn{logging: true, answer: "{}"},
			options: DeployedOptions{Routes: []string{"mock"}, Requests: 2},
			cold:    figures{0, 0, none, none, none}, warm: figures{0, 0, none, none, none},
			wrong: `request 1: answered 200 "{}", want 200 "{ \"message\": \"This is a mock response\" }"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.standIn
			test.options.URL = s.serve(t)
			report, err := s.run(t, test.options)
			if err != nil {
				t.Fatal(err)
			}
			route := report.Routes[0]
			if diff := cmp.Diff([]figures{test.cold, test.warm}, []figures{figuresOf(route.Cold), figuresOf(route.Warm)}); diff != "" {
				t.Errorf("cold, warm (-want +got):\n%s", diff)
			}
			if report.Service != test.service || route.Wrong != test.wrong {
				t.Errorf("service %q, wrong %q\nwant    %q, wrong %q", report.Service, route.Wrong, test.service, test.wrong)
			}
			if signed := s.unsigned == 0; signed != test.options.Sign {
				t.Errorf("signed: %v, want %v", signed, test.options.Sign)
			}
			if len(s.descriptions) != len(test.descriptions) {
				t.Fatalf("descriptions %q, want %q", s.descriptions, test.descriptions)
			}
			for i, want := range test.descriptions {
				if !strings.HasSuffix(s.descriptions[i], want) {
					t.Errorf("description %q, want %q", s.descriptions[i], want)
				}
			}
		})
	}
}

func TestDeployedText(t *testing.T) {
	one := &Quantiles{3, 4.25}
	r := &DeployedReport{
		URL: "https://api1.execute-api.us-east-1.amazonaws.com/prod", Requests: 2, Rate: 5, CleanUp: "run x: removed",
		Routes: []DeployedRoute{
			{Name: "mock", Cold: Latencies{Requests: 1, Connect: one, TLS: one, FirstByte: one}, Warm: Latencies{Requests: 1, Logged: 1, FirstByte: one, Gateway: one}},
			{Name: "sns", Wrong: "request 1: answered 500"},
		},
	}
	var b strings.Builder
	if err := r.WriteText(&b, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	want := `https://api1.execute-api.us-east-1.amazonaws.com/prod, 2 requests of each route, at most 5 a second
milliseconds: the half, and 99 of 100, are not above

ROUTE        REQUESTS  LOGGED  GATEWAY   INTEGRATION  INIT  FIRST BYTE  CONNECT   TLS
mock   cold  1         0       –         –            –     3.0, 4.2    3.0, 4.2  3.0, 4.2
mock   warm  1         1       3.0, 4.2  –            –     3.0, 4.2    –         –

sns: request 1: answered 500
run x: removed
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Wrong() != 1 {
		t.Errorf("%d routes without numbers, want 1", r.Wrong())
	}
}

func TestDeployedBounds(t *testing.T) {
	for _, test := range []struct {
		name    string
		options DeployedOptions
		want    string
	}{
		{"no requests", DeployedOptions{Rate: 5}, "0 requests of each route: want 1 to 1000"},
		{"too many", DeployedOptions{Requests: 1001, Rate: 5}, "1001 requests of each route: want 1 to 1000"},
		{"no rate", DeployedOptions{Requests: 1}, "0 requests a second: want more than 0, and at most 50"},
		{"too fast", DeployedOptions{Requests: 1, Rate: 51}, "51 requests a second: want more than 0, and at most 50"},
		{"too cold", DeployedOptions{Requests: 1, Rate: 5, Cold: 21}, "21 new environments of each function: want at most 20"},
		{"unknown route", DeployedOptions{Requests: 1, Rate: 5, Routes: []string{"sqs"}}, `no route "sqs"`},
		{"no address", DeployedOptions{Requests: 1, Rate: 5}, "no deployed API is named"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := RunDeployed(t.Context(), test.options); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestStopwatch: only the first request on a connection has times of its opening.
func TestStopwatch(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	for i := range 2 {
		clock := &stopwatch{}
		r, err := http.NewRequestWithContext(clock.watch(t.Context()), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		one := clock.sample("")
		if opened := one.connect > 0 && one.handshake > 0; opened != (i == 0) || one.firstByte <= 0 {
			t.Errorf("request %d: connect %v, TLS %v, first byte %v", i+1, one.connect, one.handshake, one.firstByte)
		}
	}
}

package awsservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

const (
	account    = "000000000000"
	topicARN   = "arn:aws:sns:us-east-1:000000000000:notifications"
	machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:"
	runARN     = "arn:aws:states:us-east-1:000000000000:execution:"
)

func load(t *testing.T, file string) *cfn.Assembly {
	t.Helper()
	a, err := cfn.Load(filepath.Join("testdata", file), cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// loadText loads a template's text.
func loadText(t *testing.T, template string) *cfn.Assembly {
	t.Helper()
	file := filepath.Join(t.TempDir(), "services.yaml")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := cfn.Load(file, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// environment stands in for the process's.
func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// startServices serves testdata/services.yaml with real engines until the test
// ends. The engines need `npm ci`.
func startServices(t *testing.T, o Options) *Services {
	t.Helper()
	if o.Assembly == nil {
		o.Assembly = load(t, "services.yaml")
	}
	o.WorkDir, o.Getenv, o.AllowFunctions = t.TempDir(), environment(nil), true
	s, problems := New(o)
	for _, p := range problems {
		if strings.Contains(p.Message, "npm") {
			t.Fatal(p)
		}
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// do calls an action as an integration would.
func do(t *testing.T, s *Services, uri, contentType, body string) *Answer {
	t.Helper()
	target, err := ParseURI("arn:aws:apigateway:us-east-1:" + uri)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	call := &Call{Target: target, AccountID: account, Method: "POST", Header: http.Header{}, Body: []byte(body)}
	if contentType != "" {
		call.Header.Set("Content-Type", contentType)
	}
	answer, err := s.Do(ctx, call)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// doJSON is do for an action with JSON input and output.
func doJSON(t *testing.T, s *Services, uri, body string) (int, map[string]any) {
	t.Helper()
	answer := do(t, s, uri, "application/json", body)
	var object map[string]any
	if err := json.Unmarshal(answer.Body, &object); err != nil {
		t.Fatalf("%s: answer %d is not JSON: %s", uri, answer.StatusCode, answer.Body)
	}
	return answer.StatusCode, object
}

func TestEmbeddedDynamoDB(t *testing.T) {
	began := time.Now()
	s := startServices(t, Options{})
	put := `{"TableName":"orders","Item":{"customerId":{"S":"c1"},"orderId":{"S":"o1"},"createdAt":{"S":"2026"}},"ConditionExpression":"attribute_not_exists(orderId)"}`
	status, answer := doJSON(t, s, "dynamodb:action/PutItem", put)
	if status != 200 || len(answer) != 0 {
		t.Fatalf("PutItem: %d %v", status, answer)
	}
	t.Logf("first answer of DynamoDB after %v", time.Since(began))

	tests := []struct {
		name, action, input string
		status              int
		count               any
		fault               string
	}{
		{"condition fails", "PutItem", put, 400, nil, "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"},
		{"local index", "Query", `{"TableName":"orders","IndexName":"byCreatedAt","KeyConditionExpression":"customerId = :c","ExpressionAttributeValues":{":c":{"S":"c1"}}}`, 200, 1.0, ""},
		{"global index", "Query", `{"TableName":"orders","IndexName":"byOrder","KeyConditionExpression":"orderId = :o","ExpressionAttributeValues":{":o":{"S":"o1"}}}`, 200, 1.0, ""},
		{"unknown table", "PutItem", `{"TableName":"others","Item":{"id":{"S":"1"}}}`, 400, nil, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, answer := doJSON(t, s, "dynamodb:action/"+test.action, test.input)
			fault, _ := answer["__type"].(string)
			if status != test.status || answer["Count"] != test.count || fault != test.fault {
				t.Errorf("got %d %v", status, answer)
			}
		})
	}
}

func TestEnvLeadsSDKsToTheEngines(t *testing.T) {
	s := startServices(t, Options{LambdaEndpoint: "http://127.0.0.1:9"})
	env, err := s.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SFN", "AWS_ENDPOINT_URL_SNS", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_LAMBDA"} {
		endpoint, err := url.Parse(env[name])
		if err != nil || endpoint.Hostname() != "127.0.0.1" {
			t.Errorf("%s = %q, want loopback", name, env[name])
		}
	}
	if env["AWS_REGION"] != "us-east-1" || env["AWS_ACCESS_KEY_ID"] == "" {
		t.Errorf("region or credentials are missing: %v", env)
	}
	response, err := http.Get(env["AWS_ENDPOINT_URL"])
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotImplemented {
		t.Errorf("a service without endpoint answers %d", response.StatusCode)
	}
}

// engineFaults serves testdata/services.yaml and gives what ends the engines'
// process: a kill, of the one that runs then.
func engineFaults(t *testing.T, o Options) (s *Services, log *logLines, kill func()) {
	log = &logLines{}
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	s = startServices(t, o)
	return s, log, func() {
		t.Helper()
		s.sidecar.mu.Lock()
		process := s.sidecar.process
		s.sidecar.mu.Unlock()
		if err := process.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-process.ended
	}
}

const aTable = `{"TableName":"orders"}`

func TestEnginesAreStartedAgain(t *testing.T) {
	s, log, kill := engineFaults(t, Options{})
	doJSON(t, s, "dynamodb:action/PutItem", `{"TableName":"orders","Item":{"customerId":{"S":"c1"},"orderId":{"S":"o1"}}}`)
	before, err := s.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kill()
	status, answer := doJSON(t, s, "dynamodb:action/Scan", aTable) // it waits
	if status != 200 || answer["Count"] != 0.0 {
		t.Errorf("after the restart: %d %v", status, answer)
	}
	after, err := s.Env(t.Context())
	if err != nil || !maps.Equal(before, after) {
		t.Errorf("programs knew %v, the engines are at %v (%v)", before, after, err)
	}
	if status, answer := doJSON(t, s, "states:action/ListExecutions", `{"stateMachineArn":"`+machineARN+`waiting"}`); status != 200 {
		t.Errorf("Step Functions after the restart: %d %v", status, answer)
	}
	for _, want := range []string{"level=ERROR", "signal: killed", "items of tables and executions are lost"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
}

func TestEnginesThatEndAgainAndAgain(t *testing.T) {
	s, log, kill := engineFaults(t, Options{})
	for range maxRestarts + 1 {
		doJSON(t, s, "dynamodb:action/Scan", aTable)
		kill()
	}
	<-s.sidecar.gone
	target, err := ParseURI("arn:aws:apigateway:us-east-1:dynamodb:action/Scan")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Do(t.Context(), &Call{Target: target, Body: []byte(aTable)})
	if err == nil || !strings.Contains(err.Error(), "embedded engines (DynamoDB, Step Functions) has ended: signal: killed") {
		t.Errorf("call after the last: %v", err)
	}
	if want := "not started again: restart the gateway"; !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %q: %s", want, log)
	}
}

// TestCloseWhileEnginesStart has nothing to report: what is closed needs no tables.
func TestCloseWhileEnginesStart(t *testing.T) {
	var log logLines
	s := startServices(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if log.String() != "" {
		t.Errorf("log: %s", log.String())
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	s, _ := New(Options{Assembly: load(t, "services.yaml"), Getenv: environment(nil), WorkDir: t.TempDir(), AllowFunctions: true})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	doJSON(t, s, "dynamodb:action/ListTables", "{}")
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state := s.sidecar.process.cmd.ProcessState; state == nil || !state.Success() {
		t.Errorf("engine process ended with %v", state)
	}
}

func TestEnginesGetNoCredentials(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "the developer's")
	for _, variable := range startServices(t, Options{}).sidecar.process.cmd.Environ() {
		if strings.HasPrefix(variable, "AWS_") {
			t.Errorf("the engines' environment has %s", variable)
		}
	}
}

func TestMissingEngineSaysHowToInstall(t *testing.T) {
	a := load(t, "empty.yaml")
	a.Dir = t.TempDir()
	t.Chdir(a.Dir)
	s := &Services{options: Options{Assembly: a, AllowFunctions: true}}
	if _, err := s.findPackage("dynalite"); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("got %v", err)
	}
}

// TestPackageOfTheTemplateIsItsCode has a package beside the template.
func TestPackageOfTheTemplateIsItsCode(t *testing.T) {
	a := load(t, "empty.yaml")
	a.Dir = t.TempDir()
	t.Chdir(a.Dir)
	planted := filepath.Join(a.Dir, "node_modules")
	file := filepath.Join(planted, "dynalite", "package.json")
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("{}"), 0o644)); err != nil {
		t.Fatal(err)
	}
	s := &Services{options: Options{Assembly: a}}
	if found, err := s.findPackage("dynalite"); err == nil || !strings.Contains(err.Error(), "pass --allow-functions") {
		t.Errorf("found %s: %v", found, err)
	}
	s.options.AllowFunctions = true
	if found, err := s.findPackage("dynalite"); err != nil || found != planted {
		t.Errorf("found %s: %v", found, err)
	}
}

// fakeLambda is the Lambda Invoke API over a Go function that answers a
// payload with a result or an error object.
func fakeLambda(t *testing.T, invoke func(name string, payload map[string]any) (result any, failed bool)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		if len(parts) != 4 || parts[0] != "2015-03-31" || parts[3] != "invocations" {
			http.Error(w, fmt.Sprintf("no path %s", r.URL.Path), http.StatusNotFound)
			return
		}
		text, _ := io.ReadAll(r.Body)
		var payload map[string]any
		if err := json.Unmarshal(text, &payload); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		result, failed := invoke(parts[2], payload)
		if failed {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		json.NewEncoder(w).Encode(result)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestCloseReportsNothingWhenCutIdle(t *testing.T) {
	s := startServices(t, Options{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Close(ended); err != nil {
		t.Error(err)
	}
}

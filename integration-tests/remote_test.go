package integrationtests

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func writeOutputs(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outputs.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// play plays some of the kit's cases, all of which have to be there and to pass.
func play(t *testing.T, target *Target, names ...string) {
	t.Helper()
	cases, err := Load(os.DirFS("cases"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		i := slices.IndexFunc(cases, func(c *Case) bool { return c.Name == name })
		if i < 0 {
			t.Errorf("there is no case %s", name)
			continue
		}
		if err := Play(t.Context(), target, cases[i]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The kit, served in this process, stands for a deployment: the outputs file leads to all of it.
func TestRemote(t *testing.T) {
	gateway := serve(t, *app)
	data, err := json.Marshal(gateway.Outputs())
	if err != nil {
		t.Fatal(err)
	}
	target, err := Remote(t.Context(), Local, "", writeOutputs(t, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := target.String(), "API "+gateway.BaseURL(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	play(t, target, "dynamodb/put-item", "lambda/xml", "sns/publish", "step-functions/review", "vpc-link/list")
	removed, err := target.CleanUp(t.Context(), 0)
	if err != nil || removed.Items < 6 {
		t.Errorf("got %+v, %v, want an item of each case and two of vpc-link/list", removed, err)
	}
	for _, output := range tablesOf {
		if left := scan(t, target, output); len(left) > 0 {
			t.Errorf("%s: left are %v", output, left)
		}
	}
}

func TestRemoteErrors(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, test := range []struct{ name, target, baseURL, outputs, want string }{
		{"unknown target", "azure", "", `{}`, `target "azure": want local, localstack or aws`},
		{"no file", AWS, "", "", "there is no outputs file "},
		{"empty file", AWS, "", " ", "does not hold outputs by stack: deploy the stacks (make deploy AUTH=iam)"},
		{"no outputs", AWS, "", `{}`, "holds no outputs, as after a deployment that failed"},
		{"a part of the stacks", AWS, "", `{"IntegrationsWeather":{"WeatherUrl":"https://x/"}}`, "no stack has an output ApiUrl, so the API is not deployed"},
		{"base URL", Local, "localhost:8080/prod", `{"A":{"B":"c"}}`, `base URL "localhost:8080/prod": want http(s)://host/stage`},
		{"nobody there", Local, "", fmt.Sprintf(`{"A":{"ApiUrl":"%s/prod/"}}`, gone.URL), "the API can't be reached: is it deployed, or served, at this address?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "none.json")
			if test.outputs != "" {
				file = writeOutputs(t, test.outputs)
			}
			if _, err := Remote(t.Context(), test.target, test.baseURL, file); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// The gateway checks signatures as the service does: with IAM on every method, the cases with the oddest paths and
// queries pass when signed, and nothing does otherwise.
func TestSignedRequests(t *testing.T) {
	gateway := serve(t, withIAM(t, *app))
	data, err := json.Marshal(gateway.Outputs())
	if err != nil {
		t.Fatal(err)
	}
	target, err := Remote(t.Context(), Local, "", writeOutputs(t, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	play(t, target, "dynamodb/query-malformed", "lambda-proxy/create", "lambda-proxy/not-found", "mock/errors", "step-functions/unknown")
	target.Signed = false
	unsigned := &Case{Steps: []Step{{Verb: "request", Argument: "GET /mock", Expect: &Expectation{Status: http.StatusForbidden}}}}
	if err := Play(t.Context(), target, unsigned); err != nil {
		t.Errorf("unsigned: %v", err)
	}
	target.Signed, target.config.Credentials = true, aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: "another"}, nil
	})
	if err := Play(t.Context(), target, unsigned); err != nil {
		t.Errorf("signed with another key: %v", err)
	}
}

// withIAM copies an assembly and lets every method but OPTIONS want a signature, as auth=iam does.
func withIAM(t *testing.T, app string) string {
	t.Helper()
	folder, err := os.MkdirTemp(filepath.Join(filepath.Dir(app), ".build"), "signed-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	files, err := filepath.Glob(filepath.Join(app, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".template.json") {
			text = wantSignatures(t, text)
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(file)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func wantSignatures(t *testing.T, template []byte) []byte {
	t.Helper()
	var sections map[string]any
	if err := json.Unmarshal(template, &sections); err != nil {
		t.Fatal(err)
	}
	resources, _ := sections["Resources"].(map[string]any)
	for _, entry := range resources {
		resource, _ := entry.(map[string]any)
		properties, _ := resource["Properties"].(map[string]any)
		if resource["Type"] == "AWS::ApiGateway::Method" && properties["HttpMethod"] != "OPTIONS" {
			properties["AuthorizationType"] = "AWS_IAM"
		}
	}
	outputs, _ := sections["Outputs"].(map[string]any)
	if auth, ok := outputs["ApiAuth"].(map[string]any); ok {
		auth["Value"] = "iam"
	}
	text, err := json.Marshal(sections)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

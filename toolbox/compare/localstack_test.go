package compare

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// LocalStack's own headers, and those that its gateway responses lack: a case says so by its skip.
var localStackHeaders = []string{
	"Server", "X-Amzn-Remapped-Server", "X-Localstack",
	"Access-Control-Allow-Origin", "Content-Type", "Strict-Transport-Security", "X-Content-Type-Options",
}

// TestLocalStack compares with a deployed LocalStack, as make test-localstack does: whatever differs is in a case that
// is known not to work there, or of the few things below that no case asks for.
func TestLocalStack(t *testing.T) {
	if os.Getenv("APIGW_TARGET") != integrationtests.LocalStack {
		t.Skip("APIGW_TARGET does not say that the API is deployed to LocalStack: make test-localstack does")
	}
	cases, err := integrationtests.Load(os.DirFS("../../integration-tests/cases"))
	if err != nil {
		t.Fatal(err)
	}
	outputs := os.Getenv("APIGW_OUTPUTS")
	app := filepath.Join(filepath.Dir(outputs), "cdk.out") // what was deployed
	tests := []struct {
		name  string
		with  Deployed
		same  int               // steps at least
		known map[string]string // case → what differs there
	}{
		{name: "Stage", with: Deployed{URL: os.Getenv("APIGW_BASE_URL"), Outputs: outputs}, same: 150},
		{name: "TestInvoke", with: Deployed{URL: os.Getenv("APIGW_BASE_URL"), Outputs: outputs, TestInvoke: true}, same: 130,
			known: map[string]string{
				"lambda-proxy/create":      "the stage is called None in Location",
				"lambda-proxy/idempotency": "the stage is called None in Location",
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, err := Run(t.Context(), Options{
				Local: emulator.Options{App: app, AllowFunctions: true}, Cases: cases, Deployed: test.with, IgnoreHeaders: localStackHeaders,
			})
			if err != nil {
				t.Fatal(err)
			}
			if report.Summary.Same < test.same {
				t.Errorf("%+v, want %d same at least", report.Summary, test.same)
			}
			for i, c := range report.Cases {
				if cases[i].Skip[integrationtests.LocalStack] == "" && test.known[c.Name] == "" && c.Verdict == Different {
					t.Errorf("%s differs:\n%s", c.Name, findings(&Report{Cases: []CaseReport{c}}))
				}
			}
		})
	}
}

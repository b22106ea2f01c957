package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPIKey(t *testing.T) {
	api := synthesize(t, newTestStacks(t, map[string]any{"apiKey": "required"})["IntegrationsApi"])
	for id, method := range api.resources("AWS::ApiGateway::Method") {
		required, _ := method["ApiKeyRequired"].(bool)
		if want := method["HttpMethod"] != "OPTIONS"; required != want {
			t.Errorf("%s (%s) wants a key: %t, want %t", id, method["HttpMethod"], required, want)
		}
		if text := fmt.Sprint(method); method["HttpMethod"] == "OPTIONS" && !strings.Contains(text, "X-Api-Key") {
			t.Errorf("%s lets no browser send X-Api-Key", id)
		}
	}
	if key := api.only(t, "AWS::ApiGateway::ApiKey"); key["Value"] != nil {
		t.Error("the template has the key's value")
	}
	plan := api.only(t, "AWS::ApiGateway::UsagePlan")
	want := map[string]any{
		"Quota":    map[string]any{"Limit": 10000.0, "Period": "DAY"},
		"Throttle": map[string]any{"BurstLimit": 200.0, "RateLimit": 100.0},
	}
	for name, value := range want {
		if diff := cmp.Diff(value, plan[name]); diff != "" {
			t.Errorf("%s of the usage plan (-want +got):\n%s", name, diff)
		}
	}
	if _, ok := api["Outputs"].(map[string]any)["ApiKeyId"]; !ok {
		t.Error("no output ApiKeyId")
	}
	outputs := slices.Sorted(maps.Keys(standard(t)["IntegrationsApi"]["Outputs"].(map[string]any)))
	if slices.Contains(outputs, "ApiKeyId") {
		t.Error("an output ApiKeyId without a key")
	}
}

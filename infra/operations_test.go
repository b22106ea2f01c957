package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// operated is the API's template with all that operations can add.
func operated(t *testing.T) template {
	t.Helper()
	operatedOnce.Do(func() {
		operatedTemplate = synthesize(t, newTestStacks(t, map[string]any{
			"monitoring":    "alarms",
			"alarmTopicArn": alarmTopic,
			"apiKey":        "required",
		})["IntegrationsApi"])
	})
	if operatedTemplate == nil {
		t.Fatal("the stacks could not be synthesized; see the first test's error")
	}
	return operatedTemplate
}

const alarmTopic = "arn:aws:sns:eu-west-1:123456789012:alarms"

var (
	operatedOnce     sync.Once
	operatedTemplate template
)

// described is what an alarm's description says.
type described struct{ integration, what, condition, page, section string }

var description = regexp.MustCompile(`^([a-z-]+), (.+): (.+ min) – .+\. Runbook: (.+)#([a-z-]+)$`)

func alarms(t *testing.T, api template) []described {
	t.Helper()
	var all []described
	for id, properties := range api.resources("AWS::CloudWatch::Alarm") {
		text, _ := properties["AlarmDescription"].(string)
		match := description.FindStringSubmatch(text)
		if match == nil {
			t.Fatalf("%s: description %q names no section of the runbook", id, text)
		}
		all = append(all, described{match[1], match[2], match[3], match[4], match[5]})
	}
	return all
}

func TestMonitoring(t *testing.T) {
	kinds := []string{"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Logs::MetricFilter", "AWS::Logs::QueryDefinition"}
	tests := []struct {
		name    string
		context map[string]any
		want    string // how many of each kind
		metrics bool
	}{
		{"none", nil, "0 0 0 0", false},
		{"dashboard", map[string]any{"monitoring": "dashboard"}, "0 1 1 10", true},
		{"products elsewhere", map[string]any{"monitoring": "alarms", "productsUrl": "http://127.0.0.1:9"}, "36 1 1 9", true},
		{"no access log", map[string]any{"monitoring": "alarms", "logging": "none"}, "41 1 0 4", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api := standard(t)["IntegrationsApi"]
			if test.context != nil {
				api = synthesize(t, newTestStacks(t, test.context)["IntegrationsApi"])
			}
			var got []string
			for _, kind := range kinds {
				got = append(got, fmt.Sprint(len(api.resources(kind))))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("%v: %v, want %s", kinds, got, test.want)
			}
			settings := api.only(t, "AWS::ApiGateway::Stage")["MethodSettings"].([]any)[0].(map[string]any)
			if settings["MetricsEnabled"] != test.metrics {
				t.Errorf("metrics of each route: %v, want %t", settings["MetricsEnabled"], test.metrics)
			}
		})
	}
}

// Whoever adds a route finds here what its integration lacks.
func TestEveryIntegrationIsWatched(t *testing.T) {
	api := operated(t)
	sections := map[string][]string{}
	for _, a := range alarms(t, api) {
		sections[a.integration] = append(sections[a.integration], a.section)
	}
	dashboard := fmt.Sprint(api.only(t, "AWS::CloudWatch::Dashboard"))
	for _, properties := range api.resources("AWS::ApiGateway::Resource") {
		integration, _ := properties["PathPart"].(string)
		if _, top := properties["ParentId"].(map[string]any)["Fn::GetAtt"]; !top {
			continue
		}
		want := []string{"server-errors", "client-errors", "latency"}
		if integration == "mock" {
			want = want[:2]
		}
		for _, section := range want {
			if !slices.Contains(sections[integration], section) {
				t.Errorf("%s has no alarm for %s", integration, section)
			}
		}
		if !strings.Contains(dashboard, "## "+integration+`\n`) {
			t.Errorf("%s has no row on the dashboard", integration)
		}
	}
}

func TestAlarms(t *testing.T) {
	for id, properties := range operated(t).resources("AWS::CloudWatch::Alarm") {
		for _, actions := range []string{"AlarmActions", "OKActions"} {
			if diff := cmp.Diff([]any{alarmTopic}, properties[actions]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", id, actions, diff)
			}
		}
		if got := metricsOf(properties); got > 10 {
			t.Errorf("%s is made of %d metrics; CloudWatch takes 10", id, got)
		}
	}
}

// metricsOf counts what an alarm is billed by.
func metricsOf(alarm map[string]any) int {
	queries, _ := alarm["Metrics"].([]any)
	if queries == nil {
		return 1
	}
	count := 0
	for _, query := range queries {
		if _, ok := query.(map[string]any)["MetricStat"]; ok {
			count++
		}
	}
	return count
}

func TestAlarmsWithoutTopic(t *testing.T) {
	api := synthesize(t, newTestStacks(t, map[string]any{
		"monitoring": "alarms",
		"runbookUrl": "https://wiki.example/runbook.md",
	})["IntegrationsApi"])
	for id, properties := range api.resources("AWS::CloudWatch::Alarm") {
		if _, ok := properties["AlarmActions"]; ok {
			t.Errorf("%s has an action", id)
		}
	}
	for _, a := range alarms(t, api) {
		if a.page != "https://wiki.example/runbook.md" {
			t.Errorf("%s of %s names %s", a.section, a.integration, a.page)
		}
	}
	if want := "[latency](https://wiki.example/runbook.md#latency)"; !strings.Contains(fmt.Sprint(api.only(t, "AWS::CloudWatch::Dashboard")), want) {
		t.Errorf("no link %s on the dashboard", want)
	}
}

// CloudFormation takes 500 resources and 1 MB.
func TestTemplateFitsCloudFormation(t *testing.T) {
	api := operated(t)
	text, err := json.Marshal(api)
	if err != nil {
		t.Fatal(err)
	}
	if count := len(api["Resources"].(map[string]any)); count > 400 || len(text) > 800_000 {
		t.Errorf("%d resources, %d bytes", count, len(text))
	}
}

// The queries read what the access log has, and nothing else.
func TestQueriesReadTheAccessLog(t *testing.T) {
	accessLog := regexp.MustCompile(`"([a-zA-Z]+)":`).FindAllStringSubmatch(accessLogFormat, -1)
	known := map[string]bool{"gatewayLatency": true, "integrationP99": true, "gatewayP99": true} // made by a query
	for _, match := range accessLog {
		known[match[1]] = true
	}
	checked := 0
	for _, properties := range operated(t).resources("AWS::Logs::QueryDefinition") {
		groups := fmt.Sprint(properties["LogGroupNames"])
		if !strings.Contains(groups, "AccessLogs") || strings.Contains(groups, "Function") {
			continue
		}
		for _, word := range regexp.MustCompile(`[a-z]+[A-Z][a-zA-Z0-9]*`).FindAllString(properties["QueryString"].(string), -1) {
			checked++
			if !known[word] {
				t.Errorf("%s reads %s, which the access log doesn't have", properties["Name"], word)
			}
		}
	}
	if checked < 10 {
		t.Errorf("%d words checked: the test looks in the wrong place", checked)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each alarm has its section, and each section its alarm.
func TestRunbook(t *testing.T) {
	page := read(t, "../docs/runbook.md")
	want := map[string]bool{}
	for _, a := range alarms(t, operated(t)) {
		if a.page != "docs/runbook.md" {
			t.Errorf("%s of %s names %s", a.section, a.integration, a.page)
		}
		want[a.section] = true
	}
	got := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(page, -1) {
		got[strings.ReplaceAll(strings.ToLower(match[1]), " ", "-")] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sections of docs/runbook.md (-alarms +page):\n%s", diff)
	}
}

// Each query that the runbook names is saved, and each saved one is of use there.
func TestRunbookQueries(t *testing.T) {
	saved, named := map[string]bool{}, map[string]bool{}
	for _, properties := range operated(t).resources("AWS::Logs::QueryDefinition") {
		saved[strings.TrimPrefix(properties["Name"].(string), "IntegrationsApi/")] = true
	}
	for _, match := range regexp.MustCompile("[Qq]uery\\s+`([a-z-]+)`").FindAllStringSubmatch(read(t, "../docs/runbook.md"), -1) {
		named[match[1]] = true
	}
	if diff := cmp.Diff(saved, named); diff != "" {
		t.Errorf("queries (-saved +named in docs/runbook.md):\n%s", diff)
	}
}

// docs/operations.md has the alarms as rows, and what they cost.
func TestOperationsPage(t *testing.T) {
	api := operated(t)
	rows := map[string][]string{}
	for _, a := range alarms(t, api) {
		row := fmt.Sprintf("| [%s](runbook.md#%s) | %%s | %s | %s |", a.section, a.section, a.what, a.condition)
		rows[row] = append(rows[row], a.integration)
	}
	var want []string
	for row, on := range rows {
		slices.Sort(on)
		want = append(want, strings.Replace(row, "%s", strings.Join(on, ", "), 1))
	}
	slices.Sort(want)
	page := read(t, "../docs/operations.md")
	var got []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| [") {
			got = append(got, strings.TrimRight(line, "\n"))
		}
	}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("the alarms in docs/operations.md (-want +got):\n%s", diff)
	}

	alarmMetrics := 0
	for _, properties := range api.resources("AWS::CloudWatch::Alarm") {
		alarmMetrics += metricsOf(properties)
	}
	routes := 0
	for _, method := range api.resources("AWS::ApiGateway::Method") {
		if method["HttpMethod"] != "OPTIONS" {
			routes++
		}
	}
	for _, figure := range []string{
		fmt.Sprintf("%d alarms of %d metrics × 0.10 | %.2f |", len(api.resources("AWS::CloudWatch::Alarm")), alarmMetrics, float64(alarmMetrics)*0.10),
		fmt.Sprintf("%d routes × 5 metrics × 0.30 | %.2f |", routes, float64(routes)*5*0.30),
	} {
		if !strings.Contains(page, figure) {
			t.Errorf("docs/operations.md lacks %q", figure)
		}
	}
}

func TestAPIKey(t *testing.T) {
	api := operated(t)
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

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadConfig(t *testing.T) {
	standard := Config{
		PrivateService:    true,
		Arch:              ARM64,
		Auth:              "none",
		AccountLogRole:    "create",
		Logging:           "access",
		Tracing:           true,
		LogRetentionDays:  30,
		ThrottleRate:      100,
		ThrottleBurst:     200,
		DataRemovalPolicy: "retain",
		APIKey:            "none",
		DailyQuota:        10000,
		Monitoring:        "none",
	}
	with := func(change func(*Config)) Config {
		c := standard
		change(&c)
		return c
	}
	tests := []struct {
		name    string
		context map[string]any
		want    Config
	}{
		{"nothing", nil, standard},
		{"as JSON", map[string]any{"tracing": false, "throttleRate": 0.5, "throttleBurst": 3.0}, with(func(c *Config) {
			c.Tracing, c.ThrottleRate, c.ThrottleBurst = false, 0.5, 3
		})},
		{"as text", map[string]any{"tracing": "false", "throttleRate": "0.5", "throttleBurst": "3", "logRetentionDays": "365"}, with(func(c *Config) {
			c.Tracing, c.ThrottleRate, c.ThrottleBurst, c.LogRetentionDays = false, 0.5, 3, 365
		})},
		{"URLs", map[string]any{"weatherUrl": "https://w.example/v1", "productsUrl": "http://127.0.0.1:9/"}, with(func(c *Config) {
			c.WeatherURL, c.ProductsURL = "https://w.example/v1/", "http://127.0.0.1:9"
		})},
		{"alarms", map[string]any{"monitoring": "alarms", "alarmTopicArn": alarmTopic, "runbookUrl": "https://w.example/runbook/"}, with(func(c *Config) {
			c.Monitoring, c.AlarmTopicARN, c.RunbookURL = "alarms", alarmTopic, "https://w.example/runbook"
		})},
		{"others' values", map[string]any{"@aws-cdk/core:x": true, "cli-telemetry": false}, standard},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ReadConfig(test.context)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("config (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadConfigFaults(t *testing.T) {
	tests := []struct {
		name  string
		value any
		want  string
	}{
		{"privateService", "yes", "want true or false"},
		{"tracing", 1.0, "want true or false"},
		{"arch", "x86_64", "want arm64 or amd64"},
		{"auth", "", "want none or iam"},
		{"accountLogRole", "mine", "want create or existing"},
		{"logging", "full", "want access or execution or none"},
		{"dataRemovalPolicy", "keep", "want retain or destroy"},
		{"weatherUrl", "weather.example", "want a URL like"},
		{"weatherUrl", "https://w.example/?key=1", "want a URL like"},
		{"productsUrl", "ftp://files.example", "want a URL like"},
		{"weatherApiKey", "two words", "a stage variable takes"},
		{"weatherApiKey", strings.Repeat("k", 513), "a stage variable takes"},
		{"logRetentionDays", 31.0, "want a number of days that CloudWatch Logs knows: 1, 3, 5,"},
		{"logRetentionDays", "month", "want a number of days"},
		{"throttleRate", 0.0, "want a number above 0"},
		{"throttleRate", "NaN", "want a number above 0"},
		{"throttleBurst", "-1", "want a number above 0"},
		{"throttleBurst", 1.5, "want a whole number"},
		{"apiKey", "yes", "want none or required"},
		{"dailyQuota", 0.5, "want a whole number"},
		{"monitoring", true, "want none or dashboard or alarms"},
		{"alarmTopicArn", "alarms", "want the ARN of an SNS topic, like arn:"},
		{"alarmTopicArn", alarmTopic, "set monitoring=alarms too"},
		{"runbookUrl", "docs/runbook.md", "want a URL like"},
		{"runbookUrl", "https://w.example/#runbook", "want a URL like"},
		{"privateservice", false, "context value privateservice is unknown: write it privateService"},
		{"private-service", false, "write it privateService"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s=%.9v", test.name, test.value), func(t *testing.T) {
			_, err := ReadConfig(map[string]any{test.name: test.value})
			if err == nil || !strings.Contains(err.Error(), test.name) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that names %s and says %q", err, test.name, test.want)
			}
		})
	}
}

func TestReadConfigTellsAllFaultsAtOnce(t *testing.T) {
	_, err := ReadConfig(map[string]any{"auth": "all", "arch": "mips"})
	for _, want := range []string{"auth", "arch"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

// A default stands in cdk.json, where deployers look, and in the table, for a
// context without it.
func TestDefaultsAgree(t *testing.T) {
	context := cdkContext(t)
	for _, s := range settings {
		if got := fmt.Sprint(context[s.name]); got != s.fallback {
			t.Errorf("cdk.json has %s %q, the table %q", s.name, got, s.fallback)
		}
	}
}

func TestContextPage(t *testing.T) {
	page, err := os.ReadFile("../docs/context.md")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, s := range settings {
		fallback := "–"
		if s.fallback != "" {
			fallback = "`" + s.fallback + "`"
		}
		want = append(want, fmt.Sprintf("| `%s` | %s | %s | %s |", s.name, fallback, s.accepts, s.meaning))
	}
	var got []string
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, strings.TrimRight(line, "\n"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the table in docs/context.md (-want +got):\n%s", diff)
	}
}

package main

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Config is the kit's context, read and checked once. Constructs get values from
// here; none of them reads the context or the environment itself.
type Config struct {
	PrivateService    bool
	ProductsURL       string // without a closing slash
	WeatherURL        string // with a closing slash
	WeatherAPIKey     string
	Arch              Arch
	Auth              string
	AccountLogRole    string
	Logging           string
	Tracing           bool
	LogRetentionDays  int
	ThrottleRate      float64
	ThrottleBurst     int
	DataRemovalPolicy string
	APIKey            string
	DailyQuota        int
	Monitoring        string
	AlarmTopicARN     string
	RunbookURL        string // empty: the page in this repository
}

// Values of the context that the stacks ask about.
const (
	authNone = "none"
	authIAM  = "iam"

	logRoleCreate = "create"

	loggingAccess    = "access"
	loggingExecution = "execution"
	loggingNone      = "none"

	removalDestroy = "destroy"

	apiKeyRequired = "required"

	monitoringNone   = "none"
	monitoringAlarms = "alarms"
)

// setting is one context value. docs/context.md shows this table to the deployer.
type setting struct {
	name     string
	fallback string // value when the context has none
	accepts  string
	meaning  string
	set      func(c *Config, value string) error
}

var settings = []setting{
	{
		name: "privateService", fallback: "true", accepts: "`true`, `false`",
		meaning: "The private stack: VPC, internal load balancer, products service on ECS Fargate. `false` leaves it out, and its route too.",
		set:     boolean(func(c *Config) *bool { return &c.PrivateService }),
	},
	{
		name: "productsUrl", fallback: "", accepts: "http(s) URL",
		meaning: "For emulators without load balancers: the VPC link route points at this URL, and the private stack is left out. API Gateway itself refuses such a template.",
		set:     address(func(c *Config) *string { return &c.ProductsURL }, ""),
	},
	{
		name: "weatherUrl", fallback: "", accepts: "http(s) URL",
		meaning: "A real weather service, which answers `GET <weatherUrl>weather`. Without it the weather stack holds a stand-in.",
		set:     address(func(c *Config) *string { return &c.WeatherURL }, "/"),
	},
	{
		name: "weatherApiKey", fallback: "", accepts: "stage variable value",
		meaning: "Sent to the weather service as `key` by `/http/weather`. **Not for secrets**: a stage variable is readable by all who may read the template or the API.",
		set:     stageVariable(func(c *Config) *string { return &c.WeatherAPIKey }),
	},
	{
		name: "arch", fallback: "arm64", accepts: "`arm64`, `amd64`",
		meaning: "Processor of functions, tasks and images.",
		set:     choice(func(c *Config) *string { return (*string)(&c.Arch) }, string(ARM64), string(AMD64)),
	},
	{
		name: "auth", fallback: authNone, accepts: "`none`, `iam`",
		meaning: "Who may call. `none` is everyone, and warns at each synthesis; `iam` wants signed requests on every method but OPTIONS.",
		set:     choice(func(c *Config) *string { return &c.Auth }, authNone, authIAM),
	},
	{
		name: "accountLogRole", fallback: logRoleCreate, accepts: "`create`, `existing`",
		meaning: "The role by which API Gateway writes logs, one for each account and Region. `existing` when the account has one; `create` replaces it.",
		set:     choice(func(c *Config) *string { return &c.AccountLogRole }, logRoleCreate, "existing"),
	},
	{
		name: "logging", fallback: loggingAccess, accepts: "`access`, `execution`, `none`",
		meaning: "Logs of the API: one line for each request, or also the steps of its execution (never bodies), or nothing.",
		set:     choice(func(c *Config) *string { return &c.Logging }, loggingAccess, loggingExecution, loggingNone),
	},
	{
		name: "tracing", fallback: "true", accepts: "`true`, `false`",
		meaning: "X-Ray on the stage, the functions and the workflow.",
		set:     boolean(func(c *Config) *bool { return &c.Tracing }),
	},
	{
		name: "logRetentionDays", fallback: "30", accepts: "a retention that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, …",
		meaning: "Days after which log lines go. Log groups go with their stack.",
		set:     retention(func(c *Config) *int { return &c.LogRetentionDays }),
	},
	{
		name: "throttleRate", fallback: "100", accepts: "number above 0",
		meaning: "Requests a second that the stage takes, each method by itself.",
		set: func(c *Config, value string) (err error) {
			c.ThrottleRate, err = positive(value)
			return err
		},
	},
	{
		name: "throttleBurst", fallback: "200", accepts: "whole number above 0",
		meaning: "Requests that may come at once beyond the rate.",
		set:     count(func(c *Config) *int { return &c.ThrottleBurst }),
	},
	{
		name: "dataRemovalPolicy", fallback: "retain", accepts: "`retain`, `destroy`",
		meaning: "What becomes of the tables when their stack is destroyed. Retained tables go on costing what they store.",
		set:     choice(func(c *Config) *string { return &c.DataRemovalPolicy }, "retain", removalDestroy),
	},
	{
		name: "apiKey", fallback: "none", accepts: "`none`, `required`",
		meaning: "`required` makes an API key with a usage plan, and every method but OPTIONS wants it as `x-api-key`. A key tells clients apart; **it is no authentication**.",
		set:     choice(func(c *Config) *string { return &c.APIKey }, "none", apiKeyRequired),
	},
	{
		name: "dailyQuota", fallback: "10000", accepts: "whole number above 0",
		meaning: "Requests that the API key may make in a day. Its rate and burst are `throttleRate` and `throttleBurst`, over all methods together.",
		set:     count(func(c *Config) *int { return &c.DailyQuota }),
	},
	{
		name: "monitoring", fallback: monitoringNone, accepts: "`none`, `dashboard`, `alarms`",
		meaning: "`dashboard` adds one, with saved log queries and metrics of each route; `alarms` adds alarms to these. Both cost something: [operations.md](operations.md#costs).",
		set:     choice(func(c *Config) *string { return &c.Monitoring }, monitoringNone, "dashboard", monitoringAlarms),
	},
	{
		name: "alarmTopicArn", fallback: "", accepts: "ARN of an SNS topic in the same Region",
		meaning: "Where alarms go, and their end. Without it they change their state and tell nobody.",
		set:     topic(func(c *Config) *string { return &c.AlarmTopicARN }),
	},
	{
		name: "runbookUrl", fallback: "", accepts: "http(s) URL",
		meaning: "Where your copy of [runbook.md](runbook.md) can be read. Alarms and dashboard link to it; without it they name the file.",
		set:     address(func(c *Config) *string { return &c.RunbookURL }, ""),
	},
}

// ReadConfig reads every setting from the context, whose values come from
// cdk.json as JSON and from -c as text, and returns all that is wrong with them.
func ReadConfig(context map[string]any) (Config, error) {
	var c Config
	var faults []error
	for _, s := range settings {
		value, ok := context[s.name]
		if !ok || value == nil {
			value = s.fallback
		}
		if err := s.set(&c, strings.TrimSpace(fmt.Sprint(value))); err != nil {
			faults = append(faults, fmt.Errorf("context value %s is %q: %w", s.name, fmt.Sprint(value), err))
		}
	}
	if c.AlarmTopicARN != "" && c.Monitoring != monitoringAlarms {
		faults = append(faults, fmt.Errorf("context value alarmTopicArn needs alarms: set monitoring=%s too", monitoringAlarms))
	}
	return c, errors.Join(append(faults, misspelt(context)...)...)
}

// misspelt finds context values that differ from a setting in nothing but case
// and hyphens, and would otherwise be ignored without a word.
func misspelt(context map[string]any) []error {
	var faults []error
	plain := strings.NewReplacer("-", "", "_", "")
	for _, s := range settings {
		for name := range context {
			if name != s.name && strings.EqualFold(plain.Replace(name), s.name) {
				faults = append(faults, fmt.Errorf("context value %s is unknown: write it %s", name, s.name))
			}
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return faults
}

func boolean(field func(*Config) *bool) func(*Config, string) error {
	return func(c *Config, value string) error {
		switch value {
		case "true", "false":
			*field(c) = value == "true"
			return nil
		}
		return errors.New("want true or false")
	}
}

func choice(field func(*Config) *string, accepted ...string) func(*Config, string) error {
	return func(c *Config, value string) error {
		*field(c) = value
		if !slices.Contains(accepted, value) {
			return fmt.Errorf("want %s", strings.Join(accepted, " or "))
		}
		return nil
	}
}

// address takes an empty value or an HTTP URL, which it ends with ending.
func address(field func(*Config) *string, ending string) func(*Config, string) error {
	return func(c *Config, value string) error {
		if value == "" {
			return nil
		}
		u, err := url.Parse(value)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			return errors.New("want a URL like https://api.example.com/v1/, without query or fragment")
		}
		*field(c) = strings.TrimRight(value, "/") + ending
		return nil
	}
}

// stageVariableValue is what API Gateway takes as the value of a stage variable.
var stageVariableValue = regexp.MustCompile(`^[A-Za-z0-9\-._~:/?#&=,]{0,512}$`)

func stageVariable(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		*field(c) = value
		if !stageVariableValue.MatchString(value) {
			return errors.New("a stage variable takes letters, digits and -._~:/?#&=, up to 512")
		}
		return nil
	}
}

func retention(field func(*Config) *int) func(*Config, string) error {
	return func(c *Config, value string) error {
		days, err := strconv.Atoi(value)
		if _, ok := retentions[days]; err != nil || !ok {
			return errors.New("want a number of days that CloudWatch Logs knows: " + retentionChoices())
		}
		*field(c) = days
		return nil
	}
}

// topicARN is the ARN of a standard topic.
var topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`)

func topic(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		*field(c) = value
		if value != "" && !topicARN.MatchString(value) {
			return errors.New("want the ARN of an SNS topic, like arn:aws:sns:eu-west-1:123456789012:alarms")
		}
		return nil
	}
}

// count takes a whole number above 0.
func count(field func(*Config) *int) func(*Config, string) error {
	return func(c *Config, value string) error {
		number, err := positive(value)
		if err == nil && number != float64(int(number)) {
			err = errors.New("want a whole number")
		}
		*field(c) = int(number)
		return err
	}
}

func positive(value string) (float64, error) {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || !(number > 0) || number > 1e6 {
		return 0, errors.New("want a number above 0")
	}
	return number, nil
}

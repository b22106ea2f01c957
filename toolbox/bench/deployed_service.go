package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/internal/account"
	"github.com/apigw-integrations/apigw-integrations/toolbox/stage"
)

// service is what AWS tells of the requests, by its logs.
type service struct {
	logs      *cloudwatchlogs.Client
	lambda    *lambda.Client
	resources []*gateway.Resource
	accessLog string // log group
	every     time.Duration
	patience  time.Duration // lines of a log may come late
}

// newService says in its error why AWS tells nothing.
func newService(ctx context.Context, cfg aws.Config, at *stage.Address) (*service, error) {
	if at.API == "" {
		return nil, fmt.Errorf("%s does not tell the ID of the API: name its outputs by --outputs", at.URL)
	}
	deployed, err := stage.Read(ctx, cfg, at)
	if err != nil {
		return nil, err
	}
	s := &service{
		logs: cloudwatchlogs.NewFromConfig(cfg), lambda: lambda.NewFromConfig(cfg), resources: deployed.Resources,
		every: 5 * time.Second, patience: 3 * time.Minute,
	}
	settings := deployed.Stage.AccessLogSettings
	if settings == nil {
		return nil, fmt.Errorf("stage %s has no access log: deploy it with -c logging=access", at.Name)
	}
	destination, err := arn.Parse(aws.ToString(settings.DestinationArn))
	group, ok := strings.CutPrefix(destination.Resource, "log-group:")
	if err != nil || !ok {
		return nil, fmt.Errorf("stage %s logs to %s: only log groups can be read", at.Name, aws.ToString(settings.DestinationArn))
	}
	s.accessLog = strings.TrimSuffix(group, ":*")
	return s, nil
}

var invoked = regexp.MustCompile(`/functions/(.+)/invocations$`)

// functionOf is the ARN of the function that a route invokes; "" for none, and where nobody tells.
func (s *service) functionOf(r Route) string {
	if s == nil {
		return ""
	}
	path, _, _ := strings.Cut(r.Request.Path, "?")
	if m := gateway.MethodOf(s.resources, r.Request.Method, path); m != nil {
		if match := invoked.FindStringSubmatch(m.Integration.URI); match != nil {
			return match[1]
		}
	}
	return ""
}

// renewing remembers the function's description, and returns what puts it back.
func (s *service) renewing(ctx context.Context, function string) (restore func() error, err error) {
	before, err := s.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &function})
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", function, account.Explain(err))
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return s.renew(ctx, function, aws.ToString(before.Description))
	}, nil
}

// renew gives the function a new description, so that its next invocation gets a new environment: one has the
// configuration that it was made with. That Lambda takes a description for such a change is unverified; whether it did
// is in the function's log.
func (s *service) renew(ctx context.Context, function, description string) error {
	_, err := s.lambda.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: &function, Description: &description})
	if err == nil {
		err = lambda.NewFunctionUpdatedWaiter(s.lambda).Wait(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &function}, time.Minute)
	}
	if err != nil {
		return fmt.Errorf("description of function %s: %w", function, account.Explain(err))
	}
	return nil
}

// accessLine is what the kit's access log tells of a request, see accessLogFormat in infra. Of what there was none it
// has "-".
type accessLine struct {
	RequestID            string `json:"requestId"`
	ResponseLatency      string `json:"responseLatency"`    // milliseconds
	IntegrationLatency   string `json:"integrationLatency"` // milliseconds
	IntegrationRequestID string `json:"integrationRequestId"`
}

// invocation is what a function's log tells of one.
type invocation struct {
	ID   string
	Init float64 // milliseconds; 0 in an environment that was there
}

// read looks the samples up in the logs until all are found, or patience ends.
func (s *service) read(ctx context.Context, samples []*sample, since time.Time) error {
	byID, groups := map[string]*sample{}, map[string]string{}
	for _, one := range samples {
		byID[one.id] = one
		if one.function == "" || groups[one.function] != "" {
			continue
		}
		group, err := s.functionLog(ctx, one.function)
		if err != nil {
			return err
		}
		groups[one.function] = group
	}
	// The clocks of this machine and of the service may differ.
	since = since.Add(-time.Minute)
	for end := time.Now().Add(s.patience); ; {
		if err := s.readOnce(ctx, byID, groups, since); err != nil {
			return err
		}
		if missing(samples) == 0 || time.Now().Add(s.every).After(end) {
			return nil
		}
		select {
		case <-time.After(s.every):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// missing counts what is not in the logs yet.
func missing(samples []*sample) (n int) {
	for _, one := range samples {
		if one.log == nil || one.function != "" && one.report == nil {
			n++
		}
	}
	return n
}

func (s *service) readOnce(ctx context.Context, byID map[string]*sample, groups map[string]string, since time.Time) error {
	byInvocation := map[string]*sample{}
	err := s.filter(ctx, s.accessLog, "", since, func(message string) {
		line := &accessLine{}
		if json.Unmarshal([]byte(message), line) == nil && byID[line.RequestID] != nil {
			byID[line.RequestID].log = line
			byInvocation[line.IntegrationRequestID] = byID[line.RequestID]
		}
	})
	for _, group := range groups {
		err = errors.Join(err, s.filter(ctx, group, `?"REPORT RequestId" ?"platform.report"`, since, func(message string) {
			if i := parseReport(message); i != nil && byInvocation[i.ID] != nil {
				byInvocation[i.ID].report = i
			}
		}))
	}
	return err
}

func (s *service) functionLog(ctx context.Context, function string) (string, error) {
	out, err := s.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &function})
	if err != nil {
		return "", fmt.Errorf("function %s: %w", function, account.Explain(err))
	}
	group := "/aws/lambda/" + aws.ToString(out.FunctionName)
	if out.LoggingConfig != nil {
		group = cmp.Or(aws.ToString(out.LoggingConfig.LogGroup), group)
	}
	return group, nil
}

func (s *service) filter(ctx context.Context, group, pattern string, since time.Time, take func(message string)) error {
	input := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group, StartTime: aws.Int64(since.UnixMilli())}
	if pattern != "" {
		input.FilterPattern = &pattern
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(s.logs, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("log group %s: %w", group, account.Explain(err))
		}
		for _, event := range page.Events {
			take(aws.ToString(event.Message))
		}
	}
	return nil
}

var (
	reportLine = regexp.MustCompile(`^REPORT RequestId: (\S+)`)
	reportInit = regexp.MustCompile(`\tInit Duration: ([0-9.]+) ms`)
)

// parseReport reads both forms of a function's log: text, and JSON, which has the form of
// https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report. It is nil for another line.
func parseReport(message string) *invocation {
	var event struct {
		Type   string
		Record struct {
			RequestID string `json:"requestId"`
			Metrics   struct {
				Init float64 `json:"initDurationMs"`
			}
		}
	}
	if json.Unmarshal([]byte(message), &event) == nil && event.Type == "platform.report" {
		return &invocation{event.Record.RequestID, event.Record.Metrics.Init}
	}
	match := reportLine.FindStringSubmatch(message)
	if match == nil {
		return nil
	}
	found := &invocation{ID: match[1]}
	if init := reportInit.FindStringSubmatch(message); init != nil {
		found.Init, _ = strconv.ParseFloat(init[1], 64) // a number by the expression
	}
	return found
}

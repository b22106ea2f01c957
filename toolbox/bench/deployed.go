package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
	"github.com/apigw-integrations/apigw-integrations/toolbox/cost"
	"github.com/apigw-integrations/apigw-integrations/toolbox/stage"
)

// DeployedOptions say what to measure of a deployed API. AWS clients follow the environment, AWS_ENDPOINT_URL included.
type DeployedOptions struct {
	URL     string // of the stage; "": from the outputs
	Outputs string // file as `cdk deploy --outputs-file` writes it; "": none
	Sign    bool   // sign requests, whatever the outputs say

	Routes   []string // names of Routes; none for all
	Requests int      // of each route
	Rate     float64  // requests a second, all routes together
	Cold     int      // more requests of each route with a function, each to a new environment

	Progress io.Writer // gets a line for each step
}

// What a run may send: a measure of latency is no load test.
const (
	mostRequests = 1000
	mostRate     = 50
	mostCold     = 20
)

func (o *DeployedOptions) check() error {
	switch {
	case o.Requests < 1 || o.Requests > mostRequests:
		return fmt.Errorf("%d requests of each route: want 1 to %d", o.Requests, mostRequests)
	case !(o.Rate > 0 && o.Rate <= mostRate):
		return fmt.Errorf("%g requests a second: want more than 0, and at most %d", o.Rate, mostRate)
	case o.Cold < 0 || o.Cold > mostCold:
		return fmt.Errorf("%d new environments of each function: want at most %d", o.Cold, mostCold)
	}
	return nil
}

// RunDeployed sends each route's requests one after the other, and puts beside what the client saw what the service
// logged of them. A report that comes with an error says what was measured before.
func RunDeployed(ctx context.Context, o DeployedOptions) (*DeployedReport, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	routes, err := chosen(o.Routes)
	if err != nil {
		return nil, err
	}
	m, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	return m.run(ctx, routes)
}

func (m *deployedMeter) run(ctx context.Context, routes []Route) (*DeployedReport, error) {
	report := &DeployedReport{
		Date: time.Now().UTC().Truncate(time.Second), URL: m.target.BaseURL.String(),
		Requests: m.Requests, Rate: m.Rate, Cold: m.Cold, Service: m.why,
	}
	var err error
	if report.USD, err = m.announce(routes); err != nil {
		return nil, err
	}
	err = m.measure(ctx, report, routes)
	report.CleanUp, err = m.cleanUp(err)
	return report, err
}

// deployedMeter measures one deployed API.
type deployedMeter struct {
	DeployedOptions
	target  *integrationtests.Target
	service *service // nil: its figures can't be had
	why     string   // they can't
	ticks   *time.Ticker
	sent    int // requests, of which each has its own ID
}

// reach makes sure that there is something to measure, and finds out what AWS tells of it.
func (o DeployedOptions) reach(ctx context.Context) (*deployedMeter, error) {
	outputs, err := stage.ReadOutputs(o.Outputs)
	if err != nil {
		return nil, err
	}
	at, err := stage.Find(o.URL, o.Outputs, outputs)
	if err != nil {
		return nil, err
	}
	target, cfg, err := at.Target(ctx, outputs)
	if err != nil {
		return nil, err
	}
	target.Signed = target.Signed || o.Sign
	if err := target.CheckReachable(ctx); err != nil {
		return nil, err
	}
	m := &deployedMeter{DeployedOptions: o, target: target}
	if m.service, err = newService(ctx, cfg, at); err != nil {
		m.why = err.Error()
	}
	if m.service == nil && o.Cold > 0 {
		return nil, fmt.Errorf("functions can't get new environments: %s", m.why)
	}
	return m, nil
}

// announce says what is about to be sent, and about what it costs, in dollars.
func (m *deployedMeter) announce(routes []Route) (usd float64, err error) {
	prices, err := cost.ListPrices("")
	if err != nil {
		return 0, err
	}
	workload, requests, renewals := cost.Usual(), 0, 0
	for _, r := range routes {
		n := len(r.Setup) + m.Requests
		if m.service.functionOf(r) != "" {
			n, renewals = n+m.Cold, renewals+m.Cold
		}
		for _, row := range cost.Integrations(workload) {
			if costs(row.Name, r.Name) {
				usd += prices.PerMillion(row, workload.Requests()).Float() * float64(n) / 1e6
				break
			}
		}
		requests += n
	}
	fmt.Fprintf(m.Progress, "sending %d requests to %s, at most %g a second: some %.0f s, about %.4f USD (list prices of %s)\n",
		requests, m.target.BaseURL, m.Rate, float64(requests)/m.Rate, usd, prices.Region)
	if renewals > 0 {
		fmt.Fprintf(m.Progress, "changing descriptions of functions %d times, and back at the end\n", renewals)
	}
	if m.service == nil {
		fmt.Fprintf(m.Progress, "measuring the client's times only: %s\n", m.why)
	}
	return usd, nil
}

// costs says whether a row of costs, "lambda, lambda-proxy" or "sns Publish", is a route's.
func costs(row, route string) bool {
	for name := range strings.SplitSeq(row, ", ") {
		if name == route || strings.HasPrefix(name, route+" ") {
			return true
		}
	}
	return false
}

func (m *deployedMeter) measure(ctx context.Context, report *DeployedReport, routes []Route) error {
	m.ticks = time.NewTicker(time.Duration(float64(time.Second) / m.Rate))
	defer m.ticks.Stop()
	begin := time.Now()
	var all []*sample
	samples := make([][]*sample, len(routes))
	report.Routes = make([]DeployedRoute, len(routes))
	for i, r := range routes {
		fmt.Fprintf(m.Progress, "%s (%d of %d) …\n", r.Name, i+1, len(routes))
		report.Routes[i] = DeployedRoute{Name: r.Name, Request: r.Request.Method + " " + r.Request.Path}
		var err error
		samples[i], err = m.route(ctx, r)
		if err != nil {
			report.Routes[i].Wrong, samples[i] = err.Error(), nil
		}
		if ctx.Err() != nil {
			break
		}
		all = append(all, samples[i]...)
	}
	err := ctx.Err()
	if m.service != nil && err == nil {
		fmt.Fprintln(m.Progress, "reading the logs of the service …")
		err = m.service.read(ctx, all, begin)
	}
	for i := range report.Routes {
		report.Routes[i].sum(samples[i])
	}
	return err
}

// route sends a route's requests on one connection, which the first of them opens.
func (m *deployedMeter) route(ctx context.Context, r Route) (samples []*sample, err error) {
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	via := m.target.Via(transport)
	function := m.service.functionOf(r)
	if m.Cold > 0 && function != "" {
		restore, err := m.service.renewing(ctx, function)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, restore()) }()
	}
	for _, s := range r.Setup {
		if _, err := m.send(ctx, via, s); err != nil {
			return nil, fmt.Errorf("set up: %w", err)
		}
	}
	transport.CloseIdleConnections()
	n, forced := m.Requests, 0
	if function != "" {
		forced = m.Cold
	}
	for i := range n + forced {
		if i < forced {
			if err := m.service.renew(ctx, function, fmt.Sprintf("apigw bench, run %s, environment %d", m.target.Run(), i+1)); err != nil {
				return nil, err
			}
		}
		one, err := m.send(ctx, via, r.Request)
		if err != nil {
			return nil, fmt.Errorf("request %d: %w", i+1, err)
		}
		one.function, one.first = function, i == 0 || i < forced
		samples = append(samples, one)
	}
	return samples, nil
}

// quiet is how long a clean-up waits for what may still be on its way: a message, or a task of a workflow.
const quiet = 5 * time.Second

// cleanUp removes what the requests made, where outputs tell where that is.
func (m *deployedMeter) cleanUp(err error) (string, error) {
	if m.Outputs == "" {
		return fmt.Sprintf("run %s: what its requests stored and started stays; with --outputs it is removed", m.target.Run()), err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	removed, left := m.target.CleanUp(ctx, quiet)
	return removed.String(), errors.Join(err, left)
}

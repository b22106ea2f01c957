package bench

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

// Start is the time from the start of the process to its first right answer.
type Start struct {
	Name         string
	Milliseconds Spread
	Goal         float64 `json:",omitempty"` // in milliseconds; 0 for none
}

// firstAnswer is what is waited for, and of whom.
type firstAnswer struct {
	Start
	args    []string
	request Request
}

// measureStarts starts one process after another.
func (m *meter) measureStarts(ctx context.Context, report *Report) error {
	fmt.Fprintln(m.progress, "start …")
	alone, err := mockRoutes(10).write(m.folder)
	if err != nil {
		return err
	}
	kit := []string{"--app", m.environment.app.Dir}
	answers := []firstAnswer{
		{Start{Name: "a template without engines: a mock answers", Goal: 300}, []string{"--template", alone}, routeOf(9)},
		{Start{Name: "the kit: a mock answers"}, kit, Routes[0].Request},
		{Start{Name: "the kit: DynamoDB answers", Goal: 500}, kit, query.Request},
	}
	answers[2].request.Want = "*[*]*" // the customer has no orders
	measured := make([][]float64, len(answers))
	for range m.rounds {
		for i, a := range answers {
			took, err := m.start(ctx, a)
			if err != nil {
				return fmt.Errorf("start: %s: %w", a.Name, err)
			}
			measured[i] = append(measured[i], milliseconds(took))
		}
	}
	for i, a := range answers {
		a.Milliseconds = spread(measured[i])
		report.Starts = append(report.Starts, a.Start)
		fmt.Fprintf(m.progress, "  %s: %.0f ms\n", a.Name, a.Milliseconds.Median)
	}
	return nil
}

// start starts a gateway and sends it the request as soon as it listens.
func (m *meter) start(ctx context.Context, a firstAnswer) (time.Duration, error) {
	port, err := freePort()
	if err != nil {
		return 0, err
	}
	p, err := a.request.prepare(fmt.Sprintf("http://127.0.0.1:%d/prod", port), m.vars)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(m.environment.program, slices.Concat(gatewayFlags, []string{"--port", strconv.Itoa(port)}, a.args)...)
	begin := time.Now()
	process, err := m.environment.begin(cmd, nil, func(string) {})
	if err != nil {
		return 0, err
	}
	defer process.stop()
	for {
		c, err := dial(ctx, p)
		if err != nil {
			select {
			case <-time.After(time.Millisecond):
				continue
			case <-process.exited:
				return 0, process.ended()
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		}
		defer c.close()
		status, body, err := c.exchange()
		if err == nil {
			err = p.check(status, body)
		}
		return time.Since(begin), err
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

package bench

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
)

// baselines are an environment with the baseline program alone.
func baselines(t *testing.T) (e *environment, program string) {
	t.Helper()
	folder, err := filepath.Abs("baseline")
	if err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(t.TempDir(), "baseline")
	if err := hostbuild.Build(t.Context(), folder, ".", program); err != nil {
		t.Fatal(err)
	}
	e = newEnvironment(&cfn.Assembly{Root: folder}, program)
	t.Cleanup(e.stop)
	return e, program
}

// TestLimitsAnswer measures a route against limits that stand for the gateway too.
func TestLimitsAnswer(t *testing.T) {
	e, program := baselines(t)
	launch := func(args ...string) string {
		_, url, err := e.launch(t.Context(), exec.Command(program, args...), nil, func(string) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		return url
	}
	e.addresses["weather"] = launch("weather")
	e.addresses["weather-proxy"] = launch("proxy", e.addresses["weather"])
	e.kit = &gatewayProcess{process: e.processes[0], base: e.addresses["weather"]}
	route := Route{Name: "http-proxy", Request: weatherRequest, Limit: Limit{Name: "proxy", At: "weather-proxy", Request: weatherRequest}}
	m := newMeter(e, Options{Rounds: 2, Seconds: 0.05, Connections: 2, Progress: t.Output()}, t.TempDir())
	got, err := m.route(t.Context(), route)
	if err != nil || len((&Report{Routes: []RouteResult{*got}}).Wrongs()) > 0 {
		t.Fatalf("%+v %+v: %v", got.Ours, got.Limit, err)
	}
	if got.Ratio() <= 0 || got.P99Ratio() <= 0 || m.served == 0 {
		t.Errorf("ratio %v, of p99 %v, %d requests", got.Ratio(), got.P99Ratio(), m.served)
	}

	route.Request.Want = "something else"
	if got, err = m.route(t.Context(), route); err != nil || got.Ours.Wrong == "" || got.Ours.Rate != (Spread{}) || got.Limit.Wrong != "" {
		t.Errorf("a wrong answer gives %+v beside %+v: %v", got.Ours, got.Limit, err)
	}
}

// TestStopLeavesNothing ends processes that run and one that has ended.
func TestStopLeavesNothing(t *testing.T) {
	e, program := baselines(t)
	running, _, err := e.launch(t.Context(), exec.Command(program, "constant"), nil, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.launch(t.Context(), exec.Command(program, "nonsense"), nil, func(string) bool { return true }); err == nil {
		t.Error("a program that ends at once counts as ready")
	}
	e.stop()
	select {
	case <-running.exited:
	case <-time.After(grace):
		t.Error("the program runs on")
	}
}

// TestFunctionBaseline has sixteen processes of a function answer.
func TestFunctionBaseline(t *testing.T) {
	e, program := baselines(t)
	function := filepath.Join(t.TempDir(), "function")
	folder, err := filepath.Abs("../../functions/weather")
	if err != nil {
		t.Fatal(err)
	}
	if err := hostbuild.Build(t.Context(), folder, ".", function); err != nil {
		t.Fatal(err)
	}
	_, url, err := e.launch(t.Context(), exec.Command(program, "function", function), nil, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	p, err := Request{Method: "POST", Path: "/", Body: `{"rawPath":"/none"}`, Status: 200, Want: `{"statusCode":404,*}`}.prepare(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &load{connections: 4, duration: time.Minute, most: 50, ids: newIDs(1)}
	if r, err := l.run(context.WithoutCancel(t.Context()), p); err != nil || r.requests != 50 {
		t.Errorf("%v", err)
	}
}

// TestGrowthTemplates loads what is written to see how costs grow.
func TestGrowthTemplates(t *testing.T) {
	for _, d := range dimensions {
		file, err := d.api(d.sizes[0]).write(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(file); err != nil {
			t.Fatal(err)
		}
		a, err := cfn.Load(file, cfn.Options{})
		if err != nil || len(a.Problems) > 0 {
			t.Errorf("%s: %v %v", d.name, err, a.Problems)
		}
	}
}

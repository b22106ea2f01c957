package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// answered is a step as the local gateway played it.
type answered struct {
	*integrationtests.Played
	trace  *trace.Trace
	names  map[string]string // the values of what has a name on both sides
	logged *loggedBody       // what the deployed API's endpoint got for it; nil: unknown
}

// play plays a case on both in lockstep, each with its own captures. If answers differ, it plays the case once more on
// the local gateway: what then differs there from its own answer varies by nature.
func (c *comparison) play(ctx context.Context, played *integrationtests.Case) CaseReport {
	report := CaseReport{Name: played.Name}
	lacking := c.deployed.lacks(played)
	local, deployed := c.localPlayer(played), integrationtests.NewPlayer(c.deployed.target, played)
	firsts := make([]*answered, len(played.Steps))
	for i, step := range played.Steps {
		stepReport := StepReport{Number: step.Number, Action: step.Verb + " " + step.Argument}
		var err error
		if lacking != "" {
			stepReport.cannot(lacking)
		} else if firsts[i], err = local.step(ctx, step); err != nil {
			stepReport.cannot(fmt.Sprintf("local: %v", err))
		} else if reason := c.deployed.unable(firsts[i]); reason != "" {
			stepReport.cannot(reason)
			if firsts[i].writes() {
				lacking = "follows a request that can't be played on the deployed API"
			}
		} else {
			c.step(ctx, firsts[i], step, deployed, &stepReport)
		}
		report.Steps = append(report.Steps, stepReport)
	}
	if report.judge(); report.Verdict == Different {
		c.settle(ctx, played, firsts, &report)
		report.judge()
	}
	return report
}

// lacks says which output the case needs and the deployed stacks, if they are known, do not have; "" if none.
func (d *deployedAPI) lacks(played *integrationtests.Case) string {
	for _, output := range played.Needs {
		if _, ok := d.target.Outputs.Find(output); !ok && d.target.Outputs != nil {
			return "deployed: no stack has the output " + output
		}
	}
	return ""
}

// step plays one step on the deployed API and compares.
func (c *comparison) step(
	ctx context.Context, local *answered, step integrationtests.Step, player *integrationtests.Player, report *StepReport,
) {
	ctx, more := listening(ctx)
	deployed, err := player.Step(ctx, step)
	if missing := (*noMethodError)(nil); errors.As(err, &missing) {
		report.Differences = []Difference{{Part: "method", Local: &missing.method}}
		return
	}
	if deployed == nil {
		report.cannot(fmt.Sprintf("deployed: %v", err))
		return
	}
	if step.Verb == "request" {
		c.deployed.answers.add(deployed.Answer)
	}
	deployedNames := c.deployed.names(player.Values())
	maps.DeleteFunc(local.names, func(name, _ string) bool { return name != basePath && deployedNames[name] == "" })
	d := &differ{
		expect:  local.Step.Expect,
		names:   match(local.names, deployedNames),
		ignored: c.ignored,
		bare:    c.deployed.test != nil && local.failure() != nil,
	}
	local.logged = more.log.endpointRequestBody()
	d.answers(local.Answer, deployed.Answer)
	if local.trace != nil && !d.bare {
		answer, _ := trace.Last[trace.MethodResponse](local.trace)
		d.spelling(answer.Header, more.headers)
	}
	d.endpointRequests(local, local.logged)
	report.Differences, report.Ignored = d.differences, d.aside
	report.Unmet = Unmet{Local: local.Unmet, Deployed: deployed.Unmet}
	if failure := local.failure(); failure != nil {
		report.Why.Local = strings.TrimSuffix(failure.Type+": "+cmp.Or(failure.Cause, failure.Words), ": ")
	}
	report.Why.Deployed = more.log.failure()
}

// settle drops the differences that the local gateway has with itself.
func (c *comparison) settle(ctx context.Context, played *integrationtests.Case, firsts []*answered, report *CaseReport) {
	player := c.localPlayer(played)
	for i, step := range played.Steps {
		second, err := player.step(ctx, step)
		if err != nil || firsts[i] == nil || second.Answer.Status != firsts[i].Answer.Status {
			continue
		}
		d := &differ{expect: second.Step.Expect, names: match(firsts[i].names, second.names), ignored: c.ignored}
		d.answers(firsts[i].Answer, second.Answer)
		d.endpointRequests(firsts[i], second.logging(firsts[i].logged))
		report.Steps[i].settle(d.differences)
	}
}

// settle leaves aside what differs between two plays on one gateway too, unless it is there on one side only.
func (r *StepReport) settle(varying []Difference) {
	r.Differences = slices.DeleteFunc(r.Differences, func(d Difference) bool {
		varies := d.Local != nil && d.Deployed != nil && slices.ContainsFunc(varying, func(v Difference) bool {
			return v.Part == d.Part && v.At == d.At && v.Local != nil && v.Deployed != nil
		})
		if varies {
			r.Ignored = append(r.Ignored, Ignored{d.Part, d.At, "differs between two plays on the local gateway too"})
		}
		return varies
	})
}

// failure is the gateway response that the local gateway gave; nil for none.
func (a *answered) failure() *trace.GatewayResponse {
	if a.trace == nil {
		return nil
	}
	if failure, ok := a.trace.Failure(); ok {
		return &failure
	}
	return nil
}

// writes says whether later steps may find what the request made.
func (a *answered) writes() bool {
	verb, _, _ := strings.Cut(a.Step.Argument, " ")
	return !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, verb) && a.Answer.Status < 300
}

// logging is what the endpoint got from the local gateway, cut where the deployed API's log is.
func (a *answered) logging(like *loggedBody) *loggedBody {
	if like == nil || a.trace == nil {
		return nil
	}
	sent, ok := trace.Last[trace.EndpointRequest](a.trace)
	if !ok {
		return nil
	}
	text := string(sent.Body)
	if like.cut {
		text = text[:min(len(text), len(like.text))]
	}
	return &loggedBody{text, like.cut}
}

// localPlayer plays on the local gateway.
type localPlayer struct {
	*integrationtests.Player
	local *localGateway
}

func (c *comparison) localPlayer(played *integrationtests.Case) localPlayer {
	return localPlayer{integrationtests.NewPlayer(c.local.target, played), c.local}
}

// step fails if there is no answer. A value that an answer lacks is missed by the step that needs it.
func (p localPlayer) step(ctx context.Context, step integrationtests.Step) (*answered, error) {
	played, err := p.Step(ctx, step)
	if played == nil {
		return nil, err
	}
	t := p.local.traces.Get(played.Answer.Header.Get("x-amzn-RequestId")) // nil for an answer of another service
	return &answered{Played: played, trace: t, names: p.local.names(p.Values(), t)}, nil
}

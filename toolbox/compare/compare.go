// Package compare plays cases on the local gateway and on a deployed API, step by step, and says where the answers
// differ: in status, header and body, and in what the endpoint gets where TestInvokeMethod tells it.
package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// Options say what is compared.
type Options struct {
	Local         emulator.Options // what the local gateway serves
	Cases         []*integrationtests.Case
	Deployed      Deployed
	InTurn        bool     // one case at a time, for cases that share data
	IgnoreHeaders []string // left aside in addition to those that vary by nature
}

// comparison is a run.
type comparison struct {
	local    *localGateway
	deployed *deployedAPI
	ignored  headerNames
}

// atOnce is how many cases are played at the same time. AWS allows an account few calls of TestInvokeMethod a second.
const atOnce = 4

// Run plays the cases on both, and removes from the deployed API's tables what they made there. An error without a
// report says why nothing could be compared, one with it what is left behind.
func Run(ctx context.Context, o Options) (*Report, error) {
	local, err := startLocal(ctx, o.Local)
	if err != nil {
		return nil, err
	}
	deployed, err := o.Deployed.reach(ctx, path.Base(local.target.BaseURL.Path))
	if err != nil {
		return nil, errors.Join(err, local.close())
	}
	local.target.Signed = local.target.Signed || o.Deployed.Sign
	c := &comparison{local: local, deployed: deployed, ignored: ignoring(o.IgnoreHeaders)}
	together := atOnce
	if o.InTurn {
		together = 1
	}
	report := c.run(ctx, o.Cases, together)
	left := errors.Join(deployed.cleanUp(report), local.close())
	if report.Summary.Different > 0 {
		err = deployed.answers.refused()
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("interrupted: %s", cmp.Or(report.CleanUp, "nothing is removed without outputs"))
	}
	if err != nil {
		return nil, errors.Join(err, left)
	}
	return report, left
}

func (c *comparison) run(ctx context.Context, cases []*integrationtests.Case, together int) *Report {
	report := &Report{Local: c.local.target.BaseURL.String(), Deployed: c.deployed.name, Cases: make([]CaseReport, len(cases))}
	var playing errgroup.Group
	playing.SetLimit(together)
	for i, played := range cases {
		playing.Go(func() error {
			report.Cases[i] = c.play(ctx, played)
			return nil
		})
	}
	_ = playing.Wait() // each case has its own report
	report.sum()
	return report
}

// localGateway is the gateway in this process, and what it tells of each request beyond the answer.
type localGateway struct {
	target *integrationtests.Target
	traces trace.Store
}

// startLocal serves the app on free ports. Endpoints in the environment are about the deployed API, whose tables the
// local gateway must not share.
func startLocal(ctx context.Context, o emulator.Options) (*localGateway, error) {
	l := &localGateway{}
	o.Trace, o.OwnEngines = l.traces.Add, true
	target, err := integrationtests.StartLocal(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("local gateway: %w", err)
	}
	l.target = target
	return l, nil
}

// names are the values of the player and of the API that served its request.
func (l *localGateway) names(player map[string]string, t *trace.Trace) map[string]string {
	if t != nil {
		maps.Copy(player, named(l.target.Outputs, t.API, t.Stage, t.StageVariables))
	} else {
		maps.Copy(player, named(l.target.Outputs, "", "", nil))
	}
	return player
}

func (l *localGateway) close() error {
	ending, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return l.target.Close(ending)
}

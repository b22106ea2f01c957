package bench

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// peer is another emulator that serves the kit.
type peer struct{ name, base string }

// localStackGrace is how long LocalStack may take to end.
const localStackGrace = time.Minute

// startPeers deploys the kit to LocalStack's open core, where "make localstack"
// has installed it.
func (m *meter) startPeers(ctx context.Context, report *Report) error {
	e := m.environment
	installed, _ := filepath.Glob(filepath.Join(e.app.Root, ".build", "localstack", "cache", "localstack-*")) // a pattern that is well-formed
	if len(installed) == 0 {
		report.Missing = append(report.Missing, "LocalStack: make localstack installs it; end it then by Ctrl-C")
		return nil
	}
	fmt.Fprintln(m.progress, "deploying to LocalStack …")
	localStack := peer{name: "LocalStack"}
	p, _, err := e.launch(ctx, exec.Command(filepath.Join(e.app.Root, ".build", "bin", "localstack"), "up"), nil, func(line string) bool {
		if url, ok := strings.CutPrefix(line, "export APIGW_BASE_URL="); ok {
			localStack.base = url
		}
		return strings.HasPrefix(line, "Ctrl-C")
	})
	if err != nil {
		return err
	}
	p.grace = localStackGrace
	m.peers = append(m.peers, localStack)
	report.Missing = append(report.Missing, "LocalStack beside http and http-proxy: there they call the kit's weather function, here an upstream that is as fast as can be")
	return nil
}

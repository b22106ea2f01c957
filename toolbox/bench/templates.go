package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// TemplateResult is one of the templates of emulator/conformance/testdata/speed.txtar:
// renders for each second of processor time, by the engine's name.
type TemplateResult struct {
	Name   string
	Ours   float64
	Engine map[string]float64 // Apache Velocity, by version
}

// Ratio is the part of the faster other engine's renders.
func (t *TemplateResult) Ratio() float64 {
	fastest := 0.0
	for _, rate := range t.Engine {
		fastest = max(fastest, rate)
	}
	return quotient(t.Ours, fastest)
}

// measureTemplates runs the benchmark that make speed runs.
func (m *meter) measureTemplates(ctx context.Context, report *Report) error {
	if os.Getenv("VTL_ORACLE") == "" {
		report.Missing = append(report.Missing, "templates beside Apache Velocity: set VTL_ORACLE to the program that renders cases with it")
		return nil
	}
	fmt.Fprintln(m.progress, "templates, beside Apache Velocity …")
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "Velocity", "-benchtime", "1x", "./emulator/conformance")
	cmd.Dir, cmd.Env = m.environment.app.Root, append(os.Environ(), "GOGC=off", "GOMEMLIMIT=1GiB")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("templates: %w: %s", err, out)
	}
	report.Templates = readBenchmark(out)
	return nil
}

// readBenchmark reads the lines of "go test -bench": a name, a count, then
// numbers with their units.
func readBenchmark(out []byte) (results []TemplateResult) {
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		name, found := strings.CutPrefix(lines.Text(), "BenchmarkVelocity/")
		if !found {
			continue
		}
		fields := strings.Fields(name)
		r := TemplateResult{Name: fields[0], Engine: map[string]float64{}}
		if at := strings.LastIndexByte(r.Name, '-'); at > 0 {
			r.Name = r.Name[:at] // the number of processors
		}
		for i := 2; i+1 < len(fields); i += 2 {
			rate, _ := strconv.ParseFloat(fields[i], 64)
			engine, isRate := strings.CutSuffix(fields[i+1], "-renders/s")
			switch {
			case !isRate:
			case engine == "here":
				r.Ours = rate
			default:
				r.Engine[engine] = rate
			}
		}
		results = append(results, r)
	}
	return results
}

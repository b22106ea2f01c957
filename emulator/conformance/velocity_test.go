package conformance

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// velocity is Apache Velocity with Jayway JsonPath, in a process of its own.
type velocity struct {
	in  io.Writer
	out *bufio.Scanner
}

// velocityAnswer is how Velocity rendered a case, or how long that took.
type velocityAnswer struct {
	Output, Error *string
	Overrides     json.RawMessage
	Nanos         int64 // of CPU
}

// startVelocity starts testdata/velocity/Peer.java on the classes beside the
// program that VTL_ORACLE names, as of Velocity "17" or "24". It skips the test
// where there are none.
func startVelocity(t testing.TB, version string, args ...string) *velocity {
	program := os.Getenv("VTL_ORACLE")
	if program == "" {
		t.Skip("set VTL_ORACLE to the oracle's run.sh to compare with Velocity")
	}
	built := filepath.Join(filepath.Dir(program), "target-v"+version)
	if _, err := os.Stat(built); err != nil {
		t.Skipf("the oracle is not built for Velocity %s: %v", version, err)
	}
	classes := t.TempDir()
	path := filepath.Join(built, "classes") + ":" + filepath.Join(built, "lib", "*")
	if out, err := exec.Command("javac", "-d", classes, "-cp", path, "testdata/velocity/Peer.java").CombinedOutput(); err != nil {
		t.Fatalf("javac: %v: %s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "java", append([]string{"-Xmx1g", "-cp", classes + ":" + path, "oracle.Peer"}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<26)
	return &velocity{in, lines}
}

// render renders the case; more than zero renders are only timed.
func (v *velocity) render(t testing.TB, c *vtlCase, renders int) velocityAnswer {
	given := map[string]any{"id": c.ID, "template": c.Template, "body": c.Body, "params": c.Params, "context": c.Context, "stageVariables": c.StageVariables}
	if renders > 0 {
		given["renders"] = renders
	}
	line, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
	if !v.out.Scan() {
		t.Fatalf("Velocity ended: %v", v.out.Err())
	}
	var answer velocityAnswer
	if err := json.Unmarshal(v.out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

package emulator

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// TestStrangersTemplateRunsNoCode asks for all of a project that could run, and
// changes it. Allowed, each leaves its mark.
func TestStrangersTemplateRunsNoCode(t *testing.T) {
	all := []string{"cdk", "container", "engine", "folder", "go", "inline"}
	t.Run("unless allowed", func(t *testing.T) {
		p, marks := stranger(t)
		t.Chdir(p.root)
		var log strings.Builder
		stop := p.startAs("cdk.out", Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		p.touch(t)
		p.want("/mock", "as synthesized")
		p.replace("cdk.out/Stack.template.yaml", "as synthesized", "as synthesized again")
		p.wait("cdk.out", "")
		p.want("/mock", "as synthesized again") // the CDK app and the mapping template have changed before
		if said := slices.DeleteFunc(slices.Clone(p.Problems()), func(p cfn.Problem) bool { return p != cfn.NotAllowed }); len(said) != 1 {
			t.Errorf("it is said %d times what to pass", len(said))
		}
		stop()
		if found := names(marks); len(found) > 0 {
			t.Errorf("these have run: %v", found)
		}
		if _, err := os.Stat(filepath.Join(p.root, ".build")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("something was written beside the template: %v", err)
		}
		if strings.Contains(log.String(), "can't be built") {
			t.Errorf("it was tried to build:\n%s", log.String())
		}
	})
	t.Run("allowed", func(t *testing.T) {
		p, marks := stranger(t)
		defer p.startAs("cdk.out", Options{AllowFunctions: true})()
		p.touch(t)
		p.wait("mappings/mock.vtl", "")
		p.want("/mock", "from its file")
		p.wait("./synth", "exit status 1")
		if found := names(marks); !slices.Equal(found, all) {
			t.Errorf("these have run: %v, want %v", found, all)
		}
	})
}

// stranger writes a stranger's project, and gives the folder of its marks.
func stranger(t *testing.T) (p *project, marks string) {
	t.Helper()
	files, err := txtar.ParseFile("testdata/stranger.txtar")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL", "")
	p, marks = &project{T: t, root: t.TempDir(), reloaded: make(chan Reload, 100)}, t.TempDir()
	for _, f := range files.Files {
		p.write(f.Name, strings.ReplaceAll(string(f.Data), "MARKS", marks))
	}
	if err := os.Chmod(filepath.Join(p.root, "synth"), 0o755); err != nil {
		t.Fatal(err)
	}
	return p, marks
}

// touch asks for everything, and changes it.
func (p *project) touch(t *testing.T) {
	for _, path := range []string{"/inline", "/folder", "/go", "/container"} {
		if got := p.get(path); !strings.HasPrefix(got, "50") {
			t.Errorf("GET %s: %s", path, got)
		}
	}
	p.write("app.js", "// another app")
	p.write("mappings/mock.vtl", "from its file")
	p.replace("program/main.go", "package main", "package main // changed")
	p.replace("cdk.out/asset.folder/index.js", "require", "/* changed */ require")
}

func names(folder string) []string {
	entries, _ := os.ReadDir(folder)
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

// TestGivenFunctionIsAllowed: who names what runs a function means that it runs.
func TestGivenFunctionIsAllowed(t *testing.T) {
	for _, given := range []map[string]string{nil, {"Function": "http://127.0.0.1:1"}} {
		e, err := Load(Options{App: "testdata/stream.yaml", Functions: given})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close(context.Background())
		if f := e.Functions()[0]; (f.Missing == "") != (given != nil) {
			t.Errorf("given %v: missing: %q", given, f.Missing)
		}
	}
}

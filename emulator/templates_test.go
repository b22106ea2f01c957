package emulator

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

var update = flag.Bool("update", false, "write what is loaded into testdata")

// TestOtherTemplates loads templates in the styles in which people and tools
// write them. Each archive has the template first, then further files, and last
// what is wanted: its routes and, one line each, what it says. Flags stand in the
// comment. All AWS services have an endpoint unless the comment says "no
// endpoints".
func TestOtherTemplates(t *testing.T) {
	paths, err := filepath.Glob("testdata/templates/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := &archive.Files[len(archive.Files)-1]
			dir := t.TempDir()
			for _, file := range archive.Files[:len(archive.Files)-1] {
				if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			endpoint := "http://127.0.0.1:9"
			if strings.Contains(string(archive.Comment), "no endpoints") {
				endpoint = ""
			}
			t.Setenv("AWS_ENDPOINT_URL", endpoint)
			options := optionsOf(string(archive.Comment))
			options.App = filepath.Join(dir, archive.Files[0].Name)
			e, err := Load(options)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(summary(e), dir+string(filepath.Separator), "")
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if d := diff.Diff(string(want.Data), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// optionsOf reads the flags of a comment.
func optionsOf(comment string) Options {
	o := Options{Parameters: map[string]string{}, Backends: map[string]string{}, Functions: map[string]string{}}
	words := strings.Fields(comment)
	for i, word := range words[:max(0, len(words)-1)] {
		name, value, _ := strings.Cut(words[i+1], "=")
		switch word {
		case "--parameter":
			o.Parameters[name] = value
		case "--backend":
			o.Backends[name] = value
		case "--function":
			o.Functions[name] = value
		}
	}
	return o
}

// summary has a line for each route, then one for each problem.
func summary(e *Emulator) string {
	var out strings.Builder
	for _, api := range e.APIs {
		fmt.Fprintf(&out, "%s, stage %s\n", api.Name, api.Stage.Name)
		var methods []*gateway.Method
		for _, r := range api.Resources {
			for _, m := range r.Methods {
				methods = append(methods, m)
			}
		}
		slices.SortFunc(methods, func(a, b *gateway.Method) int {
			return cmp.Or(cmp.Compare(a.Resource.Path, b.Resource.Path), cmp.Compare(a.HTTPMethod, b.HTTPMethod))
		})
		for _, m := range methods {
			state := "served"
			switch {
			case m.Unservable != nil:
				state = "not served"
			case m.IsRefused():
				state = "refused"
			case m.NoBackend != nil:
				state = "without its backend"
			}
			fmt.Fprintf(&out, "  %s %s %s: %s\n", m.HTTPMethod, m.Resource.Path, m.Integration.Type, state)
		}
	}
	for _, group := range []struct {
		effect cfn.Effect
		name   string
	}{{cfn.Unserved, "not served"}, {cfn.NoBackend, "no backend"}, {cfn.Ignored, "ignored"}} {
		for _, p := range e.Problems.Of(group.effect) {
			fmt.Fprintf(&out, "%s: %s\n", group.name, strings.ReplaceAll(p.Error(), "\n", " "))
		}
	}
	return out.String()
}

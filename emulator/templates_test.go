package emulator

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// TestOtherTemplates loads templates in the styles in which people and tools
// write them. Each archive has the template first, then further files, and last
// what is wanted: its routes and, one line each, what it says. Flags stand in the
// comment. All AWS services have an endpoint unless the comment says "no
// endpoints"; the template's code may run unless it is "a stranger's".
func TestOtherTemplates(t *testing.T) {
	golden.Archives(t, "testdata/templates/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		dir := t.TempDir()
		for _, file := range a.Files[:len(a.Files)-1] {
			if err := os.WriteFile(filepath.Join(dir, file.Name), file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		endpoint := "http://127.0.0.1:9"
		if strings.Contains(string(a.Comment), "no endpoints") {
			endpoint = ""
		}
		t.Setenv("AWS_ENDPOINT_URL", endpoint)
		options := optionsOf(string(a.Comment))
		options.App = filepath.Join(dir, a.Files[0].Name)
		e, err := Load(options)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(summary(e), dir+string(filepath.Separator), "")
	})
}

// optionsOf reads the flags of a comment.
func optionsOf(comment string) Options {
	o := Options{Parameters: map[string]string{}, Backends: map[string]string{}, Functions: map[string]string{}}
	o.AllowFunctions = !strings.Contains(comment, "a stranger's")
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
	for _, api := range e.APIs() {
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
		for _, p := range e.Problems().Of(group.effect) {
			fmt.Fprintf(&out, "%s: %s\n", group.name, strings.ReplaceAll(p.Error(), "\n", " "))
		}
	}
	return out.String()
}

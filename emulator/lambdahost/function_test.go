package lambdahost

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// load copies testdata's template into a folder of its own, beside two assets.
func load(t *testing.T, urls *URLs) *cfn.Assembly {
	t.Helper()
	dir := t.TempDir()
	template, err := os.ReadFile("testdata/template.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"template.json":           string(template),
		"asset.script/bootstrap":  "#!/bin/sh\nexit 0\n",
		"asset.empty/readme":      "",
		"asset.foreign/bootstrap": "\x7fELF of a machine that nobody has",
		"go.mod":                  "module example.com/project\n\ngo 1.26\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a, err := cfn.Load(filepath.Join(dir, "template.json"), cfn.Options{Attribute: urls.Attribute})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFromAssembly(t *testing.T) {
	a := load(t, NewURLs())
	functions, problems := FromAssembly(a, nil, true)

	var names []string
	for _, f := range functions {
		names = append(names, f.Name)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"defaults", "foreign", "hello", "image", "java", "nocode", "script"}) {
		t.Errorf("functions %q", names)
	}
	f := findFunction(functions, "hello")
	if f.Timeout != 7*time.Second || f.MemorySize != 512 || *f.Reserved != 2 || f.Environment["TABLE"] != "template" ||
		f.Source != "hello" || f.TaskRoot != filepath.Join(a.Root, "hello") || f.ARN != "arn:aws:lambda:us-east-1:000000000000:function:hello" {
		t.Errorf("hello: %+v", f)
	}
	if f := findFunction(functions, "defaults"); f.Timeout != 3*time.Second || f.MemorySize != 128 || f.Reserved != nil {
		t.Errorf("defaults: %+v", f)
	}
	if f := findFunction(functions, "script"); !slices.Equal(f.Command, []string{filepath.Join(a.Dir, "asset.script", "bootstrap")}) || f.Source != "" {
		t.Errorf("script: %+v", f)
	}

	var got []string
	for _, p := range problems {
		got = append(got, p.LogicalID+"."+p.Property+": "+p.Message)
	}
	for _, want := range []string{
		"Java.Code: the runtime java21 is not run here",
		"Image.PackageType: container images are not run",
		"NoCode.Code: the function's code is not on this machine",
		"DefaultsUrl.AuthType: function URLs with IAM authorization refuse every call here",
		"DefaultsUrl.InvokeMode: responses are not streamed here",
		"DefaultsUrl.Cors: CORS headers of function URLs are not made here",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no problem %q", want)
		}
	}
	if len(got) != 7 { // and Foreign, whose message names this machine
		t.Errorf("problems %q", got)
	}
}

func TestPermits(t *testing.T) {
	const gateway, api = "apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:000000000000:api/"
	permission := Permission{"lambda:InvokeFunction", gateway, api + "prod/GET/orders/*", "000000000000"}
	with := func(change func(*Permission)) Permission {
		p := permission
		change(&p)
		return p
	}
	for _, c := range []struct {
		name       string
		permission Permission
		service    string
		source     string
		want       bool
	}{
		{"the method", permission, gateway, api + "prod/GET/orders/{id}", true},
		{"a path below", permission, gateway, api + "prod/GET/orders/{id}/items", true},
		{"another method", permission, gateway, api + "prod/POST/orders/{id}", false},
		{"another stage", permission, gateway, api + "test/GET/orders/{id}", false},
		{"a path above", permission, gateway, api + "prod/GET/orders", false},
		{"another service", permission, "sns.amazonaws.com", api + "prod/GET/orders/{id}", false},
		{"another account", with(func(p *Permission) { p.SourceAccount = "111111111111" }), gateway, api + "prod/GET/orders/{id}", false},
		{"any source", with(func(p *Permission) { p.SourceARN = "" }), gateway, api + "test/POST/", true},
		{"any principal", with(func(p *Permission) { p.Principal = "*" }), gateway, api + "prod/GET/orders/{id}", true},
		{"one character", with(func(p *Permission) { p.SourceARN = api + "pro?/GET/" }), gateway, api + "prod/GET/", true},
		{"a dot is a dot", with(func(p *Permission) { p.SourceARN = api + "prod/GET/a.b" }), gateway, api + "prod/GET/axb", false},
		{"another action", with(func(p *Permission) { p.Action = "lambda:InvokeFunctionUrl" }), gateway, api + "prod/GET/orders/{id}", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := Function{Permissions: []Permission{c.permission}}
			if got := f.Permits(c.service, c.source); got != c.want {
				t.Errorf("Permits = %v", got)
			}
		})
	}
	t.Run("from the template", func(t *testing.T) {
		functions, _ := FromAssembly(load(t, NewURLs()), nil, true)
		if !findFunction(functions, "hello").Permits(gateway, api+"prod/GET/orders/{id}") {
			t.Error("the permission of the template is not there")
		}
	})
}

func TestStatus(t *testing.T) {
	missing := Function{Name: "a-missing", Missing: &cfn.Problem{Message: "its code is not on this machine"}}
	h := start(t, Options{Functions: []Function{testFunction("f"), missing}})
	first := tell(t, h, "f", call{Do: "pid"})
	if again := tell(t, h, "f", call{Do: "pid"}); again.PID != first.PID {
		t.Fatal("a second process")
	}
	invoke(t, h, "f", call{Do: "print"}) // ends its process
	tell(t, h, "f", call{Do: "pid"})

	all := h.Status()
	if len(all) != 2 || all[0].Name != "a-missing" || !strings.Contains(all[0].Missing, "its code") || all[0].Processes != 0 {
		t.Fatalf("status %+v", all)
	}
	f := all[1]
	if f.Processes != 1 || f.Idle != 1 || f.Invocations != 4 || f.ColdStarts != 2 || f.ColdStart <= 0 || f.Missing != "" {
		t.Errorf("status %+v", f)
	}
	if log := strings.Join(f.Log, "\n"); log != "[f] one line\n[f] no end of line" {
		t.Errorf("log %q", log)
	}
}

func TestTailKeepsTheLastLines(t *testing.T) {
	var kept tail
	for range keptLines {
		kept.Write([]byte("old\n"))
	}
	kept.Write([]byte("one\ntwo\n"))
	if lines := kept.lines(); len(lines) != keptLines || lines[0] != "old" || lines[keptLines-1] != "two" {
		t.Errorf("%d lines, the first %q, the last %q", len(lines), lines[0], lines[len(lines)-1])
	}
}

func TestTailCutsLongLines(t *testing.T) {
	var kept tail
	kept.Write([]byte("x" + strings.Repeat("é", keptOfLine) + "\nshort\n"))
	lines := kept.lines()
	if cut := lines[0]; len(cut) > keptOfLine+len("…") || !strings.HasSuffix(cut, "é…") || lines[1] != "short" {
		t.Errorf("%d bytes, then %q", len(cut), lines[1])
	}
}

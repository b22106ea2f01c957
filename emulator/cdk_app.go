package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
	"github.com/apigw-integrations/apigw-integrations/internal/cdkapp"
)

// cdkApp is the app that an assembly is synthesized from, as cdk.json has it.
type cdkApp struct {
	root    string // folder of cdk.json
	output  string // folder of the assembly
	command string // "app" of cdk.json, after its "build"
	include []string
	exclude []string
}

// cdkSettings is cdk.json, as far as it is read. What "watch" says is meant for
// "cdk watch", see https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-watch.html
type cdkSettings struct {
	cdkapp.Settings
	Watch struct {
		Include patterns `json:"include"`
		Exclude patterns `json:"exclude"`
	} `json:"watch"`
}

// patterns is one glob, or several.
type patterns []string

func (p *patterns) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*p = patterns{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(p))
}

// app is what the assembly is made by; nil when nobody knows, or it may not run.
func (e *Emulator) app() *cdkApp {
	if !e.options.AllowFunctions {
		return nil
	}
	return readApp(e.Assembly().Root, e.options.App)
}

// readApp finds the app of an assembly; nil when the project's cdk.json names
// none, or another folder for what the app makes.
func readApp(root, assembly string) *cdkApp {
	text, err := os.ReadFile(filepath.Join(root, "cdk.json"))
	if err != nil {
		return nil
	}
	settings := cdkSettings{Settings: cdkapp.Settings{Output: "cdk.out"}}
	if json.Unmarshal(text, &settings) != nil || settings.App == "" {
		return nil
	}
	assembly, err = filepath.Abs(assembly)
	if err != nil || assembly != filepath.Join(root, settings.Output) {
		return nil
	}
	if settings.Watch.Include == nil {
		settings.Watch.Include = patterns{"**"}
	}
	command := settings.App
	if settings.Build != "" {
		command = settings.Build + " && " + command
	}
	return &cdkApp{root, assembly, command, settings.Watch.Include, settings.Watch.Exclude}
}

// files gives the folders of the app's files and their sum. Whatever is taken
// over without a synthesis is not of the app.
func (a *cdkApp) files(e *Emulator) (folders []string, sum string) {
	now := e.Assembly()
	templates := now.MappingTexts()
	var elsewhere []string
	for _, folder := range e.functions.Folders() {
		elsewhere = append(elsewhere, folder+string(filepath.Separator))
	}
	for source := range e.current.Load().network.Sources() {
		elsewhere = append(elsewhere, filepath.Join(now.Root, source)+string(filepath.Separator))
	}
	if e.options.DataDir != "" {
		elsewhere = append(elsewhere, e.options.DataDir+string(filepath.Separator))
	}
	return watch.Tree(a.root, func(path string) bool {
		if path == "cdk.json" {
			return true
		}
		if _, isTemplate := templates[path]; isTemplate || !matches(a.include, path) || matches(a.exclude, path) {
			return false
		}
		for _, folder := range elsewhere {
			if strings.HasPrefix(filepath.Join(a.root, path), folder) {
				return false
			}
		}
		return true
	})
}

// matches says whether one of the globs is for the file, or for a folder above it.
func matches(globs []string, path string) bool {
	for _, glob := range globs {
		for _, pattern := range []string{glob, strings.TrimSuffix(glob, "/") + "/**"} {
			if ok, err := doublestar.Match(pattern, path); ok && err == nil {
				return true
			}
		}
	}
	return false
}

// synthesisGrace is how long output is read on after the app's end.
const synthesisGrace = time.Second

// synthesize runs the app, with what the CDK CLI would give it. When ctx ends,
// so does the app.
func (a *cdkApp) synthesize(ctx context.Context) error {
	environment, err := cdkapp.Environment(a.root, a.output)
	if err != nil {
		return err
	}
	var output bytes.Buffer
	cmd := exec.Command("/bin/sh", "-c", a.command)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = a.root, &output, &output, synthesisGrace
	launcher := hostprocess.NewLauncher()
	defer launcher.Close()
	if err := launcher.Start(cmd); err != nil {
		return fmt.Errorf("%s: %w", a.command, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		hostprocess.Kill(cmd)
		<-ended
		return ctx.Err()
	}
	hostprocess.Kill(cmd) // children that it left behind
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", a.command, err, strings.TrimSpace(output.String()))
	}
	return a.lookups()
}

// lookups is the error of an app that waits for values of an account: only the
// CLI looks them up.
func (a *cdkApp) lookups() error {
	var manifest struct {
		Missing []struct{ Key string }
	}
	text, err := os.ReadFile(filepath.Join(a.output, "manifest.json"))
	if err != nil {
		return fmt.Errorf("%s made no assembly: %w", a.command, err)
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("manifest.json: %w", err)
	}
	if len(manifest.Missing) > 0 {
		return fmt.Errorf("%s needs %s of an account: run cdk synth once, which keeps it in cdk.context.json", a.command, manifest.Missing[0].Key)
	}
	return nil
}

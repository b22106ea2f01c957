package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// cdkApp is the app that an assembly is synthesized from, as cdk.json has it.
type cdkApp struct {
	root    string // folder of cdk.json
	output  string // folder of the assembly
	command string // "app" of cdk.json
	include []string
	exclude []string
}

// cdkSettings is cdk.json, as far as it is read. What "watch" says is meant for
// "cdk watch", see https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-watch.html
type cdkSettings struct {
	App    string `json:"app"`
	Output string `json:"output"`
	Watch  struct {
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

// readApp finds the app of an assembly; nil when the project's cdk.json names
// none, or another folder for what the app makes.
func readApp(root, assembly string) *cdkApp {
	text, err := os.ReadFile(filepath.Join(root, "cdk.json"))
	if err != nil {
		return nil
	}
	settings := cdkSettings{Output: "cdk.out"}
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
	return &cdkApp{root, assembly, settings.App, settings.Watch.Include, settings.Watch.Exclude}
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

// synthesisGrace is how long output is read on after the CDK CLI's end.
const synthesisGrace = time.Second

// synthesize has the CDK CLI run the app. When ctx ends, so do they.
func (a *cdkApp) synthesize(ctx context.Context) error {
	cli, err := a.cli()
	if err != nil {
		return err
	}
	var output bytes.Buffer
	cmd := exec.Command(cli, "synth", "--quiet", "--output", a.output)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = a.root, &output, &output, synthesisGrace
	launcher := hostprocess.NewLauncher()
	defer launcher.Close()
	if err := launcher.Start(cmd); err != nil {
		return fmt.Errorf("cdk synth: %w", err)
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
		return fmt.Errorf("cdk synth: %w\n%s", err, strings.TrimSpace(output.String()))
	}
	return nil
}

// cli is the project's own CDK CLI, else that of the PATH.
func (a *cdkApp) cli() (string, error) {
	own := filepath.Join(a.root, "node_modules", ".bin", "cdk")
	if _, err := os.Stat(own); err == nil {
		return own, nil
	}
	cli, err := exec.LookPath("cdk")
	if err != nil {
		return "", errors.New("the CDK CLI is not installed: run npm ci in the project, or npm install aws-cdk")
	}
	return cli, nil
}

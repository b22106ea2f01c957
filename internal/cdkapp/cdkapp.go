// Package cdkapp gives a CDK app what the CDK CLI would give it, so that it runs
// without the CLI and makes the same templates.
package cdkapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

// Settings is cdk.json, as far as it decides what an app is given, see
// https://docs.aws.amazon.com/cdk/v2/guide/cli.html#cli-config
type Settings struct {
	App           string         `json:"app"`
	Build         string         `json:"build"` // runs before the app
	Output        string         `json:"output"`
	Context       map[string]any `json:"context"`
	PathMetadata  *bool          `json:"pathMetadata"`
	AssetMetadata *bool          `json:"assetMetadata"`
}

// Environment is what the CLI sets for an app: the context of root's cdk.json and
// cdk.context.json with the CLI's own switches, and the folder of the assembly.
// The templates are not validated by the CDK, which takes longer than all the
// rest; "cdk deploy" does it.
func Environment(root, output string) ([]string, error) {
	context, err := Context(root)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(context)
	if err != nil {
		return nil, err
	}
	return []string{"CDK_OUTDIR=" + output, "CDK_CONTEXT_JSON=" + string(text), "CDK_VALIDATION=false"}, nil
}

// Context is the context that the CLI would give.
func Context(root string) (map[string]any, error) {
	var settings Settings
	if err := read(filepath.Join(root, "cdk.json"), &settings); err != nil {
		return nil, err
	}
	context := map[string]any{}
	if err := read(filepath.Join(root, "cdk.context.json"), &context); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	maps.Copy(context, settings.Context)
	if settings.PathMetadata == nil || *settings.PathMetadata {
		context["aws:cdk:enable-path-metadata"] = true
	}
	if settings.AssetMetadata == nil || *settings.AssetMetadata {
		context["aws:cdk:enable-asset-metadata"] = true
	}
	context["aws:cdk:bundling-stacks"] = []string{"**"}
	return context, nil
}

func read(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

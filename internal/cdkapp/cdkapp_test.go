package cdkapp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestContext(t *testing.T) {
	for _, test := range []struct {
		name, settings, lookups, want string
	}{
		{"the CLI's switches", `{}`, ``,
			`{"aws:cdk:bundling-stacks":["**"],"aws:cdk:enable-asset-metadata":true,"aws:cdk:enable-path-metadata":true}`},
		{"switched off", `{"pathMetadata": false, "assetMetadata": false}`, ``, `{"aws:cdk:bundling-stacks":["**"]}`},
		{"cdk.json before what was looked up", `{"pathMetadata": false, "assetMetadata": false, "context": {"arch": "arm64"}}`,
			`{"arch": "x86_64", "zones": ["a", "b"]}`, `{"arch":"arm64","aws:cdk:bundling-stacks":["**"],"zones":["a","b"]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Context(project(t, test.settings, test.lookups))
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := json.Marshal(got); string(text) != test.want {
				t.Errorf("\n got %s\nwant %s", text, test.want)
			}
		})
	}
}

func TestEnvironment(t *testing.T) {
	got, err := Environment(project(t, `{"context": {"arch": "arm64"}}`, ""), "out")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{"CDK_OUTDIR=out\n", `CDK_CONTEXT_JSON={"arch":"arm64",`, "\nCDK_VALIDATION=false"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestContextOfBrokenFiles(t *testing.T) {
	for _, file := range []string{"cdk.json", "cdk.context.json"} {
		root := project(t, `{}`, `{}`)
		if err := os.WriteFile(filepath.Join(root, file), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Context(root); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("a broken %s: %v", file, err)
		}
	}
}

// project is a folder with these files; an empty one is left out.
func project(t *testing.T, settings, lookups string) string {
	t.Helper()
	root := t.TempDir()
	for file, text := range map[string]string{"cdk.json": settings, "cdk.context.json": lookups} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(root, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

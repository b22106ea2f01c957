package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The goldens show what a change of the constructs does to the templates.
func TestGolden(t *testing.T) {
	for name, template := range standard(t) {
		t.Run(name, func(t *testing.T) { checkGolden(t, name+".golden.json", template) })
	}
}

// What monitoring and API key add to the API's template has a golden by itself.
func TestOperationsGolden(t *testing.T) {
	before := standard(t)["IntegrationsApi"]["Resources"].(map[string]any)
	added := maps.Clone(operated(t)["Resources"].(map[string]any))
	maps.DeleteFunc(added, func(id string, resource any) bool {
		_, there := before[id]
		return there || resource.(map[string]any)["Type"] == "AWS::ApiGateway::Deployment"
	})
	checkGolden(t, "operations.json", added)
}

func checkGolden(t *testing.T, name string, content any) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("template differs; if it should, run go test ./infra -update (-want +got):\n%s", diff)
	}
}

package openapi

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// TestImport imports the document of each archive and compares what it defines.
func TestImport(t *testing.T) {
	golden.Archives(t, "testdata/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		options := Options{RestAPIID: "abc123", LogicalID: "Api", BasePath: "prepend"}
		return golden.JSON(t, Import(parse(t, a.Files[0].Data), options))
	})
}

// parse reads YAML as a template's reader does: numbers become json.Number.
func parse(t testing.TB, text []byte) map[string]any {
	t.Helper()
	var tree map[string]any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(withTextKeys(tree))
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document
}

func withTextKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			v[key] = withTextKeys(item)
		}
	case map[any]any: // of statuses
		texts := map[string]any{}
		for key, item := range v {
			name, _ := json.Marshal(key)
			texts[strings.Trim(string(name), `"`)] = withTextKeys(item)
		}
		return texts
	case []any:
		for i, item := range v {
			v[i] = withTextKeys(item)
		}
	}
	return v
}

func TestBasePath(t *testing.T) {
	const (
		swagger  = `{swagger: "2.0", basePath: /a/b/c, paths: {/e: {}}}`
		url      = `{openapi: 3.0.1, servers: [{url: "https://example.com/a/b/c/"}], paths: {/e: {}}}`
		relative = `{openapi: 3.0.1, servers: [{url: /a}], paths: {/e: {}}}`
		variable = `{openapi: 3.0.1, servers: [{url: "https://example.com/other"}, {url: "https://{host}", variables: {basePath: {default: stage}}}], paths: {/e: {}}}`
		without  = `{openapi: 3.0.1, servers: [{url: "https://example.com/"}], paths: {/e: {}}}`
	)
	for _, c := range []struct{ name, document, mode, want string }{
		{"ignore", swagger, "ignore", "/e"},
		{"by default", swagger, "", "/e"},
		{"prepend", swagger, "prepend", "/a/b/c/e"},
		{"split", swagger, "split", "/b/c/e"},
		{"URL, prepend", url, "prepend", "/a/b/c/e"},
		{"URL, split", url, "split", "/b/c/e"},
		{"relative URL, split", relative, "split", "/e"},
		{"variable, prepend", variable, "prepend", "/stage/e"},
		{"variable, split", variable, "split", "/e"},
		{"none, prepend", without, "prepend", "/e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			made := Import(parse(t, []byte(c.document)), Options{LogicalID: "Api", BasePath: c.mode})
			last := made.Resources[len(made.Resources)-1]
			if got := strings.TrimPrefix(last.LogicalID, "Api:"); got != c.want || last.Properties["PathPart"] != "e" {
				t.Errorf("got %s (%v), want %s", got, last.Properties, c.want)
			}
		})
	}
}

func TestPlace(t *testing.T) {
	method := Resource{Type: "AWS::ApiGateway::Method", At: "paths./a.get"}
	for property, want := range map[string]string{
		"HttpMethod":                        "paths./a.get",
		"Integration":                       "paths./a.get.x-amazon-apigateway-integration",
		"Integration.Uri":                   "paths./a.get.x-amazon-apigateway-integration.uri",
		"Integration.TlsConfig":             "paths./a.get.x-amazon-apigateway-integration.tlsConfig",
		"Integration.IntegrationHttpMethod": "paths./a.get.x-amazon-apigateway-integration.httpMethod",
		"Integration.RequestTemplates.application/json":       "paths./a.get.x-amazon-apigateway-integration.requestTemplates.application/json",
		"Integration.IntegrationResponses.0.SelectionPattern": "paths./a.get.x-amazon-apigateway-integration.responses",
	} {
		if got := method.Place(property); got != want {
			t.Errorf("%s: got %s, want %s", property, got, want)
		}
	}
}

// FuzzImport: whatever the document holds, an import ends, and without a panic.
func FuzzImport(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		document, err := json.Marshal(parse(f, archive.Files[0].Data))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(document)
	}
	f.Add([]byte(`{"swagger":2,"definitions":{"a":{"x":{"$ref":"#/definitions/a/x"},"y":[{"$ref":"#/definitions/a/x"},{"$ref":"#/definitions/a"}]}},"paths":{"/":{"$ref":"#/paths/~1"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var document map[string]any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if decoder.Decode(&document) != nil {
			return
		}
		for _, mode := range []string{"ignore", "prepend", "split"} {
			for _, r := range Import(document, Options{RestAPIID: "id", LogicalID: "Api", BasePath: mode}).Resources {
				if !strings.HasPrefix(r.LogicalID, "Api:") {
					t.Errorf("logical ID %q", r.LogicalID)
				}
				r.Place("Integration.IntegrationResponses.0.StatusCode")
			}
		}
	})
}

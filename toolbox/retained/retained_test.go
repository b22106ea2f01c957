package retained

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

var update = flag.Bool("update", false, "write what was printed into the files")

// A file holds a template or an assembly, its outputs, and what is printed.
func TestList(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			app, outputs := unpack(t, archive)
			assembly, err := cfn.Load(app, cfn.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all, err := List(assembly, outputs)
			if err != nil {
				t.Fatal(err)
			}
			var printed bytes.Buffer
			Print(&printed, all)
			want := &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = printed.Bytes()
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), printed.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func unpack(t *testing.T, archive *txtar.Archive) (app string, outputs map[string]map[string]string) {
	t.Helper()
	app = t.TempDir()
	dir := app
	for _, f := range archive.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		switch f.Name {
		case "template.yaml":
			app = name
		case "outputs.json":
			if err := json.Unmarshal(f.Data, &outputs); err != nil {
				t.Fatal(err)
			}
		}
	}
	return app, outputs
}

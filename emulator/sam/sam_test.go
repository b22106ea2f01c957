package sam

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write what is made into testdata")

// TestTransform applies the macro to the template of each archive.
func TestTransform(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			template := parse(t, archive.Files[0].Data)
			origins, faults := Transform(template, known)
			delete(template, "Globals")
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", " ")
			if err := encoder.Encode(object{"Template": template, "Origins": origins, "Faults": faults}); err != nil {
				t.Fatal(err)
			}
			if *update {
				archive.Files[1].Data = got.Bytes()
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got.String()); diff != "" {
				t.Errorf("the template differs (-want +got):\n%s", diff)
			}
		})
	}
}

// known stands for a template with one parameter.
func known(v any) (string, bool) {
	o, _ := v.(object)
	return "/known", o["Ref"] == "Known"
}

func parse(t testing.TB, text []byte) object {
	t.Helper()
	var template object
	if err := yaml.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	return template
}

// FuzzTransform: whatever the template holds, it comes to an end without a panic.
func FuzzTransform(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(parse(f, archive.Files[0].Data))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var template object
		if json.Unmarshal(text, &template) == nil && template != nil {
			Transform(template, known)
		}
	})
}

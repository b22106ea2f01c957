package sam

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// TestTransform applies the macro to the template of each archive.
func TestTransform(t *testing.T) {
	golden.Archives(t, "testdata/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		template := parse(t, a.Files[0].Data)
		origins, faults := Transform(template, known)
		delete(template, "Globals")
		return golden.JSON(t, object{"Template": template, "Origins": origins, "Faults": faults})
	})
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

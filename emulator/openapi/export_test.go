package openapi

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
)

// TestExport exports what a document of each version defines; the import of that
// gives the same definition again.
func TestExport(t *testing.T) {
	for _, version := range []string{"swagger", "openapi"} {
		t.Run(version, func(t *testing.T) {
			archive, err := txtar.ParseFile("testdata/" + version + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			options := Options{RestAPIID: "abc123", LogicalID: "Api", BasePath: "prepend"}
			want := Import(parse(t, archive.Files[0].Data), options)
			document, faults := Export(want, ExportOptions{Server: "http://127.0.0.1:8080/prod"})
			if len(faults) > 0 {
				t.Errorf("faults: %v", faults)
			}
			options.BasePath = "ignore"
			got := Import(throughJSON(t, document), options)
			if diff := cmp.Diff(want, got, sameDefinition); diff != "" {
				t.Errorf("want first, got second:\n%s", diff)
			}
		})
	}
}

// sameDefinition leaves out where things stand, and the type of authentication,
// which exports always name.
var sameDefinition = cmp.Options{
	cmpopts.IgnoreFields(Resource{}, "At"),
	cmpopts.IgnoreFields(Definition{}, "Faults"),
	cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "AuthType" }),
	cmpopts.SortSlices(func(a, b Resource) bool { return a.LogicalID < b.LogicalID }),
}

func throughJSON(t *testing.T, document map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, text)
}

// TestExportOfTemplates exports what templates write otherwise than documents.
func TestExportOfTemplates(t *testing.T) {
	golden.Archives(t, "testdata/export/*.txtar", func(t *testing.T, a *txtar.Archive) string {
		var d Definition
		decoder := json.NewDecoder(bytes.NewReader(a.Files[0].Data))
		decoder.UseNumber()
		if err := decoder.Decode(&d); err != nil {
			t.Fatal(err)
		}
		for _, r := range d.Resources {
			r.Properties["Unresolved"] = t // is no value of JSON, and left out
		}
		document, faults := Export(d, ExportOptions{Server: "http://127.0.0.1:8080/prod", RootID: "root"})
		var said strings.Builder
		for _, fault := range faults {
			said.WriteString(fault.At + ": " + fault.Message + "\n")
		}
		return golden.JSON(t, document) + said.String()
	})
}

package lint

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// TestNoFolderOutside names mapping templates out of the template's folder, and
// out of the project: there nothing is looked for, whatever is allowed.
func TestNoFolderOutside(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/rules/unused-template.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	project := filepath.Join(dir, "project")
	if err := errors.Join(
		os.MkdirAll(filepath.Join(project, "cdk.out"), 0o755),
		os.WriteFile(filepath.Join(project, "cdk.json"), nil, 0o600),
		os.CopyFS(filepath.Join(project, "mappings"), os.DirFS("testdata/outside")),
		os.CopyFS(filepath.Join(dir, "outside"), os.DirFS("testdata/outside")),
		os.Symlink("../mappings", filepath.Join(project, "cdk.out/linked")),
	); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file                 string
		allowed, found, told bool
	}{
		{file: "mappings/request.vtl", told: true},
		{file: "mappings/request.vtl", allowed: true, found: true},
		{file: "cdk.out/linked/request.vtl"},
		{file: "../outside/request.vtl"},
		{file: "../outside/request.vtl", allowed: true},
		{file: filepath.Join(dir, "outside/request.vtl"), allowed: true},
	} {
		template := filepath.Join(project, "cdk.out/template.yaml")
		text := strings.ReplaceAll(section(archive, "bad/template.yaml"), "mappings/orders/request.vtl", c.file)
		if err := os.WriteFile(template, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		assembly, err := cfn.Load(template, cfn.Options{FilesElsewhere: c.allowed})
		if err != nil {
			t.Fatal(err)
		}
		report := Examine(NewSubject(assembly))
		if found := strings.Contains(findings(report), "planted.vtl"); found != c.found {
			t.Errorf("%+v: found: %v", c, found)
		}
		told := len(report.NotChecked) > 0 && strings.Contains(report.NotChecked[0].Reason, "--allow-functions")
		if told != c.told {
			t.Errorf("%+v: %v", c, report.NotChecked)
		}
	}
}

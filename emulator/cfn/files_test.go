package cfn

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outside lists the ways in which a template names a file that lies beside its
// folder: NAME is a path to it. Each is read when that is allowed.
var outside = []struct{ name, template string }{
	{"nested template", `Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: NAME}}`},
	{"nested template by metadata", `Stack: {Type: AWS::CloudFormation::Stack, Metadata: {"aws:asset:path": NAME}, Properties: {TemplateURL: "https://s3"}}`},
	{"included file", `Stack: {Type: X, Properties: {A: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: NAME}}}}}`},
	{"OpenAPI document", `Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: NAME}}`},
}

// TestNoFileOutside names the same file by a path and by links.
func TestNoFileOutside(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "template")
	if err := errors.Join(
		os.Mkdir(folder, 0o755),
		os.WriteFile(filepath.Join(dir, "outside.yaml"), []byte("Resources: {Planted: {Type: AWS::SQS::Queue}}\nopenapi: 3.0.1\ninfo: {title: Planted}\n"), 0o600),
		os.Symlink("../outside.yaml", filepath.Join(folder, "link.yaml")),
		os.Symlink(dir, filepath.Join(folder, "linked")),
	); err != nil {
		t.Fatal(err)
	}
	for _, c := range outside {
		for _, name := range []string{"../outside.yaml", "link.yaml", "linked/outside.yaml"} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				file := filepath.Join(folder, "template.yaml")
				text := "Resources:\n  " + strings.ReplaceAll(c.template, "NAME", name) + "\n"
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				for _, allowed := range []bool{false, true} {
					a, err := Load(file, Options{FilesElsewhere: allowed})
					if err != nil {
						t.Fatal(err)
					}
					if has := strings.Contains(told(a), "Planted"); has != allowed {
						t.Errorf("allowed %v: the file was read: %v", allowed, has)
					}
				}
			})
		}
	}
}

// told is what was read of all files.
func told(a *Assembly) string {
	var text strings.Builder
	for _, r := range a.Resources() {
		fmt.Fprintln(&text, r.LogicalID, r.Properties)
	}
	return text.String()
}

// TestAssemblyNamesNoFileOutside has a manifest name files that lie beside its
// folder. They are refused whatever is allowed, unless by a link.
func TestAssemblyNamesNoFileOutside(t *testing.T) {
	for _, c := range []struct{ name, kind, property string }{
		{"template", "aws:cloudformation:stack", "templateFile"},
		{"assets", "cdk:asset-manifest", "file"},
		{"assembly within", "cdk:cloud-assembly", "directoryName"},
	} {
		for _, file := range []string{"../secret.json", "/etc/passwd", "link.json"} {
			t.Run(c.name+" "+file, func(t *testing.T) {
				dir := t.TempDir()
				folder := filepath.Join(dir, "cdk.out")
				manifest := fmt.Sprintf(`{"artifacts": {"A": {"type": %q, "properties": {%q: %q}}}}`, c.kind, c.property, file)
				if err := errors.Join(
					os.Mkdir(folder, 0o755),
					os.WriteFile(filepath.Join(dir, "secret.json"), []byte(`{"Resources": {}}`), 0o600),
					os.Symlink("../secret.json", filepath.Join(folder, "link.json")),
					os.WriteFile(filepath.Join(folder, "manifest.json"), []byte(manifest), 0o600),
				); err != nil {
					t.Fatal(err)
				}
				if _, err := Load(folder, Options{}); err == nil {
					t.Error("it was read")
				}
			})
		}
	}
}

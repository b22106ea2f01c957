package lambdahost

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// TestFunctionsWriteNothingOutside: a function's name and source become paths,
// which lead out of the folder for builds.
func TestFunctionsWriteNothingOutside(t *testing.T) {
	for _, c := range []struct{ name, metadata, code, says string }{
		{"../../escaped", "{}", "{ZipFile: x}", "name"},
		{"escaped/function", "{}", "{ZipFile: x}", "name"},
		{"..", "{}", "{ZipFile: x}", "name"},
		{"function", "{apigw:source: ../escaped}", "{}", "source"},
		{"function", "{apigw:source: /escaped}", "{}", "source"},
	} {
		root := t.TempDir()
		build := filepath.Join(root, "project", ".build")
		template := filepath.Join(root, "project", "template.yaml")
		if err := os.Mkdir(filepath.Dir(template), 0o755); err != nil {
			t.Fatal(err)
		}
		runtime := "provided.al2023"
		if strings.Contains(c.code, "ZipFile") {
			runtime = "python3.13"
		}
		text := fmt.Sprintf("Resources:\n  Function:\n    Type: AWS::Lambda::Function\n    Metadata: %s\n    Properties: {FunctionName: %q, Runtime: %s, Handler: index.handler, Code: %s}\n",
			c.metadata, c.name, runtime, c.code)
		if err := os.WriteFile(template, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := cfn.Load(template, cfn.Options{FilesElsewhere: true})
		if err != nil {
			t.Fatal(err)
		}
		functions, _ := FromAssembly(a, nil, true)
		h := start(t, Options{Functions: functions, BuildDir: build})
		result, err := h.Invoke(t.Context(), functions[0].Name, nil, InvokeOptions{})
		if err != nil || !strings.Contains(string(result.Payload), c.says) {
			t.Errorf("%+v: %v %+v", c, err, result)
		}
		err = filepath.Walk(root, func(file string, info os.FileInfo, err error) error {
			if err == nil && !info.IsDir() && file != template && filepath.Dir(file) != build {
				t.Errorf("%+v: it has written %s", c, file)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

package cfn

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func loadAssembly(t testing.TB, o Options) *Assembly {
	t.Helper()
	a, err := Load("testdata/assembly", o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func stack(t *testing.T, a *Assembly, name string) *Stack {
	t.Helper()
	for _, s := range a.Stacks {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no stack %s", name)
	return nil
}

func TestLoadAssembly(t *testing.T) {
	a := loadAssembly(t, Options{})
	var names []string
	for _, s := range a.Stacks {
		names = append(names, s.Name+" "+s.Region+" "+s.AccountID)
	}
	want := []string{
		"Private us-east-1 000000000000",
		"WeatherStack eu-central-1 111122223333",
		"Api us-east-1 000000000000",
		"Api-Tables-" + strings.TrimPrefix(a.Stacks[3].Name, "Api-Tables-") + " us-east-1 000000000000",
	}
	if !reflect.DeepEqual(names, want) {
		t.Errorf("stacks %q, want %q", names, want)
	}
	if filepath.Base(a.Root) == "assembly" {
		t.Errorf("root %s is not the module's folder", a.Root)
	}
	if len(a.Problems) > 0 {
		t.Errorf("problems %v", a.Problems)
	}
}

// Whoever watches an assembly takes another order for a change.
func TestFilesHaveOneOrder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var artifacts []string
	for i := range 8 {
		name := fmt.Sprintf("stack%d.assets.json", i)
		write(name, "{}")
		artifacts = append(artifacts, fmt.Sprintf(`"%s": {"type": "cdk:asset-manifest", "properties": {"file": "%s"}}`, name, name))
	}
	write("manifest.json", `{"artifacts": {`+strings.Join(artifacts, ", ")+`}}`)
	files := func() []string {
		a, err := Load(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return a.Files()
	}
	if first, second := files(), files(); !reflect.DeepEqual(first, second) {
		t.Errorf("files %q, then %q", first, second)
	}
}

func TestCrossStackReferences(t *testing.T) {
	a := loadAssembly(t, Options{})
	api, private := stack(t, a, "Api"), stack(t, a, "Private")
	alb := private.Resource("Alb16C2F182")
	method := api.Resource("Method")
	for path, want := range map[string]string{
		"Integration.ConnectionId":      private.Resource("Link1234EF21").Ref(),
		"Integration.IntegrationTarget": alb.ARN(),
		"Integration.Uri":               "http://" + alb.Attribute("DNSName") + "/{proxy}",
		"ResourceId":                    api.Resource("Orders").Ref(),
	} {
		if got := method.String(path); got != want || got == "" {
			t.Errorf("%s = %q, want %q", path, got, want)
		}
	}
	url := stack(t, a, "WeatherStack").Resource("FunctionUrl").Attribute("FunctionUrl")
	if got := api.Resource("WeatherMethod").String("Integration.Uri"); got != url+"weather" || !strings.HasSuffix(url, ".lambda-url.eu-central-1.on.aws/") {
		t.Errorf("weak reference %q, URL %q", got, url)
	}
	if got, want := private.Resource("Size").String("Size"), "two"; got != want {
		t.Errorf("the manifest's parameter: %q, want %q", got, want)
	}
	want := "Api/BrokenMethod/Integration.Uri: output Broken of stack Private can't be resolved: Nothing of Size (Custom::Size) is not known; give it: --parameter Size.Nothing=VALUE"
	if got := api.Resource("BrokenMethod").Problems.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNestedStack(t *testing.T) {
	a := loadAssembly(t, Options{})
	if got := stack(t, a, "Api").Resource("Function").String("Environment.Variables.TABLE"); got != "Api-orders" {
		t.Errorf("the nested stack's output is %q", got)
	}
	table := a.ByRef("Api-orders")
	if table == nil || table.Stack.Parent.LogicalID != "Tables" {
		t.Fatalf("the nested table is %+v", table)
	}
	if got := table.Strings("Zones"); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("a list reaches the nested stack as %q", got)
	}
}

func TestLookups(t *testing.T) {
	a := loadAssembly(t, Options{})
	if got := a.Resources("AWS::ApiGateway::Method", "AWS::Lambda::Url"); len(got) != 4 {
		t.Errorf("%d resources, want 4", len(got))
	}
	alb := stack(t, a, "Private").Resource("Alb16C2F182")
	if a.ByARN(alb.ARN()) != alb || a.ByRef(alb.Ref()) != alb || a.ByARN("") != nil {
		t.Error("the load balancer is not found again")
	}
}

func TestOutputs(t *testing.T) {
	a := loadAssembly(t, Options{})
	text, err := a.OutputsJSON()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/outputs.golden.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("testdata/outputs.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(golden) {
		t.Errorf("outputs changed:\n%s", text)
	}
	var broken *Output
	for _, o := range stack(t, a, "Private").Outputs {
		if o.LogicalID == "Broken" {
			broken = o
		}
	}
	if got, want := broken.Problems.Error(), "Private/Broken/Value: Nothing of Size (Custom::Size) is not known; give it: --parameter Size.Nothing=VALUE"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAttributeHook(t *testing.T) {
	const url = "http://127.0.0.1:9/"
	a := loadAssembly(t, Options{Region: "eu-west-1", AccountID: "123456789012", Attribute: func(r *Resource, name string) (string, bool) {
		return url, r.Type == "AWS::Lambda::Url" && name == "FunctionUrl"
	}})
	if got := stack(t, a, "Api").Resource("WeatherMethod").String("Integration.Uri"); got != url+"weather" {
		t.Errorf("the hook's value is not used: %q", got)
	}
	if got := stack(t, a, "Api").Resource("Function").ARN(); !strings.HasPrefix(got, "arn:aws:lambda:eu-west-1:123456789012:function:Api-Function-") {
		t.Errorf("environment of the options is not used: %s", got)
	}
}

func TestSources(t *testing.T) {
	a := loadAssembly(t, Options{})
	api := stack(t, a, "Api")
	if got := stack(t, a, "WeatherStack").Resource("Function").Source(); got != "functions/weather" {
		t.Errorf("source of the function: %q", got)
	}
	if got := stack(t, a, "Private").Resource("Task").ContainerSources()["products"]; got != "services/products" {
		t.Errorf("source of the container: %q", got)
	}
	if got := api.Resource("Method").MappingSources()["Integration/RequestTemplates/application/json"]; got != "mappings/mock/request.vtl" {
		t.Errorf("source of the mapping: %q", got)
	}
	folder, err := api.Resource("Function").AssetDir()
	if _, absent := os.Stat(filepath.Join(folder, "bootstrap")); errors.Join(err, absent) != nil {
		t.Errorf("asset folder: %v, %v", err, absent)
	}
	if got, err := api.Resource("Rest").AssetDir(); !errors.Is(err, ErrAbsent) {
		t.Errorf("an API has the asset folder %q: %v", got, err)
	}
}

// TestConcurrentReads guards the promise that a loaded assembly can be read by
// several goroutines; it fails under -race only.
func TestConcurrentReads(t *testing.T) {
	a := loadAssembly(t, Options{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for _, r := range a.Resources() {
				_, _, _ = r.Ref(), r.ARN(), r.Name()
				for _, name := range r.attributeNames() {
					r.Attribute(name)
				}
			}
		})
	}
	readers.Wait()
}

func TestLoadIsFast(t *testing.T) {
	best := time.Hour
	for range 10 {
		start := time.Now()
		loadAssembly(t, Options{})
		best = min(best, time.Since(start))
	}
	if limit := 50 * time.Millisecond; best > limit {
		t.Errorf("loading takes %v, more than %v", best, limit)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		loadAssembly(b, Options{})
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		load  string
		want  string
	}{
		{"nothing there", nil, "cdk.out", "no such file or directory; run `cdk synth` first or name a template"},
		{"folder without a manifest", map[string]string{"x/y": ""}, "x", "is no cloud assembly: it has no manifest.json; run `cdk synth`"},
		{"manifest with a fault", map[string]string{"manifest.json": "{\n \"artifacts\": }"}, "", "manifest.json: 2:15: invalid character '}' looking for beginning of value"},
		{"template outside the assembly", map[string]string{"manifest.json": `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../../secret"}}}}`}, "", `names "../../secret", which is not inside the assembly`},
		{"template with a fault", map[string]string{"t.json": "{\"Resources\": {]"}, "t.json", "t.json:1:15: invalid character ']'"},
		{"text after the template", map[string]string{"t.json": `{"Resources": {}} {}`}, "t.json", "text after the JSON value"},
		{"no resources", map[string]string{"t.json": `{"Outputs": {}}`}, "t.json", "t.json: a template is an object with the section Resources"},
		{"no object", map[string]string{"t.json": `[]`}, "t.json", "a template is an object with the section Resources"},
		{"resource without a type", map[string]string{"t.json": `{"Resources": {"A": {}}}`}, "t.json", "Resources.A: no Type"},
		{"properties that are a list", map[string]string{"t.json": `{"Resources": {"A": {"Type": "T", "Properties": []}}}`}, "t.json", "Resources.A.Properties: a list where an object is needed"},
		{"nested too deep", map[string]string{"t.json": strings.Repeat("[", 600)}, "t.json", "values are nested more than 500 deep"},
		{"nested too deep in YAML", map[string]string{"t.yaml": strings.Repeat("[", 600) + strings.Repeat("]", 600)}, "t.yaml", "1:501: values are nested more than 500 deep"},
		{"unknown tag", map[string]string{"t.yaml": "Resources:\n  A: !Reff B\n"}, "t.yaml", "t.yaml:2:6: unknown tag !Reff"},
		{"alias of itself", map[string]string{"t.yaml": "Resources: &r\n  A: *r\n"}, "t.yaml", "contains itself"},
		{"aliases that multiply", map[string]string{"t.yaml": bomb()}, "t.yaml", "too many values"},
		{"empty JSON", map[string]string{"t.json": " "}, "t.json", "t.json: empty template"},
		{"empty YAML", map[string]string{"t.yml": ""}, "t.yml", "t.yml: empty template"},
		{"JSON that breaks off", map[string]string{"t.json": "{\n \"Resources\": {"}, "t.json", "t.json:2:15: unexpected EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, content := range test.files {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Load(filepath.Join(dir, test.load), Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want …%s…", err, test.want)
			}
		})
	}
}

// bomb is YAML whose aliases stand for ten million values.
func bomb() string {
	text := "a0: &a0 [x]\n"
	for _, level := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		below := "*a" + string(level[0]-1)
		text += "a" + level + ": &a" + level + " [" + strings.Repeat(below+", ", 9) + below + "]\n"
	}
	return text
}

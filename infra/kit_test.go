package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"

	"github.com/apigw-integrations/apigw-integrations/infra/integrations"
	"github.com/apigw-integrations/apigw-integrations/internal/cdkapp"
)

func TestMain(m *testing.M) {
	os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")
	code := m.Run()
	jsii.Close()
	os.Exit(code)
}

// testMappings has every mapping file of the project, with its own path as
// text: what the texts do is tested elsewhere.
func testMappings(t *testing.T) integrations.Mappings {
	t.Helper()
	mappings, err := integrations.ReadMappings(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for name := range mappings {
		mappings[name] = name
	}
	return mappings
}

// cdkContext is the context that the app has; the names of deployments depend on
// it. Assets are left unnamed: they stand in temporary folders.
func cdkContext(t *testing.T) map[string]any {
	t.Helper()
	context, err := cdkapp.Context("..")
	if err != nil {
		t.Fatal(err)
	}
	delete(context, "aws:cdk:enable-asset-metadata")
	return context
}

// emptyPrograms stands for built programs; nothing is compiled.
func emptyPrograms(t *testing.T, cfg Config) programs {
	t.Helper()
	p := programs{root: t.TempDir(), arch: cfg.Arch}
	write := func(folder, name string) {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte("program"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, source := range cfg.sources().functions {
		write(p.folder(source), "bootstrap")
	}
	for _, source := range cfg.sources().containers {
		write(p.imageFolder(source), "Dockerfile")
	}
	return p
}

// newTestStacks creates the stacks of a context that overrides cdk.json's.
func newTestStacks(t *testing.T, override map[string]any) map[string]awscdk.Stack {
	t.Helper()
	context := cdkContext(t)
	for name, value := range override {
		context[name] = value
	}
	cfg, err := ReadConfig(context)
	if err != nil {
		t.Fatal(err)
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false),
		Context:            &context,
		Outdir:             jsii.String(t.TempDir()),
		TreeMetadata:       jsii.Bool(false),
	})
	newStacks(app, kit{cfg, testMappings(t), emptyPrograms(t, cfg)})
	stacks := map[string]awscdk.Stack{}
	for _, child := range *app.Node().Children() {
		if stack, ok := child.(awscdk.Stack); ok {
			stacks[*stack.StackName()] = stack
		}
	}
	return stacks
}

// template is a synthesized template as plain JSON values.
type template map[string]any

// synthesize puts constant text where the hash of an asset stands.
func synthesize(t *testing.T, stack awscdk.Stack) template {
	t.Helper()
	text, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	if err != nil {
		t.Fatal(err)
	}
	var result template
	if err := json.Unmarshal(assetHash.ReplaceAll(text, []byte("<asset>")), &result); err != nil {
		t.Fatal(err)
	}
	return result
}

var assetHash = regexp.MustCompile(`[0-9a-f]{64}`)

// resources returns the properties of all resources of a type.
func (t template) resources(kind string) map[string]map[string]any {
	found := map[string]map[string]any{}
	resources, _ := t["Resources"].(map[string]any)
	for id, resource := range resources {
		if resource := resource.(map[string]any); resource["Type"] == kind {
			properties, _ := resource["Properties"].(map[string]any)
			found[id] = properties
		}
	}
	return found
}

// only returns the properties of the one resource of a type.
func (t template) only(tb testing.TB, kind string) map[string]any {
	tb.Helper()
	found := t.resources(kind)
	if len(found) != 1 {
		tb.Fatalf("%d resources of type %s, want one", len(found), kind)
	}
	for _, properties := range found {
		return properties
	}
	return nil
}

// configurations are the contexts, over cdk.json's, that between them reach
// every branch of the stacks. What holds for the kit is tested on each.
var configurations = map[string]map[string]any{
	"standard":             nil,
	"signed":               {"auth": "iam", "apiKey": "required", "logging": "execution", "monitoring": "alarms"},
	"no private service":   {"privateService": false},
	"products elsewhere":   {"productsUrl": "http://127.0.0.1:9"},
	"nothing private":      {"productsUrl": "http://127.0.0.1:9", "privateService": false},
	"real weather service": {"weatherUrl": "https://w.example/", "weatherApiKey": "k-1"},
	"role exists":          {"accountLogRole": "existing"},
	"no logs":              {"logging": "none", "tracing": false},
}

// configured returns the templates of a configuration, synthesized once.
func configured(t *testing.T, name string) map[string]template {
	t.Helper()
	if synthesized[name] == nil {
		templates := map[string]template{}
		for stack, construct := range newTestStacks(t, configurations[name]) {
			templates[stack] = synthesize(t, construct)
		}
		synthesized[name] = templates
	}
	return synthesized[name]
}

// synthesized has the templates by configuration and stack.
var synthesized = map[string]map[string]template{}

// standard are the templates of cdk.json's context.
func standard(t *testing.T) map[string]template {
	t.Helper()
	return configured(t, "standard")
}

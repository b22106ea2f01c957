package integrations

import (
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"
)

func TestReadMappings(t *testing.T) {
	got, err := ReadMappings(fstest.MapFS{
		"mappings/a/request.vtl":   {Data: []byte("A")},
		"mappings/a/request.txtar": {Data: []byte("cases")},
		"elsewhere/request.vtl":    {Data: []byte("B")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Mappings{"mappings/a/request.vtl": "A"}, got); diff != "" {
		t.Errorf("mappings (-want +got):\n%s", diff)
	}
	if _, err := ReadMappings(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) {
		t.Errorf("without a folder: %v, want one that says so", err)
	}
}

func TestMethodNamesItsMappings(t *testing.T) {
	got := everything().method(t, "POST", "/lambda/orders")["Metadata"].(map[string]any)[mappingsMetadata]
	want := map[string]any{
		"Integration/RequestTemplates/application/json":                         "mappings/lambda/json/request.vtl",
		"Integration/RequestTemplates/application/xml":                          "mappings/lambda/xml/request.vtl",
		"Integration/IntegrationResponses/0/ResponseTemplates/application/json": "mappings/lambda/response.vtl",
		"Integration/IntegrationResponses/0/ResponseTemplates/application/xml":  "mappings/lambda/response.vtl",
		"Integration/IntegrationResponses/1/ResponseTemplates/application/json": "mappings/lambda/error.vtl",
		"Integration/IntegrationResponses/1/ResponseTemplates/application/xml":  "mappings/lambda/error.vtl",
		"Integration/IntegrationResponses/2/ResponseTemplates/application/json": "mappings/lambda/error.vtl",
		"Integration/IntegrationResponses/2/ResponseTemplates/application/xml":  "mappings/lambda/error.vtl",
		"Integration/IntegrationResponses/3/ResponseTemplates/application/json": "mappings/lambda/error.vtl",
		"Integration/IntegrationResponses/3/ResponseTemplates/application/xml":  "mappings/lambda/error.vtl",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestMissingMappingsAreErrors(t *testing.T) {
	mappings := maps.Clone(testMappings())
	delete(mappings, "mappings/mock/message/request.vtl")
	delete(mappings, "mappings/mock/products/response.vtl")
	stack := newTestAPI(func(stack awscdk.Stack, root awsapigateway.IResource) {
		NewMock(stack, "Mock", &MockProps{Parent: root, Mappings: mappings})
	})
	found := *assertions.Annotations_FromStack(stack).FindError(jsii.String("*"), assertions.Match_StringLikeRegexp(jsii.String("no such mapping template")))
	if len(found) != 2 {
		t.Errorf("%d errors, want one for each of the two files", len(found))
	}
}

func TestDeploymentFollowsMappings(t *testing.T) {
	deployment := func(changed string) string {
		mappings := maps.Clone(testMappings())
		mappings[changed] += "## changed"
		return synthesize(newTestAPI(func(stack awscdk.Stack, root awsapigateway.IResource) {
			NewMock(stack, "Mock", &MockProps{Parent: root, Mappings: mappings})
		})).deploymentID(t)
	}
	before := deployment("unused")
	for _, file := range []string{"mappings/mock/message/request.vtl", "mappings/mock/errors/response.vtl"} {
		if before == deployment(file) {
			t.Errorf("a change of %s gives the same deployment %s", file, before)
		}
	}
}

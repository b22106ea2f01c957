package emulator

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// replace puts other text into a file of the project.
func (p *project) replace(name, old, with string) {
	p.Helper()
	text, err := os.ReadFile(filepath.Join(p.root, name))
	if err != nil || !strings.Contains(string(text), old) {
		p.Fatalf("%s has no %q (%v)", name, old, err)
	}
	p.write(name, strings.ReplaceAll(string(text), old, with))
}

func (p *project) dynamoDB() *dynamodb.Client {
	p.Helper()
	env, err := p.Env(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	return dynamodb.New(dynamodb.Options{
		Region: env["AWS_REGION"], BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL_DYNAMODB"]),
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	})
}

// TestAssemblyIsFollowed changes a template step by step: what has not changed
// goes on, with its processes and data.
func TestAssemblyIsFollowed(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not in the PATH")
	}
	p := serve(t, "assembly.txtar")
	base, first := p.BaseURL(), p.get("/words")
	if !strings.HasPrefix(first, `"first `) {
		t.Fatalf("answered %s", first)
	}
	item := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "7"}}
	if _, err := p.dynamoDB().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("orders"), Item: item}); err != nil {
		t.Fatal(err)
	}

	p.replace("template.yaml", "PathPart: words", "PathPart: further")
	p.wait("template.yaml", "")
	p.want("/further", first) // by the same process
	if p.BaseURL() != base {
		t.Errorf("served at %s, before at %s", p.BaseURL(), base)
	}

	p.replace("template.yaml", "WORD: first", "WORD: second")
	p.wait("template.yaml", "")
	if got := p.get("/further"); !strings.HasPrefix(got, `"second `) {
		t.Errorf("with another variable: %s", got)
	}

	p.replace("template.yaml", "  Table:\n", `  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Table:
`)
	p.wait("template.yaml", "")
	found, err := p.dynamoDB().GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("orders"), Key: item})
	if err != nil || len(found.Item) == 0 {
		t.Errorf("the item is lost: %v", err)
	}
	if _, err := p.dynamoDB().PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("customers"), Item: item}); err != nil {
		t.Errorf("the new table: %v", err)
	}

	whole, err := os.ReadFile(filepath.Join(p.root, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p.write("template.yaml", "Resources:\n  Api: {Type: [")
	p.wait("template.yaml", "template.yaml:2")
	p.write("template.yaml", "Resources: {}")
	p.wait("template.yaml", "no AWS::ApiGateway::RestApi that can be served")
	if got := p.get("/further"); !strings.HasPrefix(got, `"second `) {
		t.Errorf("after broken templates: %s", got)
	}
	p.write("template.yaml", string(whole))
	p.wait("template.yaml", "")
}

// script is a CDK app: it makes the assembly of a file, or waits.
const script = `#!/bin/sh
if [ -e wait ]; then
  echo $$ > waiting
  sleep 600
fi
if grep -q broken app.txt; then
  echo 'app.txt:1:1: broken' >&2
  exit 1
fi
[ -e missing ] && missing=', "missing": [{"key": "vpc-provider"}]'
mkdir -p "${CDK_OUTDIR:=cdk.out}"
cp app.txt "$CDK_OUTDIR/Stack.template.json"
echo '{"artifacts": {"Stack": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
  "properties": {"templateFile": "Stack.template.json"}}}'"$missing"'}' > "$CDK_OUTDIR/manifest.json"
`

func TestAppIsSynthesizedAgain(t *testing.T) {
	p := &project{T: t, root: t.TempDir(), reloaded: make(chan Reload, 100)}
	p.write("cdk.json", `{"app": "sh app.sh", "watch": {"include": "app.txt"}}`)
	p.write("app.txt", app("one"))
	p.write("app.sh", script)
	synth := exec.Command("sh", "app.sh")
	synth.Dir = p.root
	if output, err := synth.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	stop := p.start("cdk.out")
	p.want("/one", "{}")
	p.replace("cdk.out/manifest.json", `{"artifacts"`, `{ "artifacts"`)
	p.wait("cdk.out", "") // the app's files are known by now
	p.write("app.txt", app("two"))
	p.wait("cdk.out", "")
	p.want("/two", "{}")

	p.write("app.txt", "broken")
	p.wait("sh app.sh", "app.txt:1:1: broken")
	p.want("/two", "{}")
	p.write("app.txt", app("three"))
	p.wait("sh app.sh", "")
	p.wait("cdk.out", "")
	p.want("/three", "{}")

	p.write("missing", "")
	p.write("app.txt", app("four"))
	p.wait("sh app.sh", "needs vpc-provider of an account: run cdk synth once")

	p.write("wait", "")
	p.write("app.txt", app("five"))
	pid := 0
	processtest.Eventually(t, "the app runs", func() bool {
		text, err := os.ReadFile(filepath.Join(p.root, "waiting"))
		pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		return err == nil && pid != 0
	})
	stop()
	processtest.Eventually(t, "the app ends", func() bool { return !processtest.Alive(pid) })
}

// app is a template with one path.
func app(path string) string {
	return `{"Resources": {
  "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}},
  "Resource": {"Type": "AWS::ApiGateway::Resource", "Properties": {"RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "PathPart": "` + path + `"}},
  "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {"RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": "Resource"}, "HttpMethod": "GET",
    "AuthorizationType": "NONE", "MethodResponses": [{"StatusCode": "200"}], "Integration": {"Type": "MOCK", "RequestTemplates": {"application/json": "{\"statusCode\": 200}"},
    "IntegrationResponses": [{"StatusCode": "200", "ResponseTemplates": {"application/json": "{}"}}]}}},
  "Deployment": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": "Get", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "test"}}}}`
}

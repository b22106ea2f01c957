package deployed

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfntypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// A stack is well as it is deployed; then each thing that the doctor reads back
// is broken where it is, which its template does not tell.
func TestLocalStackIsReadBack(t *testing.T) {
	s := deploy(t)
	if report := s.examine(t); report.Fails(doctor.Warning) {
		t.Fatalf("the stack as deployed: %v", report.Findings)
	}
	ctx := t.Context()
	iamClient, lambdaClient := iam.NewFromConfig(s.config), lambda.NewFromConfig(s.config)
	api := apigateway.NewFromConfig(s.config)
	breaks := []struct {
		name, rule, where string
		do                func() error
	}{
		{"the permission is taken away", "lambda-permission", "PostItem", func() error {
			return s.removePermissions(ctx, lambdaClient)
		}},
		{"the role's policy is taken away", "role-action", "GetItem", func() error {
			_, err := iamClient.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: s.id("Role"), PolicyName: aws.String("table")})
			return err
		}},
		{"another service is trusted", "role-trust", "GetItem", func() error {
			_, err := iamClient.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: s.id("Role"), PolicyDocument: aws.String(
				`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}`)})
			return err
		}},
		{"the stage variable is taken away", "stage-variable", "GetItem", func() error {
			_, err := api.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: s.id("Api"), StageName: aws.String("prod"),
				PatchOperations: []types.PatchOperation{{Op: types.OpRemove, Path: aws.String("/variables/table")}}})
			return err
		}},
		{"the method response is taken away", "method-response", "GetItem", func() error {
			_, err := api.DeleteMethodResponse(ctx, &apigateway.DeleteMethodResponseInput{RestApiId: s.id("Api"), ResourceId: s.id("Items"),
				HttpMethod: aws.String("GET"), StatusCode: aws.String("200")})
			return err
		}},
		{"the function is called with GET", "lambda-method", "PostItem", func() error {
			_, err := api.UpdateIntegration(ctx, &apigateway.UpdateIntegrationInput{RestApiId: s.id("Api"), ResourceId: s.id("Items"), HttpMethod: aws.String("POST"),
				PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/httpMethod"), Value: aws.String("GET")}}})
			return err
		}},
	}
	for _, b := range breaks {
		t.Run(b.name, func(t *testing.T) {
			if err := b.do(); err != nil {
				t.Fatal(err)
			}
			found := false
			report := s.examine(t)
			for _, f := range report.Findings {
				found = found || f.Rule == b.rule && f.Where.Resource == b.where
			}
			if !found {
				t.Errorf("no %s of %s in %v\nnot checked: %v", b.rule, b.where, report.Findings, report.NotChecked)
			}
		})
	}
}

// Somebody gave the stage another deployment than the stack's.
func TestLocalStackStageHasAnotherDeployment(t *testing.T) {
	s := deploy(t)
	client := apigateway.NewFromConfig(s.config)
	other, err := client.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: s.id("Api")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.UpdateStage(t.Context(), &apigateway.UpdateStageInput{RestApiId: s.id("Api"), StageName: aws.String("prod"),
		PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/deploymentId"), Value: other.Id}}})
	if err != nil {
		t.Fatal(err)
	}
	report := s.examine(t)
	for _, f := range report.Findings {
		if f.Rule == "stage-stale" && strings.Contains(f.What, "it serves deployment "+*other.Id) {
			return
		}
	}
	t.Errorf("no stage-stale in %v\nnot checked: %v", report.Findings, report.NotChecked)
}

// deployed is a stack of testdata/api.yaml.
type deployedStack struct {
	config aws.Config
	name   string
	ids    map[string]string
}

// localStack leads to the LocalStack that runs; without one the test is left out.
func localStack(t *testing.T) aws.Config {
	t.Helper()
	if os.Getenv("APIGW_TARGET") != "localstack" {
		t.Skip("needs a LocalStack: make test-localstack runs it")
	}
	c, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func deploy(t *testing.T) *deployedStack {
	t.Helper()
	c := localStack(t)
	template, err := os.ReadFile("testdata/api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := &deployedStack{config: c, name: fmt.Sprintf("doctor-%d", time.Now().UnixNano()), ids: map[string]string{}}
	client := cloudformation.NewFromConfig(c)
	s.makeFunction(t)
	_, err = client.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: &s.name, TemplateBody: aws.String(string(template)),
		Parameters: []cfntypes.Parameter{{ParameterKey: aws.String("Function"), ParameterValue: &s.name}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteStack(context.Background(), &cloudformation.DeleteStackInput{StackName: &s.name}); err != nil {
			t.Error(err)
		}
	})
	described := &cloudformation.DescribeStacksInput{StackName: &s.name}
	if err := cloudformation.NewStackCreateCompleteWaiter(client, quick).Wait(t.Context(), described, time.Minute); err != nil {
		t.Fatal(err)
	}
	resources, err := client.ListStackResources(t.Context(), &cloudformation.ListStackResourcesInput{StackName: &s.name})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range resources.StackResourceSummaries {
		s.ids[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
	}
	return s
}

// makeFunction makes the function of the stack's name, which nobody calls.
func (s *deployedStack) makeFunction(t *testing.T) {
	t.Helper()
	var code bytes.Buffer
	archive := zip.NewWriter(&code)
	program, err := archive.CreateHeader(&zip.FileHeader{Name: "bootstrap", ExternalAttrs: 0o755 << 16})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(program, "#!/bin/sh\n"); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	client := lambda.NewFromConfig(s.config)
	_, err = client.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &s.name, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Role: aws.String("arn:aws:iam::000000000000:role/none"), Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteFunction(context.Background(), &lambda.DeleteFunctionInput{FunctionName: &s.name}); err != nil {
			t.Error(err)
		}
	})
}

// quick asks more often than is polite to AWS.
func quick(o *cloudformation.StackCreateCompleteWaiterOptions) {
	o.MinDelay, o.MaxDelay = 200*time.Millisecond, time.Second
}

func (s *deployedStack) id(logicalID string) *string { return aws.String(s.ids[logicalID]) }

func (s *deployedStack) examine(t *testing.T) *doctor.Report {
	t.Helper()
	subject, err := Read(t.Context(), Options{Config: s.config, Stacks: []string{s.name}, Next: func(o cfn.Options) (*cfn.Assembly, error) {
		o.Parameters = map[string]string{"Function": s.name}
		return cfn.Load("testdata/api.yaml", o)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return doctor.Examine(subject)
}

func (s *deployedStack) removePermissions(ctx context.Context, client *lambda.Client) error {
	p, err := readPolicy(ctx, client, "", s.name)
	if err != nil {
		return err
	}
	for _, statement := range p.statements {
		_, err := client.RemovePermission(ctx, &lambda.RemovePermissionInput{FunctionName: &s.name, StatementId: &statement.Sid})
		if err != nil {
			return err
		}
	}
	return nil
}

// The stacks that the integration cases are played on have no fault; what
// LocalStack does not offer is said.
func TestLocalStackKitHasNoFault(t *testing.T) {
	c := localStack(t)
	text, err := os.ReadFile(os.Getenv("APIGW_OUTPUTS"))
	if err != nil {
		t.Fatal(err)
	}
	var outputs map[string]any
	if err := json.Unmarshal(text, &outputs); err != nil {
		t.Fatal(err)
	}
	subject, err := Read(t.Context(), Options{Config: c, Stacks: slices.Sorted(maps.Keys(outputs))})
	if err != nil {
		t.Fatal(err)
	}
	report := doctor.Examine(subject)
	if len(subject.APIs) == 0 || report.Fails(doctor.Warning) {
		t.Errorf("%d APIs; %v\nnot checked: %v", len(subject.APIs), report.Findings, report.NotChecked)
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// sourceMetadata is the key of a resource's metadata that says which folder its
// program is built from; the local gateway builds it for its own host.
const sourceMetadata = "apigw:source"

// programs are the project's Go programs, built for Linux into .build before
// the stacks take the folders as assets. CDK's own bundling is not used: when
// it fails, it goes on to Docker, whose error hides the compiler's.
type programs struct {
	root string // the project's folder
	arch Arch
}

// folder returns the asset folder of a program: .build/<arch>/<name>.
func (p programs) folder(source string) string {
	return filepath.Join(p.root, ".build", string(p.arch), path.Base(source))
}

// imageFolder returns the folder from which a program's container image is made.
func (p programs) imageFolder(source string) string {
	return filepath.Join(p.root, ".build", string(p.arch), "container", path.Base(source))
}

// build builds the programs side by side and returns the first error, which
// starts with what the compiler said.
func (p programs) build(ctx context.Context, sources sources) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error)
	for _, source := range sources.functions {
		go func() { done <- p.compile(ctx, source, filepath.Join(p.folder(source), "bootstrap"), "lambda.norpc") }()
	}
	for _, source := range sources.containers {
		go func() { done <- p.stageImage(ctx, source) }()
	}
	for range len(sources.functions) + len(sources.containers) {
		if err := <-done; err != nil {
			cancel(err)
		}
	}
	return context.Cause(ctx)
}

// compile builds one program. The flags leave out all that differs between two
// builds of the same source, so that an unchanged program stays the same asset.
func (p programs) compile(ctx context.Context, source, out, tags string) error {
	cmd := exec.CommandContext(ctx, "go", "build",
		"-trimpath",
		"-buildvcs=false",
		"-tags", tags,
		"-ldflags", "-s -w",
		"-o", out,
		"./"+source,
	)
	cmd.Dir = p.root
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+string(p.arch), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%sbuild %s: %w", output, source, err)
	}
	return nil
}

// stageImage puts a program and its Dockerfile into a folder of their own, from
// which Docker only copies.
func (p programs) stageImage(ctx context.Context, source string) error {
	folder := p.imageFolder(source)
	if err := p.compile(ctx, source, filepath.Join(folder, path.Base(source)), ""); err != nil {
		return err
	}
	dockerfile, err := os.ReadFile(filepath.Join(p.root, source, "Dockerfile"))
	if err != nil {
		return fmt.Errorf("stage the image of %s: %w", source, err)
	}
	return os.WriteFile(filepath.Join(folder, "Dockerfile"), dockerfile, 0o644)
}

// goFunctionProps describe a function written in Go.
type goFunctionProps struct {
	source      string // "functions/<name>"
	description string
	environment map[string]*string
}

// newGoFunction creates a function from a built program, with a log group that
// expires and a role that may write there and nowhere else.
func newGoFunction(scope constructs.Construct, id string, cfg Config, programs programs, props goFunctionProps) awslambda.Function {
	logs := newLogGroup(scope, id+"Logs", cfg)
	role := awsiam.NewRole(scope, jsii.String(id+"Role"), &awsiam.RoleProps{
		AssumedBy: onBehalfOf(scope, "lambda.amazonaws.com"),
	})
	logs.GrantWrite(role)
	tracing := awslambda.Tracing_DISABLED
	if cfg.Tracing {
		tracing = awslambda.Tracing_ACTIVE
	}
	function := awslambda.NewFunction(scope, jsii.String(id), &awslambda.FunctionProps{
		Architecture:  cfg.Arch.lambda(),
		Code:          awslambda.Code_FromAsset(jsii.String(programs.folder(props.source)), nil),
		Description:   jsii.String(props.description),
		Environment:   &props.environment,
		Handler:       jsii.String("bootstrap"),
		LogGroup:      logs,
		LoggingFormat: awslambda.LoggingFormat_JSON,
		MemorySize:    jsii.Number(256), // by the sweep in docs/functions.md
		Role:          role,
		Runtime:       awslambda.Runtime_PROVIDED_AL2023(),
		Timeout:       awscdk.Duration_Seconds(jsii.Number(10)),
		Tracing:       tracing,
	})
	function.Node().DefaultChild().(awslambda.CfnFunction).AddMetadata(jsii.String(sourceMetadata), props.source)
	return function
}

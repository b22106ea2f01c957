package lambdahost

import (
	"encoding/json"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Function is AWS::Lambda::Function with what belongs to it.
type Function struct {
	Name      string
	ARN       string
	StackName string
	LogicalID string
	Region    string

	Handler     string
	Runtime     string
	MemorySize  int // MB
	Timeout     time.Duration
	Environment map[string]string
	Reserved    *int // ReservedConcurrentExecutions; nil when the template sets none

	// Source is the folder of the main package, relative to Options.Root, from
	// which the program is built. Without it Program runs as it is.
	Source  string
	Program string
	// TaskRoot is LAMBDA_TASK_ROOT and the working folder.
	TaskRoot string

	Permissions []Permission
	URL         *FunctionURL // nil without AWS::Lambda::Url
}

// label names the function in its log lines: briefly by its source, if it can be.
func (f *Function) label() string {
	if f.Source != "" {
		return path.Base(f.Source)
	}
	return f.Name
}

// Defaults of the service.
const (
	defaultTimeout    = 3 * time.Second
	defaultMemorySize = 128
)

// FromAssembly gives the functions that can be run here, and why others can't.
func FromAssembly(a *cfn.Assembly) ([]Function, cfn.Problems) {
	var functions []Function
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::Lambda::Function") {
		before := len(r.Problems)
		f, fault := newFunction(a, r)
		if fault != nil {
			problems = append(problems, *fault)
		}
		problems = append(problems, r.Problems[before:]...)
		if fault == nil {
			functions = append(functions, f)
		}
	}
	problems = append(problems, addPermissions(a, functions)...)
	problems = append(problems, addURLs(a, functions)...)
	return functions, problems
}

func newFunction(a *cfn.Assembly, r *cfn.Resource) (Function, *cfn.Problem) {
	f := Function{
		Name: r.Ref(), ARN: r.ARN(), StackName: r.Stack.Name, LogicalID: r.LogicalID, Region: r.Stack.Region,
		Handler: r.String("Handler"), Runtime: r.String("Runtime"),
		MemorySize: r.Int("MemorySize"), Timeout: time.Duration(r.Int("Timeout")) * time.Second,
		Environment: r.StringMap("Environment.Variables"),
		Source:      filepath.ToSlash(r.Source()),
	}
	if f.MemorySize == 0 {
		f.MemorySize = defaultMemorySize
	}
	if f.Timeout == 0 {
		f.Timeout = defaultTimeout
	}
	if r.Has("ReservedConcurrentExecutions") {
		reserved := r.Int("ReservedConcurrentExecutions")
		f.Reserved = &reserved
	}
	if f.Source != "" {
		f.TaskRoot = filepath.Join(a.Root, filepath.FromSlash(f.Source))
		return f, nil
	}
	fault := f.useAsset(r)
	return f, fault
}

// useAsset takes the program that the function's asset holds, if this machine
// can run it.
func (f *Function) useAsset(r *cfn.Resource) *cfn.Problem {
	hint := `name the folder of the function's main package in its Metadata, "apigw:source": "functions/<name>"`
	fail := func(property, message string) *cfn.Problem {
		p := r.Problem(property, message, hint)
		return &p
	}
	if r.String("PackageType") == "Image" {
		return fail("PackageType", "functions from container images can't be run here")
	}
	if !strings.HasPrefix(f.Runtime, "provided") {
		return fail("Runtime", "the runtime "+f.Runtime+" can't be run here, only provided.al2023 and its forerunners")
	}
	dir := r.AssetDir()
	if dir == "" {
		return fail("Code", "the function's code is not part of the assembly")
	}
	program := filepath.Join(dir, "bootstrap")
	if err := runnable(program); err != nil {
		return fail("Code", "the asset can't be run here: "+err.Error())
	}
	f.Program, f.TaskRoot = program, dir
	return nil
}

// ErrorMessage is the errorMessage of a function's error object, which
// selection patterns are matched against (rule 35); "" when there is none.
func ErrorMessage(payload []byte) string {
	var object struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if json.Unmarshal(payload, &object) != nil {
		return ""
	}
	return object.ErrorMessage
}

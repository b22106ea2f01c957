package lambdahost

import (
	"encoding/json"
	"errors"
	"path"
	"path/filepath"
	"strconv"
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

	// Source names the Go main package in TaskRoot from which the program is
	// built: by its path in the project. Without it Command runs as it is.
	Source  string
	Command []string // program and arguments of a client of the Runtime API
	// Shell are variables with which a given command is looked up; nil for the
	// template's own code.
	Shell map[string]string
	// TaskRoot is LAMBDA_TASK_ROOT and the working folder.
	TaskRoot string
	// Folder has what the function is made of; "" when nobody knows: of a
	// command, of a function elsewhere, of code in the template.
	Folder string
	// Inline is the code that the template has itself; it is written to a folder
	// of Options.BuildDir.
	Inline string
	// Remote is the URL of an Invoke operation that runs the function elsewhere.
	Remote string
	// Missing says why nothing of this runs the function: every invocation fails.
	Missing *cfn.Problem

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

// FromAssembly gives the functions of an assembly, and why some of them can't be
// run. given says by logical ID, or by the name of a function that the assembly
// has not, what runs a function instead of its code: see give. Without allowed
// only these are run.
func FromAssembly(a *cfn.Assembly, given map[string]string, allowed bool) ([]Function, cfn.Problems) {
	var functions []Function
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::Lambda::Function") {
		before := len(r.Problems)
		f := newFunction(a, r, given[r.LogicalID], allowed)
		if f.Missing != nil {
			problems = append(problems, *f.Missing)
		}
		problems = append(problems, r.Problems[before:]...)
		functions = append(functions, f)
	}
	elsewhere, faults := givenElsewhere(a, functions, given)
	functions = append(functions, elsewhere...)
	problems = append(problems, faults...)
	problems = append(problems, addPermissions(a, functions)...)
	problems = append(problems, addURLs(a, functions)...)
	return functions, problems.With(cfn.NoBackend)
}

func newFunction(a *cfn.Assembly, r *cfn.Resource, given string, allowed bool) Function {
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
	property, message := "", ""
	switch {
	case !isFolderName(f.Name): // what is built or written for it gets a folder of its name
		property, message = "FunctionName", "the function's name "+strconv.Quote(f.Name)+" has more than letters, digits, - and _"
	case given != "":
		message = f.give(given)
	case !allowed && f.hasCode(r):
		f.Missing = &cfn.NotAllowed
	case f.Source != "":
		property, message = "Code", f.useSource(filepath.Join(a.Root, filepath.FromSlash(f.Source)), r)
	default:
		property, message = f.useCode(r)
	}
	if message != "" {
		p := r.Problem(property, message, GiveFunction(r.LogicalID))
		p.Effect = cfn.NoBackend
		f.Missing = &p
	}
	return f
}

func isFolderName(name string) bool {
	return filepath.IsLocal(name) && !strings.ContainsAny(name, `/\`)
}

// hasCode says whether the template has code, or names some that is here.
func (f *Function) hasCode(r *cfn.Resource) bool {
	_, err := r.AssetDir()
	return f.Source != "" || r.String("Code.ZipFile") != "" || !errors.Is(err, cfn.ErrAbsent)
}

// useSource takes the folder that the metadata names: a Go main package, or the
// handler of an interpreted language, unless that is made from it first.
func (f *Function) useSource(folder string, r *cfn.Resource) (message string) {
	if !filepath.IsLocal(filepath.FromSlash(f.Source)) {
		return "its source " + f.Source + " is outside of the project"
	}
	if interpreterOf(f.Runtime) == nil {
		f.TaskRoot, f.Folder = folder, folder
		return ""
	}
	f.Source = ""
	if f.useFolder(folder) == "" {
		return ""
	}
	_, message = f.useCode(r)
	return message
}

// useCode takes the code that the template names, or says what keeps this machine
// from running it.
func (f *Function) useCode(r *cfn.Resource) (property, message string) {
	if r.String("PackageType") == "Image" {
		return "PackageType", "container images are not run"
	}
	if i := interpreterOf(f.Runtime); i != nil && r.String("Code.ZipFile") != "" {
		f.Inline = r.String("Code.ZipFile")
		return "Code.ZipFile", f.useInterpreter(i, "", true)
	}
	dir, err := r.AssetDir()
	if r.Has("Code.ZipFile") && err != nil {
		return "Runtime", "the runtime " + f.Runtime + " is not run here"
	}
	if err != nil {
		return "Code", "the function's code is " + err.Error()
	}
	return "Code", f.useFolder(dir)
}

// useFolder runs what a folder has: an executable bootstrap, the handler of an
// interpreted language, or a Go main package. fault is why it can't.
func (f *Function) useFolder(folder string) (fault string) {
	f.Folder = folder
	program := filepath.Join(folder, "bootstrap")
	if err := runnable(program); err == nil {
		f.Command, f.TaskRoot = []string{program}, folder
		return ""
	} else if isFile(program) {
		return "the folder " + folder + " can't be run here: " + err.Error()
	}
	if i := interpreterOf(f.Runtime); i != nil {
		if fault = f.useInterpreter(i, folder, false); fault == "" {
			return ""
		}
	}
	if files, err := filepath.Glob(filepath.Join(folder, "*.go")); err == nil && len(files) > 0 {
		f.Source, f.TaskRoot = "given/"+f.Name, folder
		return ""
	}
	switch {
	case fault != "":
		return fault
	case f.Runtime == "" || strings.HasPrefix(f.Runtime, "provided"):
		return "the folder " + folder + " has neither an executable bootstrap nor a Go main package"
	}
	return "the runtime " + f.Runtime + " is not run here"
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

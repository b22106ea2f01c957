package lambdahost

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// GiveFunction is the hint that names the flag for a function that isn't there,
// by logical ID, name or ARN.
func GiveFunction(function string) string {
	name, _ := splitName(function)
	return "give it: --function " + name + "=COMMAND, FOLDER or URL"
}

// NotFound is what an invocation gives while nothing runs the function.
func NotFound(reason string) *Result { return functionError("Runtime.NotFound", "Error: "+reason) }

// give takes what a flag names to run the function, or says why it can't:
//
//	URL      of an Invoke operation, such as that of Lambda's Runtime Interface
//	         Emulator; without a path that emulator's own is taken
//	FOLDER   with an executable bootstrap, the handler of a Node.js or Python
//	         function, or a Go main package
//	COMMAND  of the shell that runs a client of the Runtime API
func (f *Function) give(value string) (fault string) {
	f.Source = ""
	if u, err := url.Parse(value); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		if strings.Trim(u.Path, "/") == "" {
			u.Path = "/2015-03-31/functions/function/invocations"
		}
		f.Remote = u.String()
		return ""
	}
	folder, err := filepath.Abs(value)
	if err != nil {
		return err.Error()
	}
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return f.useFolder(folder)
	}
	f.Command, f.Shell = []string{"/bin/sh", "-c", "exec " + value}, map[string]string{"PATH": os.Getenv("PATH")}
	f.TaskRoot, err = os.Getwd()
	if err != nil {
		return err.Error()
	}
	return ""
}

// givenElsewhere makes the given functions that no logical ID of the assembly
// names: those that integrations name by an ARN from outside.
func givenElsewhere(a *cfn.Assembly, known []Function, given map[string]string) ([]Function, cfn.Problems) {
	var functions []Function
	var problems cfn.Problems
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if slices.ContainsFunc(known, func(f Function) bool { return f.LogicalID == name }) {
			continue
		}
		s := a.Stacks[0]
		f := Function{
			Name: name, LogicalID: name, Region: s.Region, StackName: s.Name,
			ARN:        fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", s.Region, s.AccountID, name),
			MemorySize: defaultMemorySize, Timeout: time.Minute, Environment: map[string]string{},
			Permissions: []Permission{{Action: "*", Principal: "*"}}, // its own are not in the template
		}
		if fault := f.give(given[name]); fault != "" {
			f.Missing = &cfn.Problem{LogicalID: name, Message: fault, Hint: GiveFunction(name), Effect: cfn.NoBackend}
			problems = append(problems, *f.Missing)
		}
		functions = append(functions, f)
	}
	return functions, problems
}

// forward has a function elsewhere answer i. What it does not answer with the
// Invoke operation's own words, its silence too, is an error of the function.
func (h *Host) forward(remote string, i *invocation) (*Result, error) {
	ctx, cancel := context.WithTimeout(h.running, i.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, remote, bytes.NewReader(i.payload))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Amzn-Trace-Id", i.traceID)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		h.options.Log.Warn("the function's URL does not answer", "error", err)
		return NotFound(err.Error()), nil
	}
	defer response.Body.Close()
	payload, err := io.ReadAll(io.LimitReader(response.Body, maxPayload+1))
	if err != nil || len(payload) > maxPayload || response.StatusCode != http.StatusOK {
		return functionError("Runtime.InvalidResponse", fmt.Sprintf("Error: %s answered with status %d and %d bytes", remote, response.StatusCode, len(payload))), nil
	}
	return &Result{
		StatusCode: http.StatusOK, Payload: payload, FunctionError: response.Header.Get("X-Amz-Function-Error"),
		RequestID: i.id, ExecutedVersion: "$LATEST",
	}, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

type invokeCommand struct {
	Method string `arg:"" help:"HTTP method."`
	Path   string `arg:"" help:"Path below the stage, with its query."`
	source
	apiChoice
	Header        []string          `short:"H" placeholder:"NAME: VALUE" sep:"none" help:"Header of the request; may be given several times."`
	Body          string            `short:"d" placeholder:"TEXT|@FILE" help:"Body of the request; @- reads it from the standard input."`
	Resource      string            `placeholder:"PATH" help:"Resource to call, /orders/{id}, if it is not the one that the path leads to."`
	StageVariable map[string]string `placeholder:"NAME=VALUE" mapsep:"none" help:"Value of a stage variable in place of the stage's."`
	Output        string            `enum:"text,json" default:"text" help:"text, or json with the fields of 'aws apigateway test-invoke-method'."`
	AllowAWS      bool              `name:"allow-aws" help:"Let AWS-service integrations reach real AWS endpoints."`
	Quiet         bool              `short:"q" help:"Print the answer only."`
}

func (*invokeCommand) Help() string {
	return `Calls one method as TestInvokeMethod (the Test button of the console) does: without a server, without
authorizers, API keys and throttling. What the request goes through is printed to the standard error, the answer
to the standard output.

Examples:
  apigw invoke GET /mock
  apigw invoke GET /lambda-proxy/orders/c-1/o-1 --allow-functions
  apigw invoke POST /dynamodb/orders -H 'Content-Type: application/json' --body @order.json
  apigw invoke GET '/http/weather?city=Oslo' --output json | jq -r .log
  apigw invoke GET /pets/7 --template api.yaml --stage-variable host=localhost:9000`
}

func (c *invokeCommand) Run() error {
	stop, cut := interrupts()
	options, err := c.options()
	if err != nil {
		return err
	}
	var written *trace.Trace
	options.NoListener, options.AllowAWS = true, c.AllowAWS
	options.Trace = func(t *trace.Trace) { written = t }
	if !c.Quiet {
		options.FunctionLog = os.Stderr
	}
	invocation, err := c.invocation()
	if err != nil {
		return err
	}
	e, err := emulator.Start(stop, options)
	if err != nil {
		return err
	}
	response, err := c.call(stop, e, invocation)
	if err = errors.Join(err, e.Close(cut)); err != nil {
		return err
	}
	if c.Output == "json" {
		return writeInvocation(os.Stdout, response, written)
	}
	if !c.Quiet {
		w := &traceWriter{terminal: terminal.Of(os.Stderr), whole: true, out: os.Stderr}
		w.request(written)
		fmt.Fprintln(os.Stderr)
	}
	return writeResponse(os.Stdout, response)
}

func (c *invokeCommand) invocation() (*gateway.TestInvocation, error) {
	t := &gateway.TestInvocation{Method: strings.ToUpper(c.Method), Path: c.Path, Resource: c.Resource}
	if !strings.HasPrefix(c.Path, "/") {
		return nil, fmt.Errorf("%q is no path: it begins with /", c.Path)
	}
	for _, line := range c.Header {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("--header %q: write NAME: VALUE", line)
		}
		t.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	body, err := textOrFile(c.Body)
	t.Body = body
	return t, err
}

// textOrFile is the text itself, or what is in the file that it names by @.
func textOrFile(text string) ([]byte, error) {
	file, isFile := strings.CutPrefix(text, "@")
	switch {
	case !isFile:
		return []byte(text), nil
	case file == "-":
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(file)
}

// call calls the method that the path leads to.
func (c *invokeCommand) call(ctx context.Context, e *emulator.Emulator, t *gateway.TestInvocation) (*gateway.Response, error) {
	api, err := c.chosen(e.APIs())
	if err != nil {
		return nil, err
	}
	if t.Resource == "" {
		path, _, _ := strings.Cut(t.Path, "?")
		method := gateway.MethodOf(api.Resources, t.Method, path)
		if method == nil {
			return nil, fmt.Errorf("API %s: %w ('apigw routes' lists the methods)", api.Name, gateway.NoRoute(api, t.Method, path))
		}
		t.Resource = method.Resource.Path
	}
	t.StageVariables = map[string]string{}
	maps.Copy(t.StageVariables, api.Stage.Variables)
	maps.Copy(t.StageVariables, c.StageVariable)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	return e.TestInvoke(ctx, api, t)
}

// writeResponse writes the answer as it would come over the wire.
func writeResponse(w io.Writer, r *gateway.Response) error {
	fmt.Fprintf(w, "%d %s\n", r.StatusCode, http.StatusText(r.StatusCode))
	for _, f := range r.Header {
		fmt.Fprintf(w, "%s: %s\n", f.Name, f.Value)
	}
	fmt.Fprintln(w)
	_, err := w.Write(r.Body)
	if err == nil && r.Stream != nil {
		_, err = io.Copy(w, r.Stream)
		err = errors.Join(err, r.Stream.Close())
	}
	if len(r.Body) > 0 && r.Body[len(r.Body)-1] != '\n' {
		fmt.Fprintln(w)
	}
	return err
}

// writeInvocation writes the answer as TestInvokeMethod gives it, see
// https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
func writeInvocation(w io.Writer, r *gateway.Response, t *trace.Trace) error {
	if r.Stream != nil {
		body, err := io.ReadAll(r.Stream)
		if err = errors.Join(err, r.Stream.Close()); err != nil {
			return err
		}
		r.Body = body
	}
	if !utf8.Valid(r.Body) {
		return errors.New("the body is binary, which JSON can't hold: leave out --output json")
	}
	single, multi := map[string]string{}, map[string][]string{}
	for _, f := range r.Header {
		single[f.Name] = f.Value
		multi[f.Name] = append(multi[f.Name], f.Value)
	}
	return writeJSON(w, struct {
		Status            int                 `json:"status"`
		Body              string              `json:"body"`
		Headers           map[string]string   `json:"headers"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
		Log               string              `json:"log"`
		Latency           int64               `json:"latency"` // ms
	}{r.StatusCode, string(r.Body), single, multi, t.ExecutionLog(), t.Latency.Milliseconds()})
}

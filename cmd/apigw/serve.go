package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/console"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

type serveCommand struct {
	source
	Port       int    `default:"8080" help:"Port on 127.0.0.1; further APIs get the next ones. 0 takes a free one."`
	Outputs    string `placeholder:"FILE" predictor:"file" help:"Write the stacks' outputs there, as 'cdk deploy --outputs-file' does."`
	DataDir    string `placeholder:"FOLDER" type:"path" predictor:"folder" help:"Keep the items of tables there, also when killed. Executions, messages on their way and counts of throttling end with the process."`
	NoThrottle bool   `help:"Leave out throttling and quotas (429)."`
	NoWatch    bool   `help:"Serve the files as they are now: take over no change."`
	AllowAWS   bool   `name:"allow-aws" help:"Let AWS-service integrations reach real AWS endpoints."`
	Trace      bool   `xor:"trace" help:"Print all that requests go through, with headers, bodies and every value; without it a line each, and of those that fail the log without headers and bodies."`
	NoTrace    bool   `xor:"trace" help:"Keep no record of requests, and print no line of them."`
	Quiet      bool   `short:"q" help:"Print no lines of requests, and no output of functions and containers."`
	NoConsole  bool   `help:"Serve no console below /_apigw/."`
	Debug      bool   `help:"Log the gateway's own events too, and serve its profiles (Go's pprof) below /_apigw/debug/pprof/."`
}

// Help is shown by --help.
func (serveCommand) Help() string {
	return `Serves every stage on 127.0.0.1, until Ctrl-C. AWS services are embedded engines, or what AWS_ENDPOINT_URL names.

Examples:
  apigw serve                                                   ./cdk.out on http://127.0.0.1:8080, but none of its code
  apigw serve --allow-functions                                 with its functions and containers, which run as you
  apigw serve --template template.yaml --port 9000              any CloudFormation template, another port
  apigw serve --trace                                           all that requests go through
  apigw serve --function Orders=./orders --backend Alb=http://127.0.0.1:3000
  apigw serve --parameter Stage=test --outputs outputs.json     for scripts: the addresses are in the file
  apigw serve --data-dir .data                                  tables keep their items from run to run
  apigw serve --debug                                           then: go tool pprof http://127.0.0.1:8080/_apigw/debug/pprof/profile`
}

func (c *serveCommand) Run() error {
	started := time.Now()
	stop, cut := interrupts()
	options, err := c.options()
	if err != nil {
		return err
	}
	options.Port, options.NoThrottle, options.AllowAWS, options.DataDir = c.Port, c.NoThrottle, c.AllowAWS, c.DataDir
	options.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.logLevel()}))
	if !c.Quiet {
		options.FunctionLog = os.Stderr
	}
	var traces trace.Store
	if !c.NoTrace {
		options.Trace = c.tracing(&traces)
	}
	options.Control = c.control(&traces)
	var e *emulator.Emulator
	options.Reloaded = func(r emulator.Reload) {
		printReload(os.Stderr, terminal.Of(os.Stderr), r)
		if err := c.writeOutputs(e); err != nil {
			fmt.Fprintln(os.Stderr, "apigw:", err)
		}
	}
	e, err = emulator.Start(stop, options)
	if err != nil {
		return err
	}
	if err := c.announce(stop, e, time.Since(started)); err != nil {
		return errors.Join(err, e.Close(cut))
	}
	c.tuneGC()
	if !c.NoWatch {
		if err := e.Watch(stop); err != nil {
			fmt.Fprintln(os.Stderr, "apigw: changes are no longer taken over:", err)
		}
	}
	<-stop.Done()
	fmt.Fprintln(os.Stderr, "\nstopping: waiting for requests in flight (Ctrl-C again cuts them)")
	return e.Close(cut)
}

// tuneGC lets the heap grow before it is collected, unless GOGC says how far.
// Without a record of requests some 8 MB live, and by Go's default every 6 MB that
// requests leave behind were collected: a fifth of the time of a mock.
func (c *serveCommand) tuneGC() {
	if c.NoTrace && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(150)
	}
}

// tracing shows what is to be shown of each request, and keeps it for the console.
func (c *serveCommand) tracing(traces *trace.Store) func(*trace.Trace) {
	w := &traceWriter{terminal: terminal.Of(os.Stderr), whole: c.Trace, out: os.Stderr}
	return func(t *trace.Trace) {
		if !c.NoConsole {
			traces.Add(t)
		}
		if !c.Quiet {
			w.request(t)
		}
	}
}

func (c *serveCommand) logLevel() slog.Level {
	if c.Debug {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

func (c *serveCommand) announce(ctx context.Context, e *emulator.Emulator, took time.Duration) error {
	printProblems(os.Stderr, terminal.Of(os.Stderr), e.Problems())
	if err := c.writeOutputs(e); err != nil {
		return err
	}
	for i, api := range e.APIs() {
		fmt.Printf("%s: %s (ready in %d ms)\n", api.Name, e.BaseURLOf(i), took.Milliseconds())
		if !c.NoConsole {
			fmt.Printf("console: %s\n", console.URL(e, i))
		}
		fmt.Println()
		printRoutes(os.Stdout, api, e.BaseURLOf(i))
		printKeys(os.Stdout, api)
	}
	if c.NoThrottle {
		fmt.Println("throttling and quotas are off (--no-throttle): nothing is answered with 429")
	}
	if err := c.printEngines(ctx, e); err != nil {
		return err
	}
	fmt.Println("Ctrl-C stops it")
	return nil
}

// writeOutputs leaves a file alone that has them: somebody may watch it.
func (c *serveCommand) writeOutputs(e *emulator.Emulator) error {
	if c.Outputs == "" {
		return nil
	}
	text, err := json.MarshalIndent(e.Outputs(), "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if before, err := os.ReadFile(c.Outputs); err == nil && bytes.Equal(before, text) {
		return nil
	}
	if err := os.WriteFile(c.Outputs, text, 0o644); err != nil {
		return fmt.Errorf("write outputs: %w", err)
	}
	return nil
}

func asksForIAM(api *gateway.API) bool {
	return slices.ContainsFunc(methods(api), func(m *gateway.Method) bool { return m.AuthorizationType == "AWS_IAM" })
}

// printEngines tells how an AWS SDK or the AWS CLI looks into the engines. With
// --allow-aws the environment has the user's credentials, which are not shown.
func (c *serveCommand) printEngines(ctx context.Context, e *emulator.Emulator) error {
	env, err := e.Env(ctx)
	if err != nil && ctx.Err() == nil {
		return err
	}
	fmt.Println("to reach what stands behind it by an AWS SDK or the AWS CLI, in another terminal:")
	if slices.ContainsFunc(e.APIs(), asksForIAM) {
		fmt.Println("(and to call methods with AWS_IAM, which accept this access key only)")
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if c.AllowAWS && !strings.HasPrefix(name, "AWS_ENDPOINT_URL") {
			continue
		}
		fmt.Printf("  export %s=%s\n", name, example.Quote(env[name]))
	}
	fmt.Println()
	return nil
}

// Command apigw runs the REST APIs of a CDK app on this machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the table of subcommands, one file each.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve every API of a cloud assembly, with all its integrations."`
	Invoke  invokeCommand  `cmd:"" help:"Call one method without a server, and show what the request goes through."`
	Routes  routesCommand  `cmd:"" help:"Print what would be served, and what can't be."`
	Doctor  doctorCommand  `cmd:"" help:"Find the faults that API Gateway hides behind a bare 500."`
	Lint    lintCommand    `cmd:"" help:"Find faults in mapping templates, by rendering them with what clients may send."`
	Compare compareCommand `cmd:"" help:"Show where the local gateway and a deployed API answer differently."`
	Render  renderCommand  `cmd:"" help:"Render one mapping template on its own, and show what it read."`
	Test    testCommand    `cmd:"" help:"Play the cases of mapping templates, and show what they don't reach."`
	Cost    costCommand    `cmd:"" help:"Reckon what each integration, or each route of a template, costs."`
	Bench   benchCommand   `cmd:"" help:"Measure the gateway beside what limits it."`

	Account  accountCommand  `cmd:"" help:"Name the AWS account and Region that the credentials are for."`
	Retained retainedCommand `cmd:"" help:"List what stays in the account when the stacks of an app are destroyed, and what it costs."`

	Completion completionCommand `cmd:"" help:"Make a shell complete commands and flags: bash, zsh or fish."`
}

const description = `Runs the REST APIs of a synthesized CDK app (or one CloudFormation template) locally:
no Docker, no account, no token.

Examples:
  apigw serve --allow-functions                serve ./cdk.out on http://127.0.0.1:8080, and run its functions
  apigw serve --app app/cdk.out --port 9000    another assembly, another port
  apigw serve --template template.yaml         any CloudFormation template
  apigw serve --no-watch                       take over no change of files, for CI
  apigw routes                                 what would be served
  apigw invoke GET /mock                       one request, and what happens to it
  apigw doctor                                 what API Gateway would hide behind a bare 500
  apigw lint                                   what mapping templates do with input that means no good
  apigw compare --url https://…/prod           where a deployed API answers differently
  apigw render request.vtl --body @order.json  one mapping template
  apigw test mappings                          the cases of mapping templates, with coverage
  apigw cost --app cdk.out                     what each route costs`

func main() {
	for i, arg := range os.Args {
		if arg == "-update" { // as go test has it
			os.Args[i] = "--update"
		}
	}
	parser := newParser()
	completions(parser)
	parsed, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "apigw: "+err.Error())
		code := 1
		if coded, ok := errors.AsType[*exitError](err); ok {
			code = coded.code
		}
		os.Exit(code)
	}
}

func newParser() *kong.Kong {
	return kong.Must(&commands{}, kong.Name("apigw"), kong.Description(description), kong.ShortUsageOnError(), kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
}

// exit ends the command after --help, and with 2 after flags that can't be:
// then nothing was done.
func exit(code int) {
	if code != 0 {
		code = 2
	}
	os.Exit(code)
}

// exitError ends the command with another code than 1.
type exitError struct {
	code int
	error
}

// interrupts returns two contexts: the first ends at the first Ctrl-C or
// SIGTERM (stop, and wait for requests in flight), the second at the next one
// (cut them).
func interrupts() (stop, cut context.Context) {
	stop, stopped := context.WithCancel(context.Background())
	cut, cutNow := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		stopped()
		<-signals
		cutNow()
	}()
	return stop, cut
}

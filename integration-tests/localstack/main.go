// Command localstack deploys the stacks to LocalStack with the CDK CLI and plays the integration cases there.
// docs/localstack.md says what it needs. It runs in the project's folder; make builds what it deploys.
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

// commands is the table of subcommands.
type commands struct {
	Test testCommand `cmd:"" help:"Deploy, play the integration cases, and end everything."`
	Up   upCommand   `cmd:"" help:"Deploy, print what to export, and stay until Ctrl-C."`
}

// options say which LocalStack is used.
type options struct {
	Endpoint    string `name:"endpoint" env:"AWS_ENDPOINT_URL" placeholder:"URL" help:"A LocalStack, or a compatible emulator, that runs already. Without it one is started."`
	ProductsURL string `name:"products-url" env:"APIGW_PRODUCTS_URL" placeholder:"URL" help:"A products service that this LocalStack reaches. Without it one is started on this machine."`
	Token       string `name:"token" env:"LOCALSTACK_AUTH_TOKEN" placeholder:"TOKEN" help:"LocalStack's token, without which its image does not start."`
}

type testCommand struct{ options }

type upCommand struct{ options }

// steps lead from nothing to a deployed API. What they start, the session ends.
var steps = []step{
	{"start LocalStack", (*session).startLocalStack},
	{"prepare it for the CDK", (*session).bootstrap},
	{"start the products service", (*session).startProducts},
	{"synthesize the stacks", (*session).synthesize},
	{"deploy them", (*session).deploy},
	{"open a door to the stage", (*session).openDoor},
}

// Run plays the cases against the deployed API.
func (c *testCommand) Run(ctx context.Context) error {
	return withSession(ctx, c.options, append(steps, step{"play the cases", (*session).play}))
}

// Run leaves the deployed API to the user until the context ends.
func (c *upCommand) Run(ctx context.Context) error {
	return withSession(ctx, c.options, append(steps, step{"stay", (*session).stay}))
}

// usageError is one that the user sets right before another try.
type usageError struct{ error }

func main() {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, restore) // a second Ctrl-C ends at once; the system then ends what was started
	var c commands
	parsed := kong.Parse(&c, kong.Name("localstack"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Description("Deploys the stacks to LocalStack with the CDK CLI and plays the integration cases there."))
	err := parsed.Run()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "localstack: "+err.Error())
	if errors.As(err, new(usageError)) {
		os.Exit(2)
	}
	os.Exit(1)
}

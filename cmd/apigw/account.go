package main

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/apigw-integrations/apigw-integrations/internal/account"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

type accountCommand struct{ output }

// Help is shown by --help.
func (accountCommand) Help() string {
	return `Asks STS whose credentials the environment has; that needs no permission.

Examples:
  apigw account
  AWS_PROFILE=staging apigw account --output json    for other programs`
}

func (c *accountCommand) Run() error {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	caller, err := account.Identify(ctx, cfg)
	if err != nil {
		return err
	}
	return c.write(caller, func(w io.Writer, _ terminal.Terminal) error {
		_, err := fmt.Fprintln(w, caller)
		return err
	})
}

package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/apigw-integrations/apigw-integrations/internal/account"
)

type accountCommand struct{}

func (*accountCommand) Run() error {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("AWS configuration: %w", err)
	}
	caller, err := account.Identify(ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Println(caller)
	return nil
}

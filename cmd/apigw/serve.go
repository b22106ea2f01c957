package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

type serveCommand struct {
	App        string `default:"cdk.out" help:"Cloud assembly folder, or one template file (.json, .yaml)."`
	Port       int    `default:"8080" help:"Port on 127.0.0.1; further APIs get the next ones. 0 takes a free one."`
	Outputs    string `placeholder:"FILE" help:"Write the stacks' outputs there, as 'cdk deploy --outputs-file' does."`
	NoThrottle bool   `help:"Leave out stage and method throttling (429)."`
	AllowAWS   bool   `name:"allow-aws" help:"Let AWS-service integrations reach real AWS endpoints."`
	Quiet      bool   `short:"q" help:"Print no output of functions and containers."`
	Debug      bool   `help:"Log the gateway's own events too."`
}

func (c *serveCommand) Run() error {
	started := time.Now()
	stop, cut := interrupts()
	options := emulator.Options{
		App:        c.App,
		Port:       c.Port,
		NoThrottle: c.NoThrottle,
		AllowAWS:   c.AllowAWS,
		Log:        slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.logLevel()})),
	}
	if !c.Quiet {
		options.FunctionLog = os.Stderr
	}
	e, err := emulator.Start(stop, options)
	if err != nil {
		return err
	}
	if err := c.announce(e, time.Since(started)); err != nil {
		return errors.Join(err, e.Close(cut))
	}
	<-stop.Done()
	fmt.Fprintln(os.Stderr, "\nstopping: waiting for requests in flight (Ctrl-C again cuts them)")
	return e.Close(cut)
}

func (c *serveCommand) logLevel() slog.Level {
	if c.Debug {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

func (c *serveCommand) announce(e *emulator.Emulator, took time.Duration) error {
	printProblems(os.Stderr, e.Problems)
	if c.Outputs != "" {
		text, err := json.MarshalIndent(e.Outputs(), "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Outputs, append(text, '\n'), 0o644); err != nil {
			return fmt.Errorf("write outputs: %w", err)
		}
	}
	for i, api := range e.APIs {
		fmt.Printf("%s: %s (ready in %d ms)\n\n", api.Name, e.BaseURLOf(i), took.Milliseconds())
		printRoutes(os.Stdout, api, e.BaseURLOf(i))
	}
	if c.NoThrottle {
		fmt.Println("throttling is off (--no-throttle): nothing is answered with 429")
	}
	fmt.Println("Ctrl-C stops it")
	return nil
}

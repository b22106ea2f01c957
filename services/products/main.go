// Command products is the private service behind the VPC link: products, kept in a DynamoDB table.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	_ "golang.org/x/crypto/x509roots/fallback" // the image holds no CA roots

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

// grace is how long requests in flight may take at the end: less than the 30 s after which ECS kills a task.
const grace = 25 * time.Second

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, log, os.Getenv); err != nil {
		log.Error("products", "error", err.Error())
		os.Exit(1)
	}
}

// run serves until ctx is done. HOST is the loopback address unless the container says otherwise.
func run(ctx context.Context, log *slog.Logger, getenv func(string) string) error {
	client, err := dynamo.NewClient(ctx)
	if err != nil {
		return err
	}
	s := &service{
		store: &store{client: client, table: getenv("PRODUCTS_TABLE")},
		log:   log,
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(cmp.Or(getenv("HOST"), "127.0.0.1"), cmp.Or(getenv("PORT"), "8080")))
	if err != nil {
		return fmt.Errorf("listen: %w; set HOST and PORT to a free address", err)
	}
	log.Info("listening", "address", listener.Addr().String())
	return serve(ctx, listener, s.handler(getenv("STAGE")))
}

// serve ends without error when ctx is done: it takes no new connections and waits for the requests in flight.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       75 * time.Second, // longer than the load balancer's, so that it is never the one to send into a closed connection
		MaxHeaderBytes:    64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		return errors.Join(fmt.Errorf("shut down: %w", err), server.Close())
	}
	return nil
}

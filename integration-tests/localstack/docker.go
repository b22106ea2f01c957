package main

import (
	"context"
	"os"
	"path/filepath"
)

// docker is LocalStack in Docker, as compose.yaml says, with the products service beside it.
type docker struct{}

func (docker) start(ctx context.Context, s *session) error {
	// Never run: there was no daemon and no token.
	if err := s.buildProducts(ctx); err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	s.endpoint, s.productsURL = "http://"+address, "http://products:8080"
	env := append(os.Environ(), "LOCALSTACK_AUTH_TOKEN="+s.Token, "LOCALSTACK_PORT="+port(address),
		"PRODUCTS="+filepath.Dir(s.productsProgram()), "PRODUCTS_TABLE="+productsTable)
	compose := func(ctx context.Context, arguments ...string) error {
		return s.run(ctx, "compose.log", env, "docker", append([]string{"compose", "--file", filepath.Join(source, "compose.yaml")}, arguments...)...)
	}
	s.onStop(func(ctx context.Context) error { return compose(ctx, "down", "--volumes", "--remove-orphans") })
	return compose(ctx, "up", "--detach", "--wait", "--build")
}

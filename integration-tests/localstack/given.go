package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// given is a LocalStack that runs already. What is deployed there is destroyed at the end.
type given struct{}

func (given) start(ctx context.Context, s *session) error {
	s.endpoint = strings.TrimRight(s.Endpoint, "/")
	s.productsURL = strings.TrimRight(s.ProductsURL, "/")
	if err := s.answers(ctx); err != nil {
		return usageError{fmt.Errorf("%w; start it, or leave AWS_ENDPOINT_URL unset to have one started", err)}
	}
	return nil
}

// answers tells why nothing answers at the endpoint.
func (s *session) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.endpoint, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("nothing answers at %s: %w", s.endpoint, err)
	}
	return response.Body.Close()
}

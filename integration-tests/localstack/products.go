package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// productsTable stands in for the table of the private stack, which needs load balancers and containers. It is deleted at
// the end, so no table of anybody else may have the name.
const productsTable = "apigw-integrations-products"

// startProducts makes the table, and starts the service unless it runs already.
func (s *session) startProducts(ctx context.Context) error {
	if err := s.createProductsTable(ctx); err != nil {
		return err
	}
	if s.productsURL != "" {
		return nil
	}
	if err := s.buildProducts(ctx); err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	s.productsURL = "http://" + address
	env := append(s.environment(), "PRODUCTS_TABLE="+productsTable, "HOST=127.0.0.1", "PORT="+port(address))
	p, err := s.start(context.WithoutCancel(ctx), "products.log", env, s.productsProgram())
	if err != nil {
		return err
	}
	s.onStop(p.stop)
	return until(ctx, startLimit, p, func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.productsURL+"/health", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		return response.Body.Close()
	})
}

// buildProducts builds the service into a folder of its own, with its Dockerfile, as the CDK app does.
func (s *session) buildProducts(ctx context.Context) error {
	program := s.productsProgram()
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		return err
	}
	dockerfile, err := os.ReadFile("services/products/Dockerfile")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(program), "Dockerfile"), dockerfile, 0o644); err != nil {
		return err
	}
	env := append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	return s.run(ctx, "build.log", env, "go", "build", "-trimpath", "-o", program, "./services/products")
}

func (s *session) productsProgram() string { return filepath.Join(s.work, "products", "products") }

func (s *session) createProductsTable(ctx context.Context) error {
	client := dynamodb.NewFromConfig(s.config())
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName:            aws.String(productsTable),
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		BillingMode:          types.BillingModePayPerRequest,
	})
	if err != nil && !errors.As(err, new(*types.ResourceInUseException)) { // an earlier run may have left it
		return err
	}
	if s.localStack == (given{}) {
		s.onStop(func(ctx context.Context) error {
			_, err := client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String(productsTable)})
			return err
		})
	}
	return nil
}

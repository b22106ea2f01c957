// Command workflow does the tasks of the order workflow's states.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/logging"
	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

func main() {
	log := logging.New(os.Stdout)
	client, err := dynamo.NewClient(context.Background())
	if err != nil {
		log.Error("start", "error", err)
		os.Exit(1)
	}
	h := &handler{
		store: order.NewStore(client, os.Getenv("ORDERS_TABLE")),
		log:   log,
		now:   time.Now,
	}
	lambda.Start(h.handle)
}

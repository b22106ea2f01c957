// Command notifications receives what is published to the notification topic and records it.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/logging"
	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

func main() {
	log := logging.New(os.Stdout)
	client, err := dynamo.NewClient(context.Background())
	if err != nil {
		log.Error("start", "error", err)
		os.Exit(1)
	}
	h := &handler{client: client, table: os.Getenv("NOTIFICATIONS_TABLE"), log: log, now: time.Now}
	lambda.Start(h.handle)
}

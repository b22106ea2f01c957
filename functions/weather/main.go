// Command weather stands in for a third-party weather service, so that a first deploy needs no key. It is served at a
// function URL, as a plain HTTP service.
package main

import (
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/logging"
)

func main() {
	h := &handler{
		log: logging.New(os.Stdout),
		now: time.Now,
	}
	lambda.Start(h.handle)
}

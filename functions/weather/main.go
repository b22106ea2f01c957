// Command weather stands in for a third-party weather service, so that a first deploy needs no key. It is served at a
// function URL, as a plain HTTP service.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	h := &handler{
		log: slog.New(slog.NewJSONHandler(os.Stdout, nil)),
		now: time.Now,
	}
	lambda.Start(h.handle)
}

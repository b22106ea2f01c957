// Command stream answers in two halves; between them it waits for a release.
package main

import (
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() { lambda.Start(answer) }

func answer(_ context.Context, r events.APIGatewayProxyRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
	reader, writer := io.Pipe()
	go func() {
		io.WriteString(writer, "first\n")
		if release, err := http.Get(r.QueryStringParameters["release"]); err == nil {
			release.Body.Close()
		}
		io.WriteString(writer, "second\n")
		writer.Close()
	}()
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: http.StatusAccepted, Headers: map[string]string{"Content-Type": "text/plain"}, Body: reader,
	}, nil
}

package backend_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/backend"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

const streamURI = "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/" + functionARN + "/response-streaming-invocations"

func TestStreamedAnswers(t *testing.T) {
	const end = "\x00\x00\x00\x00\x00\x00\x00\x00"
	tests := []struct {
		name, sent   string
		status       int
		header, body string
		cause        string // of a 502
	}{
		{"prelude and body", `{"statusCode":201,"headers":{"x-a":"1"},"multiValueHeaders":{"X-B":["2","3"]},"cookies":["a=1","b=2"]}` + end + "text\x00",
			201, "X-B: 2\nX-B: 3\nx-a: 1\nContent-Type: application/json\nSet-Cookie: a=1\nSet-Cookie: b=2", "text\x00", ""},
		{"empty prelude, empty body", `{}` + end, 200, "Content-Type: application/json", "", ""},
		{"null members", `{"headers":null,"cookies":null}` + end + "x", 200, "Content-Type: application/json", "x", ""},
		{"more null bytes", `{}` + end + "\x00\x00", 200, "Content-Type: application/json", "\x00\x00", ""},
		{"no end", `{"statusCode":200}`, 0, "", "", "no eight null bytes"},
		{"end too late", `{"headers":{"a":"` + strings.Repeat("x", 16<<10) + `"}}` + end, 0, "", "", "no eight null bytes among the first 16384"},
		{"seven null bytes", `{}` + end[1:], 0, "", "", "no eight null bytes"},
		{"no JSON", `hello` + end, 0, "", "", "is no JSON object"},
		{"a body in the prelude", `{"body":"x"}` + end, 0, "", "", "body is not a member"},
		{"status", `{"statusCode":"ok"}` + end, 0, "", "", "is no HTTP status"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fakeFunctions{result: lambdahost.Result{Stream: io.NopCloser(strings.NewReader(test.sent))}}
			x := lambdaExchange("AWS_PROXY", streamURI)
			x.Method.Integration.Stream = true
			answer, err := backend.NewLambdaProxy(f, nil).Invoke(t.Context(), x)
			if test.cause != "" {
				failure, _ := errors.AsType[*gateway.Failure](err)
				if failure == nil || failure.Status != 502 || !strings.Contains(err.Error(), test.cause) {
					t.Fatalf("error %v", err)
				}
				return
			}
			if err != nil || !f.options.Stream || f.name != functionARN {
				t.Fatal(err, f.options, f.name)
			}
			var lines []string
			for _, f := range answer.Header {
				lines = append(lines, f.Name+": "+f.Value)
			}
			body, err := io.ReadAll(answer.Stream)
			if err != nil || answer.StatusCode != test.status || strings.Join(lines, "\n") != test.header || string(body) != test.body {
				t.Errorf("%d %q %q (%v)", answer.StatusCode, lines, body, err)
			}
		})
	}
}

func TestStreamThatNeverBegins(t *testing.T) {
	reader, _ := io.Pipe()
	f := &fakeFunctions{result: lambdahost.Result{Stream: reader}}
	x := lambdaExchange("AWS_PROXY", streamURI)
	x.Method.Integration.Stream = true
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backend.NewLambdaProxy(f, nil).Invoke(ctx, x); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestStreamingNeedsItsURI(t *testing.T) {
	for _, test := range []struct {
		uri     string
		streams bool
		refused bool
	}{{invokeURI, false, false}, {streamURI, true, false}, {invokeURI, true, true}, {streamURI, false, true}} {
		m := lambdaExchange("AWS_PROXY", test.uri).Method
		m.Integration.Stream = test.streams
		if err := backend.NewLambdaProxy(&fakeFunctions{}, nil).Check(m); (err != nil) != test.refused {
			t.Errorf("%s, streams %v: %v", test.uri, test.streams, err)
		}
	}
}

package backend

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

// A function whose answer is streamed sends JSON with status and headers, eight
// null bytes, then the body as it is, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html

// preludeEnd is what parts the JSON from the body.
var preludeEnd = make([]byte, 8)

// maxPrelude bounds the JSON, preludeEnd included.
const maxPrelude = 16 << 10

// stream calls the function and answers as soon as it has told status and headers.
func (b *LambdaProxy) stream(ctx context.Context, x *gateway.Exchange, target target) (*gateway.EndpointResponse, error) {
	result, err := b.invoke(ctx, target, x.IntegrationRequest.Body, lambdahost.InvokeOptions{TraceID: x.TraceID, Qualifier: target.qualifier, Stream: true})
	if err != nil {
		return nil, invokeFailure(err)
	}
	if result.FunctionError != "" {
		return invocation(x, result), functionFailed(result)
	}
	body := result.Stream
	if body == nil { // from a host that answers whole
		body = io.NopCloser(bytes.NewReader(result.Payload))
	}
	context.AfterFunc(ctx, func() { body.Close() })
	answer, err := streamedAnswer(body)
	if err == nil {
		return answer, nil
	}
	body.Close()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, badGateway(err, malformedWords)
}

// streamedAnswer reads what comes before the body.
func streamedAnswer(body io.ReadCloser) (*gateway.EndpointResponse, error) {
	buffered := bufio.NewReader(body)
	prelude, err := readPrelude(buffered)
	if err != nil {
		return nil, err
	}
	members, err := objectMembers(prelude)
	if err != nil {
		return nil, malformed("what comes before the body %s", err)
	}
	answer := &gateway.EndpointResponse{}
	head := newAnswerHead()
	var cookies []string
	for _, m := range members {
		if m.name == "cookies" {
			err = json.Unmarshal(m.value, &cookies)
		} else {
			err = head.read(m)
		}
		if err != nil {
			return nil, malformed("%s %s", m.name, err)
		}
	}
	if err := head.write(answer); err != nil {
		return nil, err
	}
	for _, cookie := range cookies {
		answer.Header.Add("Set-Cookie", cookie)
	}
	answer.Stream = struct {
		io.Reader
		io.Closer
	}{buffered, body}
	return answer, nil
}

// readPrelude reads up to preludeEnd.
func readPrelude(r *bufio.Reader) ([]byte, error) {
	var prelude []byte
	for !bytes.HasSuffix(prelude, preludeEnd) {
		c, err := r.ReadByte()
		switch {
		case err == io.EOF || len(prelude) == maxPrelude:
			return nil, malformed("no eight null bytes among the first %d of the response", len(prelude))
		case err != nil:
			return nil, fmt.Errorf("read the function's response: %w", err)
		}
		prelude = append(prelude, c)
	}
	return bytes.TrimSuffix(prelude, preludeEnd), nil
}

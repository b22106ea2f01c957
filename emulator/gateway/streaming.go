package gateway

import (
	"context"
	"io"
	"time"
)

// An integration whose ResponseTransferMode is STREAM sends its answer on while
// it comes, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
// The service slows down what is over 10 MB; this gateway does not.

// How long nothing may come of a stream: documented for each endpoint type.
const (
	idleStream     = 5 * time.Minute
	idleEdgeStream = 30 * time.Second
)

// endpointStream is an endpoint's answer on its way. It breaks off when nothing
// came for too long, and when the integration's time is over.
type endpointStream struct {
	io.ReadCloser
	cancel context.CancelFunc // ends the call of the endpoint
	idle   *time.Timer
	wait   time.Duration
}

func newEndpointStream(body io.ReadCloser, cancel context.CancelFunc, api *API) *endpointStream {
	wait := idleStream
	if api.Edge {
		wait = idleEdgeStream
	}
	return &endpointStream{body, cancel, time.AfterFunc(wait, cancel), wait}
}

// Read waits for more of the answer.
func (s *endpointStream) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.idle.Reset(s.wait)
	return n, err
}

// Close ends the call, whether the answer came whole or not.
func (s *endpointStream) Close() error {
	s.idle.Stop()
	defer s.cancel()
	return s.ReadCloser.Close()
}

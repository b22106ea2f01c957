package lambdahost

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// Invocation types, the values of X-Amz-Invocation-Type.
const (
	RequestResponse = "RequestResponse" // the default
	Event           = "Event"           // accepted, answered with nothing
	DryRun          = "DryRun"          // nothing runs
)

// InvokeOptions are the headers of the Invoke API; the zero value calls the
// function and waits for its result.
type InvokeOptions struct {
	InvocationType string
	ClientContext  string // JSON
	TraceID        string // X-Amzn-Trace-Id; one is made when empty
	Qualifier      string // version or alias, unless the name has one
	Stream         bool   // the response is wanted as it comes, in Result.Stream
}

// Result is what the Invoke API answers.
type Result struct {
	StatusCode      int    // 200, 202 for Event, 204 for DryRun
	Payload         []byte // the function's result, or its error object
	FunctionError   string // X-Amz-Function-Error; "" when the function succeeded
	ExecutedVersion string
	RequestID       string

	// Stream is the function's response while it comes; whoever asked for it
	// closes it. nil when the function failed before, or answers whole.
	Stream io.ReadCloser
}

// Error is a refusal of the Invoke API: the function did not run.
type Error struct {
	StatusCode int
	Type       string // "ResourceNotFoundException"
	Message    string
}

func (e *Error) Error() string { return e.Type + ": " + e.Message }

var errClosed = &Error{http.StatusServiceUnavailable, "ServiceException", "the host is closed"}

// invocation is one call on its way to a process and back.
type invocation struct {
	id, arn, traceID, clientContext string
	payload                         []byte
	timeout                         time.Duration
	answer                          chan *Result // holds one
	stream                          chan *Result // holds one, when the response is streamed; else nil
}

// Invoke calls a function by name, partial or full ARN, with or without
// version or alias. An error that is no *Error means that the function could
// not be started, or that ctx ended; then the function goes on without the
// caller, as on the service.
func (h *Host) Invoke(ctx context.Context, nameOrARN string, payload []byte, o InvokeOptions) (*Result, error) {
	name, qualifier := splitName(nameOrARN)
	e := h.environments(name)
	if e == nil {
		return nil, &Error{http.StatusNotFound, "ResourceNotFoundException", "Function not found: " + nameOrARN}
	}
	if len(bytes.TrimSpace(payload)) == 0 {
		payload = []byte("{}")
	}
	if err := checkRequest(payload, o); err != nil {
		return nil, err
	}
	i := &invocation{
		id: uuid.New(), arn: e.function.ARN, traceID: o.TraceID, clientContext: o.ClientContext,
		payload: payload, timeout: e.function.Timeout, answer: make(chan *Result, 1),
	}
	if qualifier == "" {
		qualifier = o.Qualifier
	}
	if qualifier != "" && qualifier != "$LATEST" {
		i.arn += ":" + qualifier
	}
	if i.traceID == "" {
		i.traceID = newTraceID(time.Now())
	}
	if o.Stream {
		i.stream = make(chan *Result, 1)
	}
	if o.InvocationType == DryRun {
		return &Result{StatusCode: http.StatusNoContent, RequestID: i.id}, nil
	}
	if !h.begin() {
		return nil, errClosed
	}
	if o.InvocationType == Event {
		go h.runAsynchronously(e, i)
		return &Result{StatusCode: http.StatusAccepted, RequestID: i.id}, nil
	}
	return h.runSynchronously(ctx, e, i)
}

func checkRequest(payload []byte, o InvokeOptions) error {
	limit := maxPayload
	switch o.InvocationType {
	case "", RequestResponse, DryRun:
	case Event:
		limit = maxEventPayload
	default:
		return &Error{http.StatusBadRequest, "InvalidParameterValueException",
			fmt.Sprintf("unknown invocation type %q: use RequestResponse, Event or DryRun", o.InvocationType)}
	}
	if len(payload) > limit {
		return &Error{http.StatusRequestEntityTooLarge, "RequestTooLargeException", fmt.Sprintf(
			"Request must be smaller than %d bytes for the InvokeFunction operation", limit)}
	}
	if json.Valid(payload) {
		return nil
	}
	var v json.RawMessage
	if err := json.Unmarshal(payload, &v); err != nil { // says where
		return &Error{http.StatusBadRequest, "InvalidRequestContentException",
			"Could not parse request body into json: " + err.Error()}
	}
	return nil
}

// runSynchronously waits for the result, or for the caller to lose patience.
func (h *Host) runSynchronously(ctx context.Context, e *environments, i *invocation) (*Result, error) {
	if err := e.admit(ctx); err != nil {
		h.end()
		return nil, err
	}
	type outcome struct {
		result *Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer h.end()
		defer e.release()
		result, err := e.invoke(i)
		done <- outcome{result, err}
	}()
	select {
	case streamed := <-i.stream:
		return streamed, nil
	case o := <-done:
		select {
		case streamed := <-i.stream: // it was short
			return streamed, nil
		default:
			return o.result, o.err
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// splitName takes a function's name and qualifier from what the Invoke API
// accepts: name, account:function:name, a full ARN; each with :qualifier.
func splitName(nameOrARN string) (name, qualifier string) {
	if _, after, found := strings.Cut(nameOrARN, ":function:"); found {
		nameOrARN = after
	}
	name, qualifier, _ = strings.Cut(nameOrARN, ":")
	return name, qualifier
}

// newTraceID makes an X-Ray trace header that is not sampled.
func newTraceID(now time.Time) string {
	var b [12]byte
	rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%x;Sampled=0", now.Unix(), b)
}

package lambdahost

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// streamResponse passes the function's response on while it comes. What goes
// wrong on the way breaks the stream off. When nobody reads any more, the
// function goes on all the same, as on the service.
func (a *runtimeAPI) streamResponse(w http.ResponseWriter, r *http.Request, i *invocation) {
	reader, writer := io.Pipe()
	select {
	case i.stream <- &Result{StatusCode: http.StatusOK, Stream: reader, ExecutedVersion: "$LATEST", RequestID: i.id}:
	default:
		refuseOrder(w) // a second response to one invocation
		return
	}
	_, err := io.Copy(writer, r.Body)
	if errors.Is(err, io.ErrClosedPipe) {
		_, err = io.Copy(io.Discard, r.Body)
	}
	end := result(r, nil)
	switch {
	case err != nil:
		end = functionError("Runtime.TruncatedResponse", "the response was cut off")
		writer.CloseWithError(fmt.Errorf("the function's response was cut off: %w", err))
	case end.FunctionError != "":
		writer.CloseWithError(errors.New("the function failed while it sent its response: " + ErrorMessage(end.Payload)))
	default:
		writer.Close()
	}
	if a.answer(i.id) == nil {
		return
	}
	i.answer <- end
	accept(w)
}

// streaming is the invocation with this ID, if it runs and its response is to
// be passed on while it comes; else nil.
func (a *runtimeAPI) streaming(id string) *invocation {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.phase != running || a.current.id != id || a.current.stream == nil {
		return nil
	}
	return a.current
}

package lambdahost

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxPayload is Lambda's limit of request and response payloads of synchronous
// invocations: 6 MB and some for the envelope, as the service counts.
const maxPayload = 6*1024*1024 + 100

// maxEventPayload is the limit of asynchronous invocations.
const maxEventPayload = 1024 * 1024

// response takes the function's result.
func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	if i := a.streaming(r.PathValue("id")); i != nil {
		a.streamResponse(w, r, i)
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	i := a.answer(r.PathValue("id"))
	if i == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "no invocation with this ID is running")
		return
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		i.answer <- functionError("Function.ResponseSizeTooLarge",
			fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload))
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", maxPayload))
		return
	case err != nil:
		i.answer <- functionError("Runtime.TruncatedResponse", "the response was cut off")
		return
	}
	i.answer <- result(r, payload)
	accept(w)
}

// result is the answer that the process sent: a runtime that fails while it
// streams a response says so in trailers.
func result(r *http.Request, payload []byte) *Result {
	kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		return &Result{StatusCode: http.StatusOK, Payload: payload}
	}
	if body, err := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body")); err == nil {
		return &Result{StatusCode: http.StatusOK, Payload: body, FunctionError: unhandled}
	}
	return functionError(kind, "the function failed while it sent its response")
}

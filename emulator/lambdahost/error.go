package lambdahost

import (
	"encoding/json"
	"io"
	"net/http"
)

// unhandled is the value of X-Amz-Function-Error.
const unhandled = "Unhandled"

// error takes the error object that the function ended with.
func (a *runtimeAPI) error(w http.ResponseWriter, r *http.Request) {
	payload, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload)) // what came is the error
	i := a.answer(r.PathValue("id"))
	if i == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "no invocation with this ID is running")
		return
	}
	i.answer <- &Result{StatusCode: http.StatusOK, Payload: payload, FunctionError: unhandled}
	accept(w)
}

// initError takes the error that the process could not be initialized with.
func (a *runtimeAPI) initError(w http.ResponseWriter, r *http.Request) {
	payload, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if !a.enter(failed, initializing) {
		refuseOrder(w)
		return
	}
	accept(w)
	a.initFailed <- payload
}

// functionError is an invocation's result when Lambda itself speaks for the
// function: it crashed, timed out or answered too much.
func functionError(kind, message string) *Result {
	payload, _ := json.Marshal(runtimeError{kind, message}) // two strings always marshal
	return &Result{StatusCode: http.StatusOK, Payload: payload, FunctionError: unhandled}
}

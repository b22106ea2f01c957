package lambdahost

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
)

// invokeAPI serves Lambda's Invoke operation, for SDKs and engines: see
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (h *Host) invokeAPI() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("POST /2015-03-31/functions/{name}/invocations", h.handleInvoke)
	return routes
}

func (h *Host) handleInvoke(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload+1))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // the client has gone
	}
	if tooLarge != nil {
		payload = make([]byte, maxPayload+1) // Invoke refuses it in Lambda's words
	}
	result, err := h.Invoke(r.Context(), r.PathValue("name"), payload, InvokeOptions{
		InvocationType: r.Header.Get("X-Amz-Invocation-Type"),
		ClientContext:  decodeClientContext(r.Header.Get("X-Amz-Client-Context")),
		TraceID:        r.Header.Get("X-Amzn-Trace-Id"),
		Qualifier:      r.URL.Query().Get("Qualifier"),
	})
	if err != nil {
		h.refuseInvoke(w, r.PathValue("name"), err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-RequestId", result.RequestID)
	if result.ExecutedVersion != "" {
		w.Header().Set("X-Amz-Executed-Version", result.ExecutedVersion)
	}
	if result.FunctionError != "" {
		w.Header().Set("X-Amz-Function-Error", result.FunctionError)
	}
	w.WriteHeader(result.StatusCode)
	w.Write(result.Payload) // a client that went away is of no interest
}

// decodeClientContext undoes the header's base64; what is none is left out.
func decodeClientContext(header string) string {
	text, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return ""
	}
	return string(text)
}

// refuseInvoke answers with Lambda's error object; what the client can't help
// goes to the log.
func (h *Host) refuseInvoke(w http.ResponseWriter, name string, err error) {
	if errors.Is(err, context.Canceled) {
		return // the client has gone
	}
	var refusal *Error
	if !errors.As(err, &refusal) {
		h.options.Log.Error("invocation failed", "function", name, "error", err)
		refusal = &Error{http.StatusInternalServerError, "ServiceException", "The function could not be started."}
	}
	who := "User"
	if refusal.StatusCode >= 500 {
		who = "Service"
	}
	w.Header().Set("X-Amzn-ErrorType", refusal.Type)
	writeJSON(w, refusal.StatusCode, map[string]string{"Type": who, "Message": refusal.Message})
}

package console

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// fault is an error with its status.
type fault struct {
	status  int
	message string
}

func (f *fault) Error() string { return f.message }

// below puts the control path into a pattern, "GET api".
func below(pattern string) string {
	method, path, _ := strings.Cut(pattern, " ")
	return method + " " + gateway.ControlPath + path
}

// reply sends a value as JSON, or {"error"}.
func reply(w http.ResponseWriter, value any, err error) {
	status := http.StatusOK
	if err != nil {
		status, value = statusOf(err), map[string]string{"error": err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value) // a reader that has gone is no matter
}

func statusOf(err error) int {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.status
	}
	return http.StatusInternalServerError
}

// text answers with what a trace is written as.
func (c *console) text(write func(*trace.Trace) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, err := c.trace(r)
		if err != nil {
			reply(w, nil, err)
			return
		}
		text, err := write(t)
		if err != nil {
			reply(w, nil, err)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, text)
	}
}

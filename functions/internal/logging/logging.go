// Package logging sets up the log of a function: JSON lines on standard output, without anything that a client sent.
package logging

import (
	"encoding/json"
	"io"
	"log"
	"log/slog"
)

// New returns the logger of a function, and takes over what the Lambda runtime client logs.
func New(out io.Writer) *slog.Logger {
	logger := slog.New(slog.NewJSONHandler(out, nil))
	log.SetFlags(0)
	log.SetOutput(runtimeLog{logger})
	return logger
}

// runtimeLog receives the lines of the runtime client, one at a time. The client prints every error that a handler
// returns; its message may quote the request, and the handler has logged what there is to say, so of those only the type
// stays. A panic is told whole.
type runtimeLog struct{ logger *slog.Logger }

func (l runtimeLog) Write(line []byte) (int, error) {
	var failure struct {
		Message string            `json:"errorMessage"`
		Type    string            `json:"errorType"`
		Stack   []json.RawMessage `json:"stackTrace"`
	}
	switch err := json.Unmarshal(line, &failure); {
	case err != nil || failure.Type == "":
		l.logger.Warn("runtime", "line", string(line))
	case len(failure.Stack) > 0:
		l.logger.Error("panic", "error", failure.Message, "stack", failure.Stack)
	default:
		l.logger.Info("error returned", "errorType", failure.Type)
	}
	return len(line), nil
}

package lambdahost

import (
	"context"
	"time"
)

// retryDelays are the waits before the second and third attempt of an
// asynchronous invocation; on the service, one and two minutes.
var retryDelays = []time.Duration{time.Second, 2 * time.Second}

// runAsynchronously runs an accepted event until the function succeeds or its
// attempts are used up. A closing host does not wait between attempts.
func (h *Host) runAsynchronously(e *environments, i *invocation) {
	defer h.end()
	for attempt := 0; ; attempt++ {
		failure := e.attempt(h.running, i)
		if failure == "" {
			return
		}
		log := h.options.Log.With("function", e.function.Name, "requestId", i.id, "attempt", attempt+1, "error", failure)
		if attempt == len(retryDelays) || h.running.Err() != nil {
			log.Error("asynchronous invocation failed for good; a destination or dead-letter queue is not served here")
			return
		}
		log.Warn("asynchronous invocation failed, will be tried again")
		wait := time.NewTimer(retryDelays[attempt])
		select {
		case <-wait.C:
		case <-h.closing:
			wait.Stop()
		}
	}
}

// attempt runs an event once and says what went wrong. It waits for a free
// place: events are not throttled.
func (e *environments) attempt(ctx context.Context, i *invocation) (failure string) {
	if err := e.admitEvent(ctx); err != nil {
		return err.Error()
	}
	defer e.release()
	result, err := e.invoke(i)
	switch {
	case err != nil:
		return err.Error()
	case result.FunctionError != "":
		return result.FunctionError + ": " + ErrorMessage(result.Payload)
	}
	return ""
}

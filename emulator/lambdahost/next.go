package lambdahost

import (
	"net/http"
	"strconv"
	"time"
)

// next hands the process its next invocation, as soon as there is one.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	if !a.enter(polling, initializing, answered) {
		refuseOrder(w)
		return
	}
	select {
	case a.polled <- struct{}{}:
	default: // nobody has looked since the last poll, which was cut off
	}
	var i *invocation
	select {
	case i = <-a.deliver:
	case <-r.Context().Done():
		a.enter(answered, polling) // a client that lost its connection may poll again
		return
	}
	a.mu.Lock()
	a.phase, a.current = running, i
	a.mu.Unlock()

	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(i.timeout).UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", i.arn)
	h.Set("Lambda-Runtime-Trace-Id", i.traceID)
	if i.clientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", i.clientContext)
	}
	w.Write(i.payload) // a process that went away is noticed by its exit
}

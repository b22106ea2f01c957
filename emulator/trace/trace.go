// Package trace holds what happened to a request: the events that the steps of
// the gateway write as they go, the execution log in the service's words made
// from them, and a bounded store of the last requests.
//
// Everything that shows a request to somebody (terminal, invoke, console,
// compare) reads these events; nothing evaluates anything a second time.
package trace

import "time"

// Trace is one request's way through the gateway. Its steps write it one after
// the other; once the client has its answer, nothing changes any more.
type Trace struct {
	ID             string // $context.requestId
	Time           time.Time
	API            string // ID
	Stage          string
	StageVariables map[string]string
	Method         string
	Path           string // as it came over the wire, with the stage
	Query          string // raw
	Resource       string // path of the resource, "/orders/{id}"; "" when none matched
	Integration    string // type: MOCK, HTTP, HTTP_PROXY, AWS, AWS_PROXY
	Status         int
	Latency        time.Duration // until the answer was ready; of a stream, until it began

	events []stamped
}

// stamped is an event and when it came.
type stamped struct {
	after time.Duration // since Time
	event Event
}

// usual is room for the events of a request without many mappings.
const usual = 24

// Add writes the next event.
func (t *Trace) Add(e Event, now time.Time) {
	if t.events == nil {
		t.events = make([]stamped, 0, usual)
	}
	t.events = append(t.events, stamped{now.Sub(t.Time), e})
}

// Events are the events in their order.
func (t *Trace) Events() []Event {
	all := make([]Event, len(t.events))
	for i, s := range t.events {
		all[i] = s.event
	}
	return all
}

// Last finds the last event of a kind; false when there is none.
func Last[E Event](t *Trace) (E, bool) {
	for i := len(t.events) - 1; i >= 0; i-- {
		if e, ok := t.events[i].event.(E); ok {
			return e, true
		}
	}
	var none E
	return none, false
}

// Failure is the gateway response that ended the request; false for a request
// that got its method response.
func (t *Trace) Failure() (GatewayResponse, bool) { return Last[GatewayResponse](t) }

// size is about what the trace holds on to, in bytes.
func (t *Trace) size() int {
	size := 1024 + len(t.Path) + len(t.Query)
	for _, s := range t.events {
		size += 256 + s.event.size()
	}
	return size
}

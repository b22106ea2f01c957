package lambdahost

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// phase is what a process is doing, as its calls of the Runtime API tell.
type phase int

const (
	initializing phase = iota // started, has not polled yet
	polling                   // waits for an invocation
	running                   // has one
	answered                  // has answered it and not polled again
	failed                    // has reported that its initialization failed
)

// runtimeAPI is the Runtime API of one process, see
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. Every
// endpoint is refused in a phase that it does not belong to.
type runtimeAPI struct {
	address string // host and port, AWS_LAMBDA_RUNTIME_API
	server  *http.Server

	deliver    chan *invocation // takes one when the process polls
	polled     chan struct{}    // one signal a poll
	initFailed chan []byte      // the error that the process reported

	mu      sync.Mutex
	phase   phase
	current *invocation // while running
}

// listen opens the API on a free loopback port.
func (a *runtimeAPI) listen() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	a.address = listener.Addr().String()
	routes := http.NewServeMux()
	routes.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	routes.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	routes.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.error)
	routes.HandleFunc("POST /2018-06-01/runtime/init/error", a.initError)
	a.server = &http.Server{Handler: loopback.RefuseBrowsers(routes)}
	go a.server.Serve(listener) // ends with close
	return nil
}

func (a *runtimeAPI) close() { a.server.Close() }

// enter changes the phase, or refuses when the process is in none of from.
func (a *runtimeAPI) enter(to phase, from ...phase) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range from {
		if a.phase == p {
			a.phase = to
			return true
		}
	}
	return false
}

// answer ends the running invocation if it has this ID; nil when there is none.
func (a *runtimeAPI) answer(id string) *invocation {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.phase != running || a.current.id != id {
		return nil
	}
	i := a.current
	a.phase, a.current = answered, nil
	return i
}

// runtimeError is how the Runtime API refuses a call.
type runtimeError struct {
	ErrorType    string `json:"errorType"`
	ErrorMessage string `json:"errorMessage"`
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	writeJSON(w, status, runtimeError{kind, message})
}

func refuseOrder(w http.ResponseWriter) {
	refuse(w, http.StatusForbidden, "InvalidStateTransition", "the process is not in a state for this call")
}

func accept(w http.ResponseWriter) {
	writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // a client that went away is of no interest
}

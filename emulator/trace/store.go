package trace

import (
	"slices"
	"sync"
)

// What a Store keeps: the last requests, fewer when they are large.
const (
	MaxRequests = 1000
	MaxBytes    = 64 << 20
)

// Store keeps the last requests. It is safe for concurrent use; the zero value
// is ready.
type Store struct {
	mu        sync.Mutex
	traces    []*Trace // the oldest first
	bytes     int
	listeners map[chan Summary]bool
}

// Add keeps a trace that is complete, and forgets the oldest ones instead.
func (s *Store) Add(t *Trace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traces, s.bytes = append(s.traces, t), s.bytes+t.size()
	for len(s.traces) > MaxRequests || s.bytes > MaxBytes && len(s.traces) > 1 {
		s.bytes -= s.traces[0].size()
		s.traces[0] = nil // the array behind the slice holds it otherwise
		s.traces = s.traces[1:]
	}
	if len(s.listeners) == 0 {
		return
	}
	summary := t.Summary()
	for listener := range s.listeners {
		select {
		case listener <- summary:
		default: // it does not keep up; it may read List
		}
	}
}

// List is what is kept, the oldest first.
func (s *Store) List() []Summary {
	s.mu.Lock()
	traces := slices.Clone(s.traces)
	s.mu.Unlock() // requests that end meanwhile don't wait for the masks of a thousand
	list := make([]Summary, len(traces))
	for i, t := range traces {
		list[i] = t.Summary()
	}
	return list
}

// Get finds a trace by its request ID; nil when it is not kept (any more).
func (s *Store) Get(id string) *Trace {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.traces, func(t *Trace) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return s.traces[i]
}

// Subscribe returns a channel that gets each further request until cancel is
// called. A listener that does not keep up misses some.
func (s *Store) Subscribe() (requests <-chan Summary, cancel func()) {
	const waiting = 256
	listener := make(chan Summary, waiting)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listeners == nil {
		s.listeners = map[chan Summary]bool{}
	}
	s.listeners[listener] = true
	return listener, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listeners, listener)
	}
}

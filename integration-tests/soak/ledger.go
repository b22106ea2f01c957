package main

import (
	"math/rand/v2"
	"sync"
)

// accepted is an order that the API said it has taken.
type accepted struct {
	number int64
	id     string
	source string // which integration stored it
}

// ledger has what the API accepted: all of it has to be there afterwards.
type ledger struct {
	mu         sync.Mutex
	orders     []accepted
	executions []accepted
	messages   map[string]int64 // message ID → number
}

func newLedger() *ledger { return &ledger{messages: map[string]int64{}} }

func (l *ledger) accept(o accepted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.orders = append(l.orders, o)
}

func (l *ledger) execute(o accepted) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.executions = append(l.executions, o)
}

func (l *ledger) publish(messageID string, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.messages[messageID] = n
}

// someOrder is any that was accepted; the first answers were got in the order of routes.
func (l *ledger) someOrder() accepted {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.orders[rand.IntN(len(l.orders))]
}

// lateExecution is one of the last hundred: the engine forgets those that ended long ago.
func (l *ledger) lateExecution() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.executions[len(l.executions)-1-rand.IntN(min(100, len(l.executions)))].id
}

package awsservice

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// queue holds messages until they are deleted. Received ones are hidden for
// the visibility timeout.
type queue struct {
	name       string
	arn        string
	visibility time.Duration
	*mailbox
}

// mailbox is what is in a queue.
type mailbox struct {
	mu       sync.Mutex
	messages []*queued
	arrived  chan struct{} // closed, and made anew, at each arrival
}

type queued struct {
	id         string
	body       string
	attributes map[string]attribute
	receipt    string
	receives   int
	hidden     time.Time // until then
}

func newQueue(name, arn string, visibility time.Duration) *queue {
	return &queue{name, arn, visibility, &mailbox{arrived: make(chan struct{})}}
}

// with is the same queue, and what is in it, with another visibility timeout.
func (q *queue) with(visibility time.Duration) *queue {
	return &queue{q.name, q.arn, visibility, q.mailbox}
}

// send puts a message at the end and returns its ID.
func (q *queue) send(body string, attributes map[string]attribute) (id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	m := &queued{id: uuid.New(), body: body, attributes: attributes}
	q.messages = append(q.messages, m)
	close(q.arrived)
	q.arrived = make(chan struct{})
	return m.id
}

// receive takes up to limit visible messages. Without any it waits for one
// until ctx ends.
func (q *queue) receive(ctx context.Context, limit int, visibility time.Duration) []queued {
	for {
		found, arrived := q.take(limit, visibility, time.Now())
		if len(found) > 0 {
			return found
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil
		}
	}
}

func (q *queue) take(limit int, visibility time.Duration, now time.Time) (found []queued, arrived <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.messages {
		if len(found) == limit {
			break
		}
		if now.Before(m.hidden) {
			continue
		}
		m.receives++
		m.receipt = m.id + "#" + strconv.Itoa(m.receives)
		m.hidden = now.Add(visibility)
		found = append(found, *m)
	}
	return found, q.arrived
}

// remove deletes the message that was received with this receipt.
func (q *queue) remove(receipt string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, m := range q.messages {
		if m.receipt == receipt && receipt != "" {
			q.messages = append(q.messages[:i], q.messages[i+1:]...)
			return
		}
	}
}

func (q *queue) count() (waiting, invisible int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	for _, m := range q.messages {
		if now.Before(m.hidden) {
			invisible++
		} else {
			waiting++
		}
	}
	return waiting, invisible
}

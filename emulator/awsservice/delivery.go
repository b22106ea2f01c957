package awsservice

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// Waits between attempts. They begin as on the service and are cut short of
// it, because nobody waits for days at a laptop.
var (
	// A function that can't be reached: SNS tries three times at once, twice
	// after a second, ten times after 1 to 20 seconds. The service would go on
	// with 100,000 attempts, one every 20 seconds.
	unreachableWaits = []time.Duration{
		0, 0, 0, time.Second, time.Second,
		1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second,
		7 * time.Second, 10 * time.Second, 13 * time.Second, 16 * time.Second, 20 * time.Second,
	}
	// A function that fails: SNS has delivered, Lambda runs the event again.
	// The service waits one and two minutes.
	failedWaits = []time.Duration{time.Second, 2 * time.Second}
)

// deliveriesAtOnce bounds the functions that run for messages at one time.
const deliveriesAtOnce = 8

// delivery brings messages to their subscriptions, in the background.
type delivery struct {
	invoke func(ctx context.Context, arn string, payload []byte) (answer []byte, functionError string, err error)
	log    *slog.Logger

	settings atomic.Pointer[map[string]*asynchronousInvocation] // by function ARN
	places   chan struct{}                                      // deliveriesAtOnce of them
	running  context.Context                                    // ends when undelivered messages are given up
	giveUp   context.CancelFunc
	draining chan struct{} // closed when nothing waits any more between attempts
	once     sync.Once

	mu      sync.Mutex
	pending int           // messages on their way to functions
	idle    chan struct{} // closed when there are none, made anew with the next
}

func newDelivery(o Options) *delivery {
	d := &delivery{
		invoke: o.LambdaInvoke, log: o.Log, places: make(chan struct{}, deliveriesAtOnce),
		draining: make(chan struct{}), idle: make(chan struct{}),
	}
	close(d.idle)
	d.running, d.giveUp = context.WithCancel(context.Background())
	return d
}

// begin accepts a message for a subscription.
func (d *delivery) begin(m *message, s *subscription) {
	if s.queue != nil {
		s.queue.send(m.queueBody(s.raw), m.queueAttributes(s.raw))
		return
	}
	d.count(1)
	go func() {
		defer d.count(-1)
		if reason := d.toFunction(m, s); reason != "" {
			d.log.Error("message not delivered", "topic", m.TopicARN, "message", m.ID, "function", s.endpoint, "reason", reason)
		}
	}()
}

// count keeps idle in step with the messages on their way. Functions may
// publish while others wait for the last message.
func (d *delivery) count(change int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.pending == 0 {
		d.idle = make(chan struct{})
	}
	if d.pending += change; d.pending == 0 {
		close(d.idle)
	}
}

// delivered is closed once no message is on its way.
func (d *delivery) delivered() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.idle
}

// drain waits until every accepted message is delivered or in a dead-letter
// queue; attempts follow each other at once from now on. What is still on its
// way when ctx ends is given up, and named in the log.
func (d *delivery) drain(ctx context.Context) error {
	d.once.Do(func() { close(d.draining) })
	select {
	case <-d.delivered():
		return nil
	case <-ctx.Done():
	}
	select {
	case <-d.delivered(): // both were ready: nothing is lost
		return nil
	default:
	}
	d.giveUp()
	<-d.delivered()
	return fmt.Errorf("messages of SNS were given up, see the log: %w", ctx.Err())
}

// toFunction delivers to a function and says why it could not; "" when the
// message arrived, in a dead-letter queue if need be.
func (d *delivery) toFunction(m *message, s *subscription) (reason string) {
	event, err := m.event(s)
	if err != nil {
		return err.Error()
	}
	settings := (*d.settings.Load())[s.endpoint]
	retries := len(failedWaits)
	if settings != nil {
		retries = settings.retries
	}
	for unreachable, failed := 0, 0; ; {
		last := d.attempt(s.endpoint, event)
		var wait time.Duration
		switch {
		case d.running.Err() != nil:
			return "the gateway ended"
		case last.problem() == nil:
			return ""
		case last.err != nil && unreachable < len(unreachableWaits):
			wait = unreachableWaits[unreachable]
			unreachable++
		case last.err != nil:
			return d.neverReached(m, s, last.err)
		case failed < retries:
			wait = failedWaits[failed]
			failed++
		case settings.failed(uuid.New(), s.endpoint, event, last, time.Now()):
			d.log.Warn("event of a failed function kept in a queue", "message", m.ID, "function", s.endpoint)
			return ""
		default:
			return "the function failed each time, and has no dead-letter queue: " + last.functionError
		}
		d.log.Warn("delivery failed, will be tried again", "message", m.ID, "function", s.endpoint, "error", last.problem())
		if !d.wait(wait) {
			return "the gateway ended"
		}
	}
}

// neverReached moves the message to the subscription's dead-letter queue. Only
// messages that did not reach their function get there, as on the service.
func (d *delivery) neverReached(m *message, s *subscription, cause error) (reason string) {
	if s.deadLetter == nil {
		return "the function could not be reached, and the subscription has no dead-letter queue: " + cause.Error()
	}
	s.deadLetter.send(m.queueBody(false), map[string]attribute{"ErrorMessage": {"String", cause.Error()}})
	d.log.Warn("message moved to the dead-letter queue", "topic", m.TopicARN, "message", m.ID, "queue", s.deadLetter.name, "error", cause)
	return ""
}

// attempt runs the function once, when a place is free.
func (d *delivery) attempt(arn string, event []byte) *result {
	select {
	case d.places <- struct{}{}:
	case <-d.running.Done():
		return &result{err: d.running.Err()}
	}
	defer func() { <-d.places }()
	var r result
	r.payload, r.functionError, r.err = d.invoke(d.running, arn, event)
	return &r
}

// wait lets time pass, none while draining; false when deliveries are given up.
func (d *delivery) wait(length time.Duration) bool {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.draining:
	case <-d.running.Done():
		return false
	}
	return true
}

// event is what a function gets.
func (m *message) event(s *subscription) ([]byte, error) {
	region := "us-east-1"
	if parts := strings.Split(m.TopicARN, ":"); len(parts) > 3 {
		region = parts[3]
	}
	attributes := map[string]any{}
	for name, a := range m.Attributes {
		attributes[name] = map[string]string{"Type": a.Type, "Value": a.Value}
	}
	var subject any
	if m.Subject != "" {
		subject = m.Subject
	}
	return json.Marshal(map[string]any{"Records": []any{map[string]any{
		"EventSource":          "aws:sns",
		"EventVersion":         "1.0",
		"EventSubscriptionArn": s.arn,
		"Sns": map[string]any{
			"Type":              "Notification",
			"MessageId":         m.ID,
			"TopicArn":          m.TopicARN,
			"Subject":           subject,
			"Message":           m.textFor("lambda"),
			"Timestamp":         m.timestamp(),
			"SignatureVersion":  "1",
			"Signature":         "unsigned",
			"SigningCertUrl":    "https://sns." + region + ".amazonaws.com/SimpleNotificationService.pem",
			"UnsubscribeUrl":    "https://sns." + region + ".amazonaws.com/?Action=Unsubscribe&SubscriptionArn=" + s.arn,
			"MessageAttributes": attributes,
		},
	}}})
}

func (m *message) timestamp() string { return m.Time.Format("2006-01-02T15:04:05.000Z") }

// queueBody is what a queue gets: the message in its envelope, or alone.
func (m *message) queueBody(raw bool) string {
	if raw {
		return m.textFor("sqs")
	}
	envelope := map[string]any{
		"Type":             "Notification",
		"MessageId":        m.ID,
		"TopicArn":         m.TopicARN,
		"Message":          m.textFor("sqs"),
		"Timestamp":        m.timestamp(),
		"SignatureVersion": "1",
		"Signature":        "unsigned",
	}
	if m.Subject != "" {
		envelope["Subject"] = m.Subject
	}
	if len(m.Attributes) > 0 {
		envelope["MessageAttributes"] = m.Attributes
	}
	text, _ := json.Marshal(envelope) // texts only
	return string(text)
}

// queueAttributes are those of a raw delivery; an envelope carries its own.
func (m *message) queueAttributes(raw bool) map[string]attribute {
	if raw {
		return m.Attributes
	}
	return nil
}

package awsservice

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// subscriber is a function that can't be reached, then fails, as often as told,
// and keeps what it got.
type subscriber struct {
	mu          sync.Mutex
	unreachable int
	failing     int
	attempts    []time.Time
	events      []string // of the attempts that succeeded
}

func (s *subscriber) invoke(_ context.Context, arn string, payload []byte) ([]byte, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts = append(s.attempts, time.Now())
	switch {
	case arn != "arn:aws:lambda:us-east-1:000000000000:function:subscriber":
		return nil, "", errors.New("no function " + arn)
	case s.unreachable > 0:
		s.unreachable--
		return nil, "", errors.New("not reachable")
	case s.failing > 0:
		s.failing--
		return []byte(`{"errorType":"Error","errorMessage":"it broke"}`), "Unhandled", nil
	}
	s.events = append(s.events, string(payload))
	return []byte("null"), "", nil
}

// waits are the times between attempts.
func (s *subscriber) waits() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var waits []time.Duration
	for i := 1; i < len(s.attempts); i++ {
		waits = append(waits, s.attempts[i].Sub(s.attempts[i-1]))
	}
	return waits
}

func publish(text string) url.Values {
	return url.Values{"TopicArn": {topicARN}, "Message": {text}}
}

// bodies takes everything out of a queue.
func bodies(q *queue) []string {
	var all []string
	found, _ := q.take(100, time.Hour, time.Now())
	for _, m := range found {
		all = append(all, m.body)
	}
	return all
}

func TestDelivery(t *testing.T) {
	second := time.Second
	tests := []struct {
		name                 string
		unreachable, failing int
		delivered            bool
		took                 time.Duration // on the fake clock
		undelivered          int           // in the subscription's dead-letter queue
		failedEvents         int           // in the function's
	}{
		{"at once", 0, 0, true, 0, 0, 0},
		{"three immediate retries", 3, 0, true, 0, 0, 0},
		{"then after a second", 4, 0, true, second, 0, 0},
		{"never reached", 1000, 0, false, 83 * second, 1, 0},
		{"fails twice", 0, 2, true, 3 * second, 0, 0},
		{"fails for good", 0, 1000, false, 3 * second, 0, 1},
		{"reached late, then fails once", 5, 1, true, 3 * second, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := load(t, "services.yaml")
			synctest.Test(t, func(t *testing.T) {
				function := &subscriber{unreachable: test.unreachable, failing: test.failing}
				s, _ := New(Options{Assembly: a, Getenv: environment(nil), LambdaInvoke: function.invoke})
				began := time.Now()
				id, err := s.sns.publish(publish("hello"))
				if err != nil {
					t.Fatal(err)
				}
				<-s.delivery.delivered()
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v with waits %v, want %v", took, function.waits(), test.took)
				}
				if got := len(function.events) == 1; got != test.delivered {
					t.Errorf("events that arrived: %v", function.events)
				}
				for name, want := range map[string]int{"undelivered": test.undelivered, "failed-events": test.failedEvents, "failure-records": test.failedEvents} {
					q, _ := s.sqs.byName(name)
					kept := bodies(q)
					if len(kept) != want || want > 0 && !strings.Contains(kept[0], id) {
						t.Errorf("queue %s holds %v", name, kept)
					}
				}
			})
		})
	}
}

func TestEvent(t *testing.T) {
	function := &subscriber{}
	s, _ := New(Options{Assembly: load(t, "services.yaml"), Getenv: environment(nil), LambdaInvoke: function.invoke})
	const text = "quotes \" ' \\ & <b> line\nbreak, ü, 😀"
	input := publish(text)
	input.Set("Subject", "Order o1")
	for name, value := range map[string]string{"Name": "requestId", "Value.DataType": "String", "Value.StringValue": "r-1"} {
		input.Set("MessageAttributes.entry.1."+name, value)
	}
	id, err := s.sns.publish(input)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Drain(t.Context()); err != nil || len(function.events) != 1 {
		t.Fatalf("drain: %v, events: %v", err, function.events)
	}
	var event struct {
		Records []struct {
			EventSource, EventVersion, EventSubscriptionArn string
			Sns                                             struct {
				Type, MessageId, TopicArn, Subject, Message, Timestamp, SignatureVersion string
				MessageAttributes                                                        map[string]attribute
			}
		}
	}
	if err := json.Unmarshal([]byte(function.events[0]), &event); err != nil {
		t.Fatal(err)
	}
	r := event.Records[0]
	if r.EventSource != "aws:sns" || r.EventVersion != "1.0" || !strings.HasPrefix(r.EventSubscriptionArn, topicARN+":") {
		t.Errorf("record: %+v", r)
	}
	if m := r.Sns; m.Type != "Notification" || m.MessageId != id || m.TopicArn != topicARN || m.Subject != "Order o1" || m.Message != text ||
		m.MessageAttributes["requestId"] != (attribute{"String", "r-1"}) {
		t.Errorf("message: %+v", m)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", r.Sns.Timestamp); err != nil {
		t.Error(err)
	}
}

func TestPublishRefusals(t *testing.T) {
	s, _ := New(Options{Assembly: load(t, "services.yaml"), Getenv: environment(nil), LambdaInvoke: new(subscriber).invoke})
	tests := []struct {
		name, parameter, value string
		status                 int
		code, message          string
	}{
		{"no topic", "TopicArn", "", 400, "InvalidParameter", "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"},
		{"not an ARN", "TopicArn", "x", 400, "InvalidParameter", "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"},
		{"unknown topic", "TopicArn", topicARN + "x", 404, "NotFound", "Topic does not exist"},
		{"empty message", "Message", "", 400, "InvalidParameter", "Invalid parameter: Empty message"},
		{"message too long", "Message", strings.Repeat("a", 256<<10+1), 400, "InvalidParameter", "Invalid parameter: Message too long"},
		{"empty subject", "Subject", "", 400, "InvalidParameter", "Invalid parameter: Subject"},
		{"subject too long", "Subject", strings.Repeat("a", 101), 400, "InvalidParameter", "Invalid parameter: Subject"},
		{"subject with a line break", "Subject", "a\nb", 400, "InvalidParameter", "Invalid parameter: Subject"},
		{"subject not ASCII", "Subject", "ü", 400, "InvalidParameter", "Invalid parameter: Subject"},
		{"subject begins with a blank", "Subject", " a", 400, "InvalidParameter", "Invalid parameter: Subject"},
		{"attribute without value", "MessageAttributes.entry.1.Name", "a", 400, "ParameterValueInvalid", ""},
		{"structure is not JSON", "MessageStructure", "json", 400, "InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			input := publish("hello")
			input.Set(test.parameter, test.value)
			_, err := s.sns.publish(input)
			var got *serviceError
			if !errors.As(err, &got) || got.status != test.status || got.code != test.code || test.message != "" && got.message != test.message {
				t.Errorf("got %v", err)
			}
		})
	}
	for _, fine := range []string{"a", strings.Repeat("a", 100), "~ !"} {
		input := publish("hello")
		input.Set("Subject", fine)
		if _, err := s.sns.publish(input); err != nil {
			t.Errorf("subject %q: %v", fine, err)
		}
	}
}

func TestPublishOverHTTP(t *testing.T) {
	function := &subscriber{}
	s := startServices(t, Options{LambdaInvoke: function.invoke})
	form := publish("hello").Encode()
	answer := do(t, s, "sns:action/Publish", "application/x-www-form-urlencoded", form)
	var published struct {
		PublishResponse struct {
			PublishResult    struct{ MessageId string }
			ResponseMetadata struct{ RequestId string }
		}
	}
	if err := json.Unmarshal(answer.Body, &published); err != nil || answer.StatusCode != 200 || published.PublishResponse.PublishResult.MessageId == "" || published.PublishResponse.ResponseMetadata.RequestId == "" {
		t.Errorf("JSON (rule 65): %d %s", answer.StatusCode, answer.Body)
	}
	missing := do(t, s, "sns:action/Publish", "application/x-www-form-urlencoded", "TopicArn="+topicARN+"x&Message=a")
	var fault struct{ Error struct{ Code, Type string } }
	if err := json.Unmarshal(missing.Body, &fault); err != nil || missing.StatusCode != 404 || fault.Error.Code != "NotFound" || fault.Error.Type != "Sender" {
		t.Errorf("fault: %d %s", missing.StatusCode, missing.Body)
	}

	// SDKs ask for nothing and get XML.
	endpoint := s.sns.server.url().String()
	response, err := http.Post(endpoint, "application/x-www-form-urlencoded", strings.NewReader(form+"&Action=Publish"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text := new(strings.Builder)
	if err := response.Write(text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>`) {
		t.Errorf("XML: %s", text)
	}
	if err := s.Drain(t.Context()); err != nil || len(function.events) != 2 {
		t.Errorf("drain: %v, events: %v", err, function.events)
	}
}

func TestDrainLosesNothing(t *testing.T) {
	a := load(t, "services.yaml")
	synctest.Test(t, func(t *testing.T) {
		function := &subscriber{failing: 2}
		s, _ := New(Options{Assembly: a, Getenv: environment(nil), LambdaInvoke: function.invoke})
		if _, err := s.sns.publish(publish("hello")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the first attempt has failed
		began := time.Now()
		if err := s.Drain(t.Context()); err != nil || len(function.events) != 1 {
			t.Errorf("drain: %v, events: %v", err, function.events)
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("drain waited %v between attempts", took)
		}
	})
}

func TestDrainNamesWhatItGivesUp(t *testing.T) {
	a := load(t, "services.yaml")
	synctest.Test(t, func(t *testing.T) {
		var log logLines
		hanging := func(ctx context.Context, _ string, _ []byte) ([]byte, string, error) {
			<-ctx.Done()
			return nil, "", ctx.Err()
		}
		s, _ := New(Options{Assembly: a, Getenv: environment(nil), LambdaInvoke: hanging, Log: slog.New(slog.NewTextHandler(&log, nil))})
		id, err := s.sns.publish(publish("hello"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Drain(ctx); err == nil {
			t.Error("drain reports nothing")
		}
		if !strings.Contains(log.String(), id) || strings.Contains(log.String(), "hello") {
			t.Errorf("log: %s", log.String())
		}
	})
}

func TestDrainOfNothingEndsWell(t *testing.T) {
	d := newDelivery(Options{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // select takes either of two that are ready
		if err := d.drain(ended); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSubscriptionProblems(t *testing.T) {
	_, problems := New(Options{Assembly: load(t, "subscriptions.yaml"), Getenv: environment(nil)})
	want := []string{"ByMail Protocol", "Filtered FilterPolicy", "NoDeadLetters RedrivePolicy", "Ordered FifoTopic"}
	var got []string
	for _, p := range problems {
		got = append(got, p.LogicalID+" "+p.Property)
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, ","), w) {
			t.Errorf("no problem %s in %v", w, problems)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

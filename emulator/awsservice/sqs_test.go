package awsservice

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sqsJSON calls the embedded SQS in the JSON protocol.
func sqsJSON(t *testing.T, s *Services, action, input string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequest("POST", s.sqs.server.url().String(), strings.NewReader(input))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "AmazonSQS."+action)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func TestQueueTakesWhatIntegrationsSend(t *testing.T) {
	s := startServices(t, Options{})
	answer := do(t, s, "sqs:path/000000000000/inbox", "application/x-www-form-urlencoded",
		`Action=SendMessage&MessageBody={"foo": "bar"}&MessageAttribute.1.Name=agent&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=x`)
	if answer.StatusCode != 200 || !strings.HasPrefix(string(answer.Body), `{"SendMessageResponse":{"SendMessageResult":{"MD5OfMessageAttributes":null,"MD5OfMessageBody":"94232c5b8fc9272f6f73a1e36eb68fcf"`) {
		t.Errorf("SendMessage: %d %s", answer.StatusCode, answer.Body)
	}
	_, received := sqsJSON(t, s, "ReceiveMessage", `{"QueueUrl":"http://any/000000000000/inbox","MaxNumberOfMessages":10}`)
	messages, _ := received["Messages"].([]any)
	if len(messages) != 1 {
		t.Fatalf("ReceiveMessage: %v", received)
	}
	message, _ := messages[0].(map[string]any)
	attributes, _ := message["MessageAttributes"].(map[string]any)
	if message["Body"] != `{"foo": "bar"}` || attributes["agent"] == nil {
		t.Errorf("message: %v", message)
	}
	receipt, _ := message["ReceiptHandle"].(string)
	counts := func() any {
		_, answer := sqsJSON(t, s, "GetQueueAttributes", `{"QueueUrl":"inbox"}`)
		attributes, _ := answer["Attributes"].(map[string]any)
		return attributes["ApproximateNumberOfMessagesNotVisible"]
	}
	if got := counts(); got != "1" {
		t.Errorf("hidden messages before DeleteMessage: %v", got)
	}
	sqsJSON(t, s, "DeleteMessage", `{"QueueUrl":"inbox","ReceiptHandle":"`+receipt+`"}`)
	if got := counts(); got != "0" {
		t.Errorf("hidden messages after DeleteMessage: %v", got)
	}
}

func TestQueueFaults(t *testing.T) {
	s := startServices(t, Options{})
	if status, answer := sqsJSON(t, s, "ReceiveMessage", `{"QueueUrl":"none"}`); status != 400 || answer["__type"] != "com.amazonaws.sqs#QueueDoesNotExist" {
		t.Errorf("unknown queue: %d %v", status, answer)
	}
	if status, answer := sqsJSON(t, s, "SendMessage", `{"QueueUrl":"inbox"}`); status != 400 || answer["__type"] != "com.amazonaws.sqs#MissingParameter" {
		t.Errorf("empty message: %d %v", status, answer)
	}
	if answer := do(t, s, "sqs:path/000000000000/none", "application/x-www-form-urlencoded", "Action=SendMessage&MessageBody=a"); answer.StatusCode != 400 || !strings.Contains(string(answer.Body), `"Code":"AWS.SimpleQueueService.NonExistentQueue"`) {
		t.Errorf("unknown queue by path: %d %s", answer.StatusCode, answer.Body)
	}
}

func TestTopicToQueue(t *testing.T) {
	s, _ := New(Options{Assembly: load(t, "services.yaml"), Getenv: environment(nil)})
	input := publish("raw text")
	input.Set("TopicArn", "arn:aws:sns:us-east-1:000000000000:copies")
	if _, err := s.sns.publish(input); err != nil {
		t.Fatal(err)
	}
	q, _ := s.sqs.byName("inbox")
	if got := bodies(q); len(got) != 1 || got[0] != "raw text" {
		t.Errorf("queue holds %v", got)
	}
}

func TestVisibilityAndLongPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue("q", "arn:q", 30*time.Second)
		go func() { time.Sleep(5 * time.Second); q.send("late", nil) }()
		began := time.Now()
		if got := q.receive(t.Context(), 1, 30*time.Second); len(got) != 1 || time.Since(began) != 5*time.Second {
			t.Errorf("long poll: %v after %v", got, time.Since(began))
		}
		if got, _ := q.take(1, 0, time.Now()); len(got) != 0 {
			t.Errorf("a received message is visible: %v", got)
		}
		if got, _ := q.take(1, 0, time.Now().Add(30*time.Second)); len(got) != 1 || got[0].receives != 2 {
			t.Errorf("after the visibility timeout: %v", got)
		}
	})
}

package awsservice

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

const sqsNamespace = "http://queue.amazonaws.com/doc/2012-11-05/"

// sqs is the queues of the template, in memory: where messages go that could
// not be delivered, and what integrations may send to. Nothing is consumed from
// them here; a receive count has no consequence.
type sqs struct {
	queues  []*queue
	account string
	server  *server
}

// newSQS reads the queues of the template. Those that are known keep their
// messages.
func newSQS(a *cfn.Assembly, known *sqs) *sqs {
	s := &sqs{}
	for _, r := range a.Resources("AWS::SQS::Queue") {
		visibility := 30 * time.Second
		if r.Has("VisibilityTimeout") {
			visibility = time.Duration(r.Int("VisibilityTimeout")) * time.Second
		}
		q := newQueue(r.Name(), r.ARN(), visibility)
		if earlier := known.byARN(q.arn); earlier != nil {
			q = earlier.with(visibility)
		}
		s.queues = append(s.queues, q)
		s.account = r.Stack.AccountID
	}
	return s
}

// byARN finds a queue; nil when there is none.
func (s *sqs) byARN(arn string) *queue {
	for _, q := range s.queues {
		if q.arn == arn {
			return q
		}
	}
	return nil
}

// byName finds the queue that a queue URL, path or name ends with.
func (s *sqs) byName(text string) (*queue, error) {
	name := text[strings.LastIndex(text, "/")+1:]
	for _, q := range s.queues {
		if q.name == name {
			return q, nil
		}
	}
	return nil, &serviceError{http.StatusBadRequest, "QueueDoesNotExist", "The specified queue does not exist."}
}

// sqsActions are what the embedded SQS serves; SendMessage also in the query protocol.
var sqsActions = []string{"SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueUrl", "GetQueueAttributes"}

func (s *sqs) check(action string) error {
	if action != "" && !slices.Contains(sqsActions, action) {
		return fmt.Errorf("the embedded SQS has no action %s: use another", action)
	}
	return nil
}

func (s *sqs) url(context.Context) (*url.URL, error) { return s.server.url(), nil }

// ServeHTTP speaks the JSON protocol, and the query protocol without X-Amz-Target.
func (s *sqs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		s.serveQuery(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("x-amzn-RequestId", uuid.New())
	answer, err := s.serveJSON(r, strings.TrimPrefix(target, "AmazonSQS."))
	if err != nil {
		fault := asServiceError(err)
		w.WriteHeader(fault.status)
		answer = map[string]string{"__type": "com.amazonaws.sqs#" + fault.code, "message": fault.message}
	}
	json.NewEncoder(w).Encode(answer) // a caller that went away is of no interest
}

// sqsInput is the union of the actions' inputs.
type sqsInput struct {
	QueueUrl            string
	QueueName           string
	MessageBody         string
	MessageAttributes   map[string]sqsAttribute
	MaxNumberOfMessages int
	WaitTimeSeconds     int
	VisibilityTimeout   *int
	ReceiptHandle       string
}

type sqsAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue string `json:",omitempty"` // base64
}

func (s *sqs) serveJSON(r *http.Request, action string) (any, error) {
	var input sqsInput
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		return nil, &serviceError{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", err.Error()}
	}
	if err := json.Unmarshal(body, &input); err != nil {
		return nil, &serviceError{http.StatusBadRequest, "SerializationException", err.Error()}
	}
	name := input.QueueUrl
	if action == "GetQueueUrl" {
		name = input.QueueName
	}
	q, err := s.byName(name)
	if err != nil {
		return nil, err
	}
	switch action {
	case "SendMessage":
		return send(q, input.MessageBody, input.attributes())
	case "ReceiveMessage":
		return s.receive(r.Context(), q, input)
	case "DeleteMessage":
		q.remove(input.ReceiptHandle)
		return map[string]any{}, nil
	case "GetQueueUrl":
		return map[string]string{"QueueUrl": "http://" + r.Host + "/" + s.account + "/" + q.name}, nil
	case "GetQueueAttributes":
		waiting, invisible := q.count()
		return map[string]any{"Attributes": map[string]string{
			"QueueArn":                              q.arn,
			"ApproximateNumberOfMessages":           strconv.Itoa(waiting),
			"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(invisible),
		}}, nil
	}
	return nil, &serviceError{http.StatusBadRequest, "UnsupportedOperation", "The embedded SQS does not serve " + action}
}

func (i *sqsInput) attributes() map[string]attribute {
	attributes := map[string]attribute{}
	for name, a := range i.MessageAttributes {
		attributes[name] = attribute{a.DataType, a.StringValue + a.BinaryValue}
	}
	return attributes
}

type sent struct {
	MD5OfMessageBody string
	MessageId        string
}

func send(q *queue, body string, attributes map[string]attribute) (*sent, error) {
	if body == "" {
		return nil, &serviceError{http.StatusBadRequest, "MissingParameter", "The request must contain the parameter MessageBody."}
	}
	return &sent{digest(body), q.send(body, attributes)}, nil
}

func digest(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (s *sqs) receive(ctx context.Context, q *queue, input sqsInput) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(min(input.WaitTimeSeconds, 20))*time.Second)
	defer cancel()
	visibility := q.visibility
	if input.VisibilityTimeout != nil {
		visibility = time.Duration(*input.VisibilityTimeout) * time.Second
	}
	messages := []map[string]any{}
	for _, m := range q.receive(ctx, max(1, min(input.MaxNumberOfMessages, 10)), visibility) {
		attributes := map[string]sqsAttribute{}
		for name, a := range m.attributes {
			if strings.HasPrefix(a.Type, "Binary") {
				attributes[name] = sqsAttribute{DataType: a.Type, BinaryValue: a.Value}
				continue
			}
			attributes[name] = sqsAttribute{DataType: a.Type, StringValue: a.Value}
		}
		messages = append(messages, map[string]any{
			"MessageId": m.id, "ReceiptHandle": m.receipt, "Body": m.body, "MD5OfBody": digest(m.body),
			"MessageAttributes": attributes,
			"Attributes":        map[string]string{"ApproximateReceiveCount": strconv.Itoa(m.receives)},
		})
	}
	return map[string]any{"Messages": messages}, nil
}

// serveQuery takes SendMessage as API Gateway's path integrations send it.
func (s *sqs) serveQuery(w http.ResponseWriter, r *http.Request) {
	answer, err := s.sendQuery(r)
	if err != nil {
		fault := *asServiceError(err)
		if fault.code == "QueueDoesNotExist" {
			fault.code = "AWS.SimpleQueueService.NonExistentQueue" // its name in the query protocol
		}
		fault.write(w, r, sqsNamespace)
		return
	}
	queryAnswer{sqsNamespace, "SendMessage", []member{
		{"MD5OfMessageAttributes", nil},
		{"MD5OfMessageBody", answer.MD5OfMessageBody},
		{"MD5OfMessageSystemAttributes", nil},
		{"MessageId", answer.MessageId},
		{"SequenceNumber", nil},
	}}.write(w, r)
}

func (s *sqs) sendQuery(r *http.Request) (*sent, error) {
	parameters, err := readParameters(r)
	if err != nil {
		return nil, err
	}
	if action := parameters.Get("Action"); action != "SendMessage" {
		return nil, &serviceError{http.StatusBadRequest, "InvalidAction",
			"The embedded SQS serves the action " + strconv.Quote(action) + " in the JSON protocol only, if at all"}
	}
	name := parameters.Get("QueueUrl")
	if name == "" {
		name = r.URL.Path
	}
	q, err := s.byName(name)
	if err != nil {
		return nil, err
	}
	attributes, err := messageAttributes(parameters, "MessageAttribute.")
	if err != nil {
		return nil, err
	}
	return send(q, parameters.Get("MessageBody"), attributes)
}

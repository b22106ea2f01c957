package awsservice

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

const (
	snsNamespace    = "http://sns.amazonaws.com/doc/2010-03-31/"
	maxMessageBytes = 256 << 10 // message, subject and attributes together
)

// sns is the topics and subscriptions of the template.
type sns struct {
	topics   map[string]*topic // by ARN
	delivery *delivery
	server   *server
	now      func() time.Time
}

type topic struct {
	arn           string
	subscriptions []*subscription
}

// subscription leads from a topic to a function or a queue.
type subscription struct {
	arn        string
	endpoint   string // ARN
	queue      *queue // of protocol sqs
	raw        bool   // the queue gets the message without its envelope
	deadLetter *queue // what could not be delivered; nil when there is none
}

// message is a published message.
type message struct {
	ID         string
	TopicARN   string
	Subject    string // "" when there is none
	Text       string
	Structured map[string]string // text by protocol, of MessageStructure json
	Attributes map[string]attribute
	Time       time.Time
}

// attribute is a message attribute as it is delivered.
type attribute struct {
	Type  string
	Value string // of type Binary, base64
}

// newSNS reads topics and subscriptions of the template.
func newSNS(a *cfn.Assembly, queues *sqs, d *delivery) (*sns, cfn.Problems) {
	s := &sns{topics: map[string]*topic{}, delivery: d, now: time.Now}
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::SNS::Topic") {
		t := &topic{arn: r.ARN()}
		s.topics[t.arn] = t
		if r.Bool("FifoTopic") {
			problems = append(problems, r.Problem("FifoTopic", "order and deduplication of FIFO topics are not kept",
				"use AWS_ENDPOINT_URL_SNS"))
		}
		for i := range r.List("Subscription") {
			problems = append(problems, s.subscribe(r, t.arn, fmt.Sprintf("Subscription.%d.", i), queues)...)
		}
	}
	for _, r := range a.Resources("AWS::SNS::Subscription") {
		problems = append(problems, s.subscribe(r, r.String("TopicArn"), "", queues)...)
	}
	return s, problems
}

// subscribe adds the subscription that stands in r below prefix.
func (s *sns) subscribe(r *cfn.Resource, topicARN, prefix string, queues *sqs) cfn.Problems {
	const elsewhere = "use AWS_ENDPOINT_URL_SNS"
	t := s.topics[topicARN]
	if t == nil {
		return cfn.Problems{r.Problem(prefix+"TopicArn", "the topic is not part of the template", elsewhere)}
	}
	sub := &subscription{arn: r.Ref(), endpoint: r.String(prefix + "Endpoint"), raw: r.Bool(prefix + "RawMessageDelivery")}
	var problems cfn.Problems
	switch protocol := r.String(prefix + "Protocol"); protocol {
	case "lambda":
	case "sqs":
		if sub.queue = queues.byARN(sub.endpoint); sub.queue == nil {
			problems = append(problems, r.Problem(prefix+"Endpoint", "the queue is not part of the template", elsewhere))
		}
	default:
		problems = append(problems, r.Problem(prefix+"Protocol", "no delivery by "+protocol+"; lambda and sqs are served", elsewhere))
	}
	for _, property := range []string{"FilterPolicy", "DeliveryPolicy", "ReplayPolicy"} {
		if r.Has(prefix + property) {
			problems = append(problems, r.Problem(prefix+property, "not evaluated, so the subscription gets nothing", elsewhere))
		}
	}
	deadLetter, problem := deadLetterQueue(r, prefix+"RedrivePolicy", queues)
	if sub.deadLetter = deadLetter; problem != nil {
		problems = append(problems, *problem)
	}
	if len(problems) == 0 {
		t.subscriptions = append(t.subscriptions, sub)
	}
	return problems
}

// deadLetterQueue reads a redrive policy, an object or its JSON text.
func deadLetterQueue(r *cfn.Resource, path string, queues *sqs) (*queue, *cfn.Problem) {
	policy, _ := r.Value(path).(map[string]any)
	if text, ok := r.Value(path).(string); ok {
		if err := json.Unmarshal([]byte(text), &policy); err != nil {
			problem := r.Problem(path, "not JSON: "+err.Error(), "")
			return nil, &problem
		}
	}
	if policy == nil {
		return nil, nil
	}
	arn, _ := policy["deadLetterTargetArn"].(string)
	found := queues.byARN(arn)
	if found == nil {
		problem := r.Problem(path, "the dead-letter queue is not part of the template", "use AWS_ENDPOINT_URL_SNS")
		return nil, &problem
	}
	return found, nil
}

// snsActions are what the embedded SNS serves.
var snsActions = []string{"Publish"}

func (s *sns) check(action string) error {
	if action != "" && !slices.Contains(snsActions, action) {
		return fmt.Errorf("the embedded SNS has no action %s: use another", action)
	}
	return nil
}

func (s *sns) url(context.Context) (*url.URL, error) { return s.server.url(), nil }

// ServeHTTP speaks the query protocol.
func (s *sns) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parameters, err := readParameters(r)
	if err == nil && parameters.Get("Action") != "Publish" {
		err = &serviceError{http.StatusBadRequest, "InvalidAction", "The embedded SNS does not serve the action " + strconv.Quote(parameters.Get("Action"))}
	}
	var id string
	if err == nil {
		id, err = s.publish(parameters)
	}
	if err != nil {
		asServiceError(err).write(w, r, snsNamespace)
		return
	}
	queryAnswer{snsNamespace, "Publish", []member{{"MessageId", id}, {"SequenceNumber", nil}}}.write(w, r)
}

// publish accepts a message, or says why not, and sends it on its way to the
// subscriptions.
func (s *sns) publish(p url.Values) (id string, err error) {
	arn := p.Get("TopicArn")
	if arn == "" {
		arn = p.Get("TargetArn")
	}
	switch parts := strings.Split(arn, ":"); {
	case arn == "":
		return "", invalidParameter("TopicArn or TargetArn Reason: no value for required parameter")
	case len(parts) < 6:
		return "", invalidParameter(fmt.Sprintf("TopicArn Reason: An ARN must have at least 6 elements, not %d", len(parts)))
	}
	t := s.topics[arn]
	if t == nil {
		return "", &serviceError{http.StatusNotFound, "NotFound", "Topic does not exist"}
	}
	m := &message{ID: uuid.New(), TopicARN: arn, Subject: p.Get("Subject"), Text: p.Get("Message"), Time: s.now().UTC()}
	if m.Attributes, err = messageAttributes(p, "MessageAttributes.entry."); err != nil {
		return "", err
	}
	if err := m.validate(p.Has("Subject")); err != nil {
		return "", err
	}
	if p.Get("MessageStructure") == "json" {
		if m.Structured, err = structure(m.Text); err != nil {
			return "", err
		}
	}
	for _, sub := range t.subscriptions {
		s.delivery.begin(m, sub)
	}
	return m.ID, nil
}

// subject is what SNS takes: up to 100 printable ASCII characters, the first no blank.
var subject = regexp.MustCompile(`^[!-~][ -~]{0,99}$`)

func (m *message) validate(hasSubject bool) error {
	size := len(m.Text)
	for name, a := range m.Attributes {
		size += len(name) + len(a.Type) + len(a.Value)
	}
	switch {
	case m.Text == "":
		return invalidParameter("Empty message")
	case size > maxMessageBytes:
		return invalidParameter("Message too long")
	case hasSubject && !subject.MatchString(m.Subject):
		return invalidParameter("Subject")
	}
	return nil
}

// structure reads the texts by protocol of MessageStructure json.
func structure(text string) (map[string]string, error) {
	var texts map[string]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, invalidParameter("Message Structure - JSON message body failed to parse")
	}
	if _, ok := texts["default"]; !ok {
		return nil, invalidParameter("Message Structure - No default entry in JSON message body")
	}
	return texts, nil
}

// textFor is the text that a protocol's subscribers get.
func (m *message) textFor(protocol string) string {
	if m.Structured == nil {
		return m.Text
	}
	if text, ok := m.Structured[protocol]; ok {
		return text
	}
	return m.Structured["default"]
}

var attributeType = regexp.MustCompile(`^(String\.Array|(String|Number|Binary)(\..+)?)$`)

// messageAttributes reads prefix1.Name, prefix1.Value.DataType, … until a
// number is missing.
func messageAttributes(p url.Values, prefix string) (map[string]attribute, error) {
	attributes := map[string]attribute{}
	for i := 1; ; i++ {
		entry := prefix + strconv.Itoa(i)
		name := p.Get(entry + ".Name")
		if name == "" {
			return attributes, nil
		}
		a := attribute{Type: p.Get(entry + ".Value.DataType"), Value: p.Get(entry + ".Value.StringValue")}
		if strings.HasPrefix(a.Type, "Binary") {
			a.Value = p.Get(entry + ".Value.BinaryValue")
		}
		if !attributeType.MatchString(a.Type) {
			return nil, &serviceError{http.StatusBadRequest, "ParameterValueInvalid",
				fmt.Sprintf("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)}
		}
		if a.Value == "" {
			return nil, &serviceError{http.StatusBadRequest, "ParameterValueInvalid",
				fmt.Sprintf("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.Type)}
		}
		attributes[name] = a
	}
}

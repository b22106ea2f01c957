package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

const functionARN = "arn:aws:lambda:us-east-1:000000000000:function:conformance"

// function is a case's Lambda function: it does what the recording's did and
// remembers the event.
type function struct {
	spec *Backend

	mu    sync.Mutex
	event json.RawMessage
	calls int
}

// Invoke answers as the Lambda Invoke API.
func (f *function) Invoke(_ context.Context, _ string, payload []byte, o lambdahost.InvokeOptions) (*lambdahost.Result, error) {
	f.mu.Lock()
	f.event, f.calls = append(json.RawMessage(nil), payload...), f.calls+1
	f.mu.Unlock()
	if o.InvocationType == lambdahost.Event {
		return &lambdahost.Result{StatusCode: http.StatusAccepted}, nil
	}
	answer, err := f.run(payload)
	result := &lambdahost.Result{
		StatusCode: http.StatusOK, Payload: answer, ExecutedVersion: "$LATEST", RequestID: "8f6b2f3e-6f0c-4f2e-9a63-0d1f5e7c9b21",
	}
	if f.spec.Raises != nil {
		result.FunctionError = "Unhandled"
	}
	return result, err
}

// run does what the recording's function did; it was written in Python.
func (f *function) run(event []byte) ([]byte, error) {
	switch {
	case f.spec.Raises != nil:
		return pythonJSON(bytes.ReplaceAll(f.spec.Raises, []byte("@uuid@"), []byte("8f6b2f3e-6f0c-4f2e-9a63-0d1f5e7c9b21"))), nil
	case f.spec.Behaviour == "echo":
		return pythonJSON(event), nil
	case f.spec.Behaviour == "proxy-echo":
		text, err := json.Marshal(string(pythonJSON(event)))
		return fmt.Appendf(nil, `{"statusCode": 200, "body": %s, "isBase64Encoded": false}`, text), err
	case f.spec.Behaviour == "greets":
		var e struct{ QueryStringParameters map[string]string }
		err := json.Unmarshal(event, &e)
		return json.RawMessage(fmt.Sprintf(`{"statusCode": 200, "body": "Hello, %s!"}`, e.QueryStringParameters["first_name"])), err
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, f.spec.Returns)
	return compact.Bytes(), err
}

// pythonJSON writes JSON as Python's json.dumps does, a blank behind each comma
// and colon: the recordings have the lengths of such bodies.
func pythonJSON(text []byte) []byte {
	var compact bytes.Buffer
	if json.Compact(&compact, text) != nil {
		return text
	}
	var spaced []byte
	quoted, escaped := false, false
	for _, c := range compact.Bytes() {
		spaced = append(spaced, c)
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ':'):
			spaced = append(spaced, ' ')
		}
	}
	return spaced
}

// compare compares the event that reached the function.
func (f *function) compare(want object) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == 0 {
		return []string{"function: nothing arrived"}
	}
	var event any
	if err := decode(f.event, &event); err != nil {
		return []string{"event: " + err.Error()}
	}
	var found []string
	if expected, ok := want["json"]; ok {
		found = append(found, mismatches("event", expected, event, want["subset"] == true)...)
	}
	if expected, ok := want["event"]; ok {
		found = append(found, mismatches("event", expected, event, want["eventComplete"] != true)...)
	}
	absent, _ := want["headersAbsent"].([]any)
	headers, _ := at(event, "headers").(object)
	for name := range headers {
		for _, not := range absent {
			if strings.EqualFold(name, text(not)) {
				found = append(found, "event.headers."+name+": not expected")
			}
		}
	}
	relations, _ := want["relations"].([]any)
	for _, relation := range relations {
		left, right, _ := strings.Cut(text(relation), " == ")
		if l, r := at(event, left), at(event, right); l == nil || l != r {
			found = append(found, fmt.Sprintf("event: %s does not hold: %s, %s", relation, show(l), show(r)))
		}
	}
	return found
}

// at is the value at a path of names with dots; nil when there is none.
func at(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		m, _ := value.(object)
		value = m[name]
	}
	return value
}

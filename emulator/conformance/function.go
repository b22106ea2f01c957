package conformance

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
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

// backends are the Lambda backends over the function.
func (f *function) backends() (lambda, proxy gateway.Backend) { return nil, nil }

// run answers an event: the payload, and whether it is an error.
func (f *function) run(event []byte) (payload []byte, failed bool) {
	f.mu.Lock()
	f.event, f.calls = append(json.RawMessage(nil), event...), f.calls+1
	f.mu.Unlock()
	switch {
	case f.spec.Raises != nil:
		return f.spec.Raises, true
	case f.spec.Behaviour == "echo":
		return event, false
	case f.spec.Behaviour == "proxy-echo":
		answer, err := json.Marshal(object{"statusCode": 200, "body": string(event), "isBase64Encoded": false})
		if err != nil {
			return []byte(fmt.Sprintf(`{"errorMessage":%q}`, err.Error())), true
		}
		return answer, false
	}
	return f.spec.Returns, false
}

// compare compares the event that reached the function.
func (f *function) compare(want object) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls == 0 {
		return []string{"function: nothing arrived"}
	}
	expect := object{"subset": want["eventComplete"] != true && want["event"] != nil}
	for _, name := range []string{"event", "json"} {
		if value, ok := want[name]; ok {
			expect["json"] = value
		}
	}
	return compareBody("event", expect, f.event)
}

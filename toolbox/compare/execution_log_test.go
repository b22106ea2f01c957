package compare

import (
	"strings"
	"testing"
)

func TestExecutionLog(t *testing.T) {
	const time = "Sat Feb 01 07:08:09 UTC 2026 : "
	tests := []struct {
		name, text string
		requestID  string
		body       string // of the endpoint's request
		known, cut bool
		failure    string
	}{
		{name: "nothing"},
		{name: "mock integration", text: "Execution log for request r-1\n" + time + "Starting execution for request: r-1\n", requestID: "r-1"},
		{name: "empty body", text: "Execution log for request r-1\n" + time + "Endpoint request body after transformations: \n" + time + "Sending request to x\n",
			requestID: "r-1", known: true},
		{name: "several lines, one like an entry of another body", known: true, body: "{\n\"a\": 1 : 2\n}\n",
			text: time + "Endpoint request body after transformations: {\n\"a\": 1 : 2\n}\n\n" + time + "Sending request to x\n"},
		{name: "marked as cut", text: time + "Endpoint request body after transformations: {\"a [TRUNCATED]\n", known: true, cut: true, body: `{"a`},
		{name: "as long as an entry gets", text: time + "Endpoint request body after transformations: " + strings.Repeat("x", 979) + "\n",
			known: true, cut: true, body: strings.Repeat("x", 979)},
		{name: "failed", text: time + "Execution failed due to configuration error: Invalid permissions on Lambda function\n" + time + "Method completed with status: 500\n",
			failure: "execution failed due to configuration error: Invalid permissions on Lambda function"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log := parseExecutionLog(test.text)
			if log.requestID() != test.requestID || log.failure() != test.failure {
				t.Errorf("got request ID %q, failure %q", log.requestID(), log.failure())
			}
			body := log.endpointRequestBody()
			if (body != nil) != test.known || body != nil && *body != (loggedBody{test.body, test.cut}) {
				t.Errorf("got body %+v", body)
			}
		})
	}
}

package awsservice

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// asynchronousInvocation is what becomes of an event that a function failed on.
type asynchronousInvocation struct {
	retries    int
	deadLetter *queue // DeadLetterConfig of the function
	onFailure  *queue // OnFailure destination of its EventInvokeConfig
}

// asynchronousInvocations reads the settings of the template's functions, by ARN.
func asynchronousInvocations(a *cfn.Assembly, queues *sqs) (map[string]*asynchronousInvocation, cfn.Problems) {
	const hint = "failed events are logged and dropped"
	found := map[string]*asynchronousInvocation{}
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::Lambda::Function") {
		i := &asynchronousInvocation{retries: len(failedWaits)}
		found[r.ARN()] = i
		if target := r.String("DeadLetterConfig.TargetArn"); target != "" {
			if i.deadLetter = queues.byARN(target); i.deadLetter == nil {
				problems = append(problems, r.Problem("DeadLetterConfig.TargetArn", "it is no queue of the template", hint))
			}
		}
	}
	for _, r := range a.Resources("AWS::Lambda::EventInvokeConfig") {
		i := found[functionARN(a, r.String("FunctionName"))]
		if i == nil {
			continue
		}
		if r.Has("MaximumRetryAttempts") {
			i.retries = min(r.Int("MaximumRetryAttempts"), len(failedWaits))
		}
		if target := r.String("DestinationConfig.OnFailure.Destination"); target != "" {
			if i.onFailure = queues.byARN(target); i.onFailure == nil {
				problems = append(problems, r.Problem("DestinationConfig.OnFailure.Destination", "it is no queue of the template", hint))
			}
		}
	}
	return found, problems
}

// functionARN accepts a function's ARN or name.
func functionARN(a *cfn.Assembly, function string) string {
	if r := a.ByRef(function); r != nil {
		return r.ARN()
	}
	return function
}

// failed keeps the event where the template says; false when it says nowhere.
func (i *asynchronousInvocation) failed(requestID, function string, event []byte, last *result, at time.Time) (kept bool) {
	if i == nil {
		return false
	}
	if i.deadLetter != nil {
		i.deadLetter.send(string(event), map[string]attribute{
			"RequestID":    {"String", requestID},
			"ErrorCode":    {"Number", "200"},
			"ErrorMessage": {"String", last.message()},
		})
	}
	if i.onFailure != nil {
		record, _ := json.Marshal(map[string]any{ // JSON and texts only
			"version":   "1.0",
			"timestamp": at.UTC().Format("2006-01-02T15:04:05.000Z"),
			"requestContext": map[string]any{
				"requestId": requestID, "functionArn": function + ":$LATEST",
				"condition": "RetriesExhausted", "approximateInvokeCount": i.retries + 1,
			},
			"requestPayload":  json.RawMessage(event),
			"responseContext": map[string]any{"statusCode": 200, "executedVersion": "$LATEST", "functionError": last.functionError},
			"responsePayload": last.value(),
		})
		i.onFailure.send(string(record), nil)
	}
	return i.deadLetter != nil || i.onFailure != nil
}

// result is what one attempt gave.
type result struct {
	payload       []byte
	functionError string // "" when the function succeeded
	err           error  // the function could not be reached
}

// problem is what went wrong; nil when nothing did.
func (r *result) problem() error {
	if r.err == nil && r.functionError != "" {
		return errors.New("function error " + r.functionError)
	}
	return r.err
}

// message is the function's errorMessage.
func (r *result) message() string {
	var object struct{ ErrorMessage string }
	if json.Unmarshal(r.payload, &object) == nil && object.ErrorMessage != "" {
		return object.ErrorMessage
	}
	return r.functionError
}

func (r *result) value() any {
	if json.Valid(r.payload) {
		return json.RawMessage(r.payload)
	}
	return string(r.payload)
}

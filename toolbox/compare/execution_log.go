package compare

import (
	"context"
	"regexp"
	"strings"
)

// executionLog is what TestInvokeMethod tells of one request, entry by entry, without the times. See
// https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html; the words are those of recorded calls.
type executionLog struct{ entries []string }

// entryTime begins each entry but the first; an entry may have several lines.
var entryTime = regexp.MustCompile(`(?m)^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [A-Z]+ \d{4} : `)

func parseExecutionLog(text string) executionLog {
	var log executionLog
	for _, entry := range entryTime.Split(text, -1) {
		log.entries = append(log.entries, strings.TrimSuffix(entry, "\n"))
	}
	return log
}

// find returns what stands behind the words that an entry begins with.
func (l executionLog) find(words string) (string, bool) {
	for _, entry := range l.entries {
		if rest, ok := strings.CutPrefix(entry, words); ok {
			return rest, true
		}
	}
	return "", false
}

func (l executionLog) requestID() string {
	id, _ := l.find("Execution log for request ")
	return id
}

// failure is the entry that says why an execution failed; "" if it did not.
func (l executionLog) failure() string {
	if reason, failed := l.find("Execution failed due to "); failed {
		return strings.TrimRight("execution failed due to "+reason, ": ")
	}
	return ""
}

// loggedBody is a body as an entry of the log has it.
type loggedBody struct {
	text string
	cut  bool // it goes on in truth
}

// Entries end after 1,024 bytes (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html),
// where a mark was recorded.
const (
	longestEntry = 1024
	cutMark      = " [TRUNCATED]"
)

// endpointRequestBody is what the request template made; nil if the log has no such entry, as for mock integrations.
func (l executionLog) endpointRequestBody() *loggedBody {
	const words = "Endpoint request body after transformations: "
	text, ok := l.find(words)
	if !ok {
		return nil
	}
	whole, marked := strings.CutSuffix(text, cutMark)
	return &loggedBody{whole, marked || len(words)+len(text) == longestEntry}
}

// told is what TestInvokeMethod tells of a request beyond what an answer holds.
type told struct {
	log     executionLog
	headers []string // names as spelled
}

type toldKey struct{}

// listening returns a context in which testInvoke leaves what it is told of the last request.
func listening(ctx context.Context) (context.Context, *told) {
	place := &told{}
	return context.WithValue(ctx, toldKey{}, place), place
}

func tell(ctx context.Context, what told) {
	if place, ok := ctx.Value(toldKey{}).(*told); ok {
		*place = what
	}
}

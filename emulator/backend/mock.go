package backend

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Mock answers MOCK integrations: the request template says the status, and
// nothing is called.
type Mock struct{}

// NewMock returns the backend of MOCK integrations.
func NewMock() *Mock { return &Mock{} }

// Check accepts every method.
func (*Mock) Check(*gateway.Method) error { return nil }

// noStatusWords are as users of the service show them; unverified.
const noStatusWords = gateway.ConfigurationError + "Unable to parse statusCode. It should be an integer that is defined in the request template."

// Invoke answers with the statusCode that the request template rendered and no
// body (rules 41–43).
func (*Mock) Invoke(_ context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	status, err := mockStatus(string(x.IntegrationRequest.Body))
	if err != nil {
		return nil, &gateway.Failure{
			Type: gateway.Default5XX, Status: 500, Cause: fmt.Errorf("request template of a MOCK integration: %w", err), Words: noStatusWords,
		}
	}
	return &gateway.EndpointResponse{StatusCode: status, Selection: strconv.Itoa(status)}, nil
}

// mockStatus reads the statusCode of a rendered request template. The service
// takes far more than JSON: keys need no quotes, of the members only the first
// statusCode counts, and all else may be nearly anything (rule 41).
func mockStatus(text string) (int, error) {
	text = strings.TrimSpace(text)
	inner, opened := strings.CutPrefix(text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if !opened || !closed {
		return 0, errors.New("it must render an object with an integer statusCode")
	}
	members := strictMembers(text)
	if members == nil {
		var err error
		if members, err = lenientMembers(inner); err != nil {
			return 0, err
		}
	}
	for _, m := range members {
		if m.key == "statusCode" {
			status, err := strconv.Atoi(m.value)
			if err != nil {
				return 0, fmt.Errorf("statusCode %s is no integer", m.value)
			}
			return status, nil
		}
	}
	return 0, errors.New("it rendered no statusCode")
}

// mockMember is one member of the object, its value as it is written.
type mockMember struct{ key, value string }

// strictMembers are the members of a JSON object, in order; nil when text is no JSON.
func strictMembers(text string) []mockMember {
	all, err := objectMembers([]byte(text))
	if err != nil {
		return nil
	}
	members := make([]mockMember, len(all))
	for i, m := range all {
		members[i] = mockMember{m.name, string(m.value)}
	}
	return members
}

// lenientMembers splits at commas that stand in no quotes. A key or value that
// begins with a quote must end with it, and a key can't begin with a brace.
func lenientMembers(text string) ([]mockMember, error) {
	var members []mockMember
	for text != "" {
		key, rest, err := lenientToken(text, ":,")
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(key, "{") {
			return nil, fmt.Errorf("%s is no key", key)
		}
		m := mockMember{key: unquoted(key)}
		if value, ok := strings.CutPrefix(rest, ":"); ok {
			if m.value, rest, err = lenientToken(value, ","); err != nil {
				return nil, err
			}
		}
		members = append(members, m)
		text = strings.TrimPrefix(rest, ",")
	}
	return members, nil
}

// lenientToken reads up to one of the bytes in end, quotes at the token's
// beginning considered.
func lenientToken(text, end string) (token, rest string, err error) {
	text = strings.TrimLeft(text, " \t\r\n")
	from := 0
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		closing := strings.IndexByte(text[1:], text[0])
		if closing < 0 {
			return "", "", fmt.Errorf("the quote in %s is not closed", text)
		}
		from = closing + 2
	}
	stop := strings.IndexAny(text[from:], end)
	if stop < 0 {
		return strings.TrimSpace(text), "", nil
	}
	return strings.TrimSpace(text[:from+stop]), text[from+stop:], nil
}

func unquoted(key string) string {
	if len(key) > 1 && (key[0] == '"' || key[0] == '\'') && key[len(key)-1] == key[0] {
		return key[1 : len(key)-1]
	}
	return key
}

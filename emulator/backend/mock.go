package backend

import (
	"context"
	"encoding/json"
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
	members, err := objectMembers([]byte(text))
	if err != nil {
		if members, err = lenientMembers(inner); err != nil {
			return 0, err
		}
	}
	for _, m := range members {
		if m.name == "statusCode" {
			status, err := strconv.Atoi(string(m.value))
			if err != nil {
				return 0, fmt.Errorf("statusCode %s is no integer", m.value)
			}
			return status, nil
		}
	}
	return 0, errors.New("it rendered no statusCode")
}

// lenientMembers splits at commas that stand in no quotes. A key or value that
// begins with a quote must end with it, and a key can't begin with a brace. The
// values may be no JSON.
func lenientMembers(text string) ([]member, error) {
	var members []member
	for text != "" {
		key, rest, err := lenientToken(text, ":,")
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(key, "{") {
			return nil, fmt.Errorf("%s is no key", key)
		}
		value := ""
		if after, ok := strings.CutPrefix(rest, ":"); ok {
			if value, rest, err = lenientToken(after, ","); err != nil {
				return nil, err
			}
		}
		members = append(members, member{unquoted(key), json.RawMessage(value)})
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

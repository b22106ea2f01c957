package backend

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// errMalformed is the service's verdict in the execution log.
//
//lint:ignore ST1005 the service's words
var errMalformed = errors.New("Malformed Lambda proxy response")

// errBase64 is a body that can't be decoded: 500, not 502 (rule 30).
var errBase64 = errors.New("the function's body is not base64, though isBase64Encoded says so")

// proxyAnswer reads what a proxy function returned (rules 21–30). An error that
// wraps errMalformed names the member.
func proxyAnswer(result []byte, acceptsBinary bool) (*gateway.EndpointResponse, error) {
	members, err := objectMembers(result)
	if err != nil {
		return nil, malformed("the result %s", err)
	}
	answer := &gateway.EndpointResponse{}
	head := newAnswerHead()
	var isBase64 bool
	for _, m := range members {
		switch m.name {
		case "body":
			var body string
			if json.Unmarshal(m.value, &body) != nil {
				err = errors.New("is no string: make one of it, as JSON.stringify does")
			}
			answer.Body = []byte(body)
		case "isBase64Encoded":
			if json.Unmarshal(m.value, &isBase64) != nil {
				err = errors.New("is neither true nor false")
			}
		default:
			err = head.read(m)
		}
		if err != nil {
			return nil, malformed("%s %s", m.name, err)
		}
	}
	if err := head.write(answer); err != nil {
		return nil, err
	}
	if isBase64 && acceptsBinary {
		if answer.Body, err = base64.StdEncoding.DecodeString(string(answer.Body)); err != nil {
			return nil, errBase64
		}
	}
	return answer, nil
}

// answerHead is status and headers of an answer, as the function tells them.
type answerHead struct {
	status        int
	single, multi []member
}

// newAnswerHead begins with the status of a function that tells none (rule 21).
func newAnswerHead() *answerHead { return &answerHead{status: 200} }

// read takes one member of the answer; any that it doesn't know is an error
// (rule 23).
func (h *answerHead) read(m member) (err error) {
	switch m.name {
	case "statusCode":
		h.status, err = statusCode(m.value)
	case "headers":
		h.single, err = optionalMembers(m.value)
	case "multiValueHeaders":
		h.multi, err = optionalMembers(m.value)
	default:
		err = errors.New("is not a member of a proxy response")
	}
	return err
}

func (h *answerHead) write(answer *gateway.EndpointResponse) (err error) {
	answer.StatusCode = h.status
	answer.Header, err = answerHeader(h.single, h.multi)
	return err
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errMalformed, fmt.Sprintf(format, args...))
}

// statusCode takes a number or a numeric string (rule 22); null counts as absent.
func statusCode(value json.RawMessage) (int, error) {
	text := string(value)
	if text == "null" {
		return 200, nil
	}
	if unquoted, ok := strings.CutPrefix(text, `"`); ok {
		text = strings.TrimSuffix(unquoted, `"`)
	}
	status, err := strconv.Atoi(text)
	if err != nil || status < 100 || status > 599 {
		return 0, fmt.Errorf("%s is no HTTP status", value)
	}
	return status, nil
}

// answerHeader merges the two header maps without regard to case: the values
// of multiValueHeaders first, in their spelling (rule 25). Content-Type is
// JSON unless the function says otherwise (rule 26).
func answerHeader(single, multi []member) (gateway.Header, error) {
	var h gateway.Header
	for _, m := range multi {
		var values []json.RawMessage
		if err := json.Unmarshal(m.value, &values); err != nil {
			return nil, malformed("multiValueHeaders: %s is no list", m.name)
		}
		for _, v := range values {
			text, err := headerText(v)
			if err != nil {
				return nil, malformed("multiValueHeaders: %s %s", m.name, err)
			}
			h.Add(spelled(h, m.name), text)
		}
	}
	for _, m := range single {
		text, err := headerText(m.value)
		if err != nil {
			return nil, malformed("headers: %s %s", m.name, err)
		}
		h.Add(spelled(h, m.name), text)
	}
	if !h.Has("Content-Type") {
		h.Add("Content-Type", "application/json")
	}
	return h, nil
}

// spelled is name as h has it already, if it does.
func spelled(h gateway.Header, name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Name
		}
	}
	return name
}

// headerText is the text of a header's value: numbers and booleans are written
// out (rule 24).
func headerText(value json.RawMessage) (string, error) {
	switch value[0] {
	case '"':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	case '{', '[', 'n':
		return "", fmt.Errorf("has the value %s", value)
	}
	return string(value), nil
}

// member is one member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// optionalMembers are those of an object, none of null (rule 24).
func optionalMembers(value json.RawMessage) ([]member, error) {
	if string(value) == "null" {
		return nil, nil
	}
	return objectMembers(value)
}

// objectMembers are the members of a JSON object in their order.
func objectMembers(text []byte) ([]member, error) {
	text = bytes.TrimSpace(text)
	if !json.Valid(text) || text[0] != '{' {
		return nil, errors.New("is no JSON object")
	}
	var members []member
	for rest := text[1:]; ; {
		rest = bytes.TrimLeft(rest, ", \t\r\n")
		if rest[0] == '}' {
			return members, nil
		}
		end := valueEnd(rest)
		name, err := memberName(rest[:end])
		if err != nil {
			return nil, err
		}
		rest = bytes.TrimLeft(rest[end:], ": \t\r\n")
		end = valueEnd(rest)
		members = append(members, member{name, json.RawMessage(bytes.TrimSpace(rest[:end]))})
		rest = rest[end:]
	}
}

// valueEnd is where the value ends that valid JSON begins with.
func valueEnd(text []byte) int {
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ':' || c == '}' || c == ']'):
			return i
		case c == '}' || c == ']':
			depth--
		}
	}
	return len(text)
}

// memberName is the text of a JSON string.
func memberName(quoted []byte) (name string, err error) {
	if quoted = bytes.TrimSpace(quoted); utf8.Valid(quoted) && !bytes.Contains(quoted, []byte{'\\'}) {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	err = json.Unmarshal(quoted, &name)
	return name, err
}

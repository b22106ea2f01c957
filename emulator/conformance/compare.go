package conformance

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The members of an expectation that are compared. Any other is an error, so
// that nothing a case expects goes unseen.
var (
	answerMembers = []string{
		"status", "headers", "headersAbsent", "headersComplete", "json", "subset", "body", "bodyBase64", "bodyLength",
		"bodyAlso", "multiValueHeaders", "log", "afterItems", "backendReceives", "transport", // "transport" is for information
	}
	backendMembers = []string{
		"method", "path", "query", "headers", "headersAbsent", "json", "subset", "body", "bodyBase64", "event",
		"eventComplete", "relations", "action", "message",
	}
)

// unknownMembers names what a case expects and nobody compares.
func unknownMembers(c *Case) error {
	received, _ := c.Expect["backendReceives"].(object)
	for _, check := range []struct {
		expect object
		known  []string
	}{{c.Expect, answerMembers}, {received, backendMembers}} {
		for name := range check.expect {
			if !slices.Contains(check.known, name) {
				return fmt.Errorf("the case expects %q, which is not compared", name)
			}
		}
	}
	return nil
}

// compareAnswer compares what the client got.
func compareAnswer(expect map[string]any, got *received) []string {
	var found []string
	header := map[string][]string{}
	for name, values := range got.header {
		header[strings.ToLower(name)] = values
	}
	if want, ok := expect["status"]; ok {
		found = append(found, mismatches("status", want, number(got.status), false)...)
	}
	found = append(found, compareHeader("header", expect, header)...)
	if expect["headersComplete"] == true {
		found = append(found, unexpected(expect, header)...)
	}
	found = append(found, compareMultiValueHeaders(expect, got.header)...)
	found = append(found, compareLog(expect, got.log)...)
	return append(found, compareBody("body", expect, got.body)...)
}

// compareHeader compares the members headers and headersAbsent; names compare
// without case.
func compareHeader(place string, expect map[string]any, header map[string][]string) []string {
	var found []string
	wanted, _ := expect["headers"].(object)
	for name, want := range wanted {
		values := header[strings.ToLower(name)]
		at := place + " " + name
		if len(values) == 0 {
			found = append(found, at+": missing")
			continue
		}
		if m, ok := want.(object); ok && m["$joined"] != nil {
			found = append(found, mismatches(at, want, strings.Join(values, ", "), false)...)
			continue
		}
		found = append(found, mismatches(at, want, values[len(values)-1], false)...)
	}
	absent, _ := expect["headersAbsent"].([]any)
	for _, name := range absent {
		if values := header[strings.ToLower(text(name))]; len(values) > 0 {
			found = append(found, fmt.Sprintf("%s %s: not expected, got %s", place, name, values))
		}
	}
	return found
}

// notRecorded are response headers that the recordings leave out.
var notRecorded = []string{"date", "via", "x-cache", "connection", "content-length", "transfer-encoding"}

func unexpected(expect map[string]any, header map[string][]string) []string {
	wanted := map[string]bool{}
	headers, _ := expect["headers"].(object)
	for name := range headers {
		wanted[strings.ToLower(name)] = true
	}
	var found []string
	for _, name := range sortedKeys(header) {
		if !wanted[name] && !slices.Contains(notRecorded, name) {
			found = append(found, fmt.Sprintf("header %s: not expected, got %s", name, header[name]))
		}
	}
	return found
}

// compareBody compares the members json, body, bodyAlso, bodyBase64 and bodyLength.
func compareBody(place string, expect map[string]any, body []byte) []string {
	var found []string
	if want, ok := expect["json"]; ok {
		var value any
		if err := decode(body, &value); err != nil {
			found = append(found, fmt.Sprintf("%s: not JSON: %s", place, show(string(body))))
		} else {
			found = append(found, mismatches(place, want, value, expect["subset"] == true)...)
		}
	}
	if want, ok := expect["body"]; ok {
		found = append(found, mismatches(place, want, string(body), false)...)
	}
	also, _ := expect["bodyAlso"].([]any)
	for _, pattern := range also {
		found = append(found, mismatches(place, object{"$match": pattern}, string(body), false)...)
	}
	if want, ok := expect["bodyBase64"]; ok {
		found = append(found, mismatches(place+" as base64", want, base64.StdEncoding.EncodeToString(body), false)...)
	}
	if want, ok := expect["bodyLength"]; ok {
		found = append(found, mismatches(place+" length", want, number(len(body)), false)...)
	}
	return found
}

// compareArrived compares what reached the case's backend.
func (s *scene) compareArrived(expect map[string]any) []string {
	want, ok := expect["backendReceives"].(object)
	if !ok {
		return nil
	}
	if s.function != nil {
		return s.function.compare(want)
	}
	got := s.endpoint.arrived()
	if got == nil {
		return []string{"backend: nothing arrived"}
	}
	var found []string
	if action, ok := want["action"]; ok {
		found = append(found, mismatches("backend action", action, got.header.Get("X-Amz-Target"), false)...)
	}
	if method, ok := want["method"]; ok {
		found = append(found, mismatches("backend method", method, got.method, false)...)
	}
	if path, ok := want["path"]; ok {
		found = append(found, mismatches("backend path", path, got.path, false)...)
	}
	if query, ok := want["query"]; ok {
		pairs := object{}
		for name, values := range got.query {
			pairs[name] = list(values)
		}
		found = append(found, mismatches("backend query", query, pairs, want["subset"] == true)...)
	}
	header := map[string][]string{}
	for _, f := range got.header {
		name := strings.ToLower(f.Name)
		header[name] = append(header[name], f.Value)
	}
	found = append(found, compareHeader("backend header", want, header)...)
	return append(found, compareBody("backend body", want, got.body)...)
}

func number(n int) json.Number { return json.Number(fmt.Sprint(n)) }

func list(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

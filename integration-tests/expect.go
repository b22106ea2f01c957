package integrationtests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// Answer is what an action gave.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Expectation is what an answer has to be. Status 0 and an empty Body say nothing about the answer's.
type Expectation struct {
	Status int
	Header []Line
	Body   string
}

// differences lists what is not as expected.
func (e *Expectation) differences(a *Answer) []string {
	var found []string
	if e.Status != 0 && a.Status != e.Status {
		found = append(found, fmt.Sprintf("status: got %d, want %d", a.Status, e.Status))
	}
	for _, line := range e.Header {
		found = append(found, headerDifference(line, a.Header)...)
	}
	return append(found, bodyDifferences(e.Body, a.Body)...)
}

func headerDifference(want Line, header http.Header) []string {
	if name, absent := strings.CutPrefix(want.Name, "!"); absent {
		if values := header.Values(name); len(values) > 0 {
			return []string{fmt.Sprintf("header %s: got %q, want none", name, values)}
		}
		return nil
	}
	return textDifference("header "+want.Name, want.Value, strings.Join(header.Values(want.Name), ", "))
}

// Satisfies reports whether a text or a value of a JSON document is as an expected one says.
func Satisfies(want, got any) bool { return len(jsonDifferences("", want, got)) == 0 }

// textDifference compares a text with an expected one, which may be "~ regexp".
func textDifference(where, want, got string) []string {
	if pattern, ok := strings.CutPrefix(want, "~ "); ok {
		matches, err := regexp.MatchString(pattern, got)
		if err != nil {
			return []string{fmt.Sprintf("%s: %v", where, err)}
		}
		if !matches {
			return []string{fmt.Sprintf("%s: got %q, want a match of %s", where, got, pattern)}
		}
		return nil
	}
	if got != want {
		return []string{fmt.Sprintf("%s: got %q, want %q", where, got, want)}
	}
	return nil
}

func bodyDifferences(want string, got []byte) []string {
	exact, isExact := strings.CutPrefix(want, "= ")
	switch {
	case want == "":
		return nil
	case want == "(empty)":
		return textDifference("body", "", string(got))
	case isExact:
		return textDifference("body", exact, string(got))
	case strings.HasPrefix(want, "<"):
		return xmlDifferences(want, got)
	case !strings.HasPrefix(want, "{") && !strings.HasPrefix(want, "["):
		return textDifference("body", want, string(got))
	}
	wanted, err := DecodeJSON([]byte(want))
	if err != nil {
		return []string{"the case's expected body is not JSON: " + err.Error()}
	}
	value, err := DecodeJSON(got)
	if err != nil {
		return []string{"body is not JSON: " + err.Error()}
	}
	return jsonDifferences("body", wanted, value)
}

// DecodeJSON reads one JSON value; numbers are json.Number, which keeps their text.
func DecodeJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("something behind the first value")
	}
	return value, nil
}

func jsonDifferences(where string, want, got any) []string {
	switch want := want.(type) {
	case string:
		text, ok := got.(string)
		if !ok {
			return []string{fmt.Sprintf("%s: got %s, want a string", where, compact(got))}
		}
		return textDifference(where, want, text)
	case []any:
		return arrayDifferences(where, want, got)
	case map[string]any:
		if name, argument, ok := matcher(want); ok {
			return matchers[name](where, argument, got)
		}
		return objectDifferences(where, want, got, true)
	}
	if compact(want) != compact(got) {
		return []string{fmt.Sprintf("%s: got %s, want %s", where, compact(got), compact(want))}
	}
	return nil
}

func arrayDifferences(where string, want []any, got any) []string {
	array, ok := got.([]any)
	if !ok || len(array) != len(want) {
		return []string{fmt.Sprintf("%s: got %s, want an array of %d", where, compact(got), len(want))}
	}
	var found []string
	for i := range want {
		found = append(found, jsonDifferences(fmt.Sprintf("%s[%d]", where, i), want[i], array[i])...)
	}
	return found
}

// objectDifferences lets the object have further members unless it has to be whole.
func objectDifferences(where string, want map[string]any, got any, whole bool) []string {
	object, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: got %s, want an object", where, compact(got))}
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, ok := object[name]
		if !ok {
			found = append(found, fmt.Sprintf("%s.%s: is missing", where, name))
			continue
		}
		found = append(found, jsonDifferences(where+"."+name, want[name], value)...)
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, ok := want[name]; !ok && whole {
			found = append(found, fmt.Sprintf("%s.%s: got %s, want no such member", where, name, compact(object[name])))
		}
	}
	return found
}

// matchers: name → comparison of its argument with a value. Filled in by init, since they call each other.
var matchers map[string]func(where string, argument, got any) []string

func init() {
	matchers = map[string]func(string, any, any) []string{
		"$number":   matchNumber,
		"$length":   matchLength,
		"$contains": matchContains,
		"$json":     matchJSON,
	}
}

// matcher recognises an object that stands for a matcher.
func matcher(object map[string]any) (name string, argument any, ok bool) {
	for name, argument = range object {
		_, ok = matchers[name]
	}
	return name, argument, ok && len(object) == 1
}

func matchNumber(where string, argument, got any) []string {
	number, ok := got.(json.Number)
	if !ok {
		return []string{fmt.Sprintf("%s: got %s, want a number", where, compact(got))}
	}
	return textDifference(where, fmt.Sprintf("~ %v", argument), number.String())
}

func matchLength(where string, argument, got any) []string {
	length := -1
	switch got := got.(type) {
	case []any:
		length = len(got)
	case string:
		length = len([]rune(got))
	}
	return textDifference(where+" length", fmt.Sprint(argument), fmt.Sprint(length))
}

func matchContains(where string, argument, got any) []string {
	want, ok := argument.(map[string]any)
	if !ok {
		return []string{where + ": $contains takes an object"}
	}
	return objectDifferences(where, want, got, false)
}

func matchJSON(where string, argument, got any) []string {
	text, ok := got.(string)
	if !ok {
		return []string{fmt.Sprintf("%s: got %s, want a string", where, compact(got))}
	}
	value, err := DecodeJSON([]byte(text))
	if err != nil {
		return []string{fmt.Sprintf("%s: %q is not JSON: %v", where, text, err)}
	}
	return jsonDifferences(where, argument, value)
}

func compact(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// exampleKey is the metadata of a method that holds a request to try: an
// object of method, path, query (each optional), headers and body.
const exampleKey = "apigw:example"

var placeholder = regexp.MustCompile(`\{([^}+]+)\+?\}`)

// curl is the command that sends the method's example request; without one in
// the metadata, the bare method and path with placeholders named as values.
func curl(m *gateway.Method, baseURL string) string {
	verb := m.HTTPMethod
	if verb == "ANY" {
		verb = "GET"
	}
	path := placeholder.ReplaceAllString(m.Resource.Path, "$1")
	var headers []string
	var body string
	if example, ok := m.Integration.Metadata[exampleKey].(map[string]any); ok {
		verb = text(example, "method", verb)
		path = text(example, "path", path)
		body = text(example, "body", "")
		if fields, ok := example["headers"].(map[string]any); ok {
			for name := range fields {
				headers = append(headers, name+": "+text(fields, name, ""))
			}
		}
	}
	slices.Sort(headers)
	words := []string{"curl"}
	if verb != "GET" && (verb != "POST" || body == "") {
		words = append(words, "-X", verb)
	}
	words = append(words, quote(baseURL+path))
	for _, header := range headers {
		words = append(words, "-H", quote(header))
	}
	if body != "" {
		words = append(words, "-d", quote(body))
	}
	return strings.Join(words, " ")
}

func text(object map[string]any, name, otherwise string) string {
	if value, ok := object[name].(string); ok {
		return value
	}
	return otherwise
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quote makes one word of a POSIX shell.
func quote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

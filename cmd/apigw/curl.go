package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// exampleKey is the metadata of a method that holds a request to try: an
// object of method, path with query, headers and body. With first, another such
// object that is posted before, {take} in path is that member of its answer.
const exampleKey = "apigw:example"

var placeholder = regexp.MustCompile(`\{([^}+]+)\+?\}`)

// curl is the command that sends the method's example request; without one in
// the metadata, the bare method and path with placeholders named as values.
func curl(m *gateway.Method, baseURL string) string {
	request := map[string]any{
		"method": m.HTTPMethod,
		"path":   placeholder.ReplaceAllString(m.Resource.Path, "$1"),
	}
	if m.HTTPMethod == "ANY" {
		request["method"] = "GET"
	}
	if example, ok := m.Integration.Metadata[exampleKey].(map[string]any); ok {
		maps.Copy(request, example)
	}
	url := quote(baseURL + text(request, "path"))
	if first, ok := request["first"].(map[string]any); ok {
		url = `"` + baseURL + following(request, curlWords(m, first, quote(baseURL+text(first, "path")), "POST")) + `"`
	}
	return curlWords(m, request, url, text(request, "method"))
}

// following is the path of a request whose {take} the first one's answer has.
func following(request map[string]any, first string) string {
	member := text(request, "take")
	answer := fmt.Sprintf(`$(%s -s | sed 's/.*"%s": *"\([^"]*\)".*/\1/')`, first, member)
	return strings.ReplaceAll(text(request, "path"), "{"+member+"}", answer)
}

func curlWords(m *gateway.Method, request map[string]any, url, verb string) string {
	body := text(request, "body")
	words := []string{"curl"}
	if verb != "GET" && (verb != "POST" || body == "") {
		words = append(words, "-X", verb)
	}
	words = append(words, url)
	headers, _ := request["headers"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		words = append(words, "-H", quote(name+": "+text(headers, name)))
	}
	if body != "" {
		words = append(words, "-d", quote(body))
	}
	return strings.Join(append(words, callerWords(m)...), " ")
}

// callerWords are what the method wants of its caller. A signature needs the
// access key that serve prints, exported.
func callerWords(m *gateway.Method) []string {
	var words []string
	if m.AuthorizationType == "AWS_IAM" {
		words = append(words, "--aws-sigv4", "aws:amz:"+m.API.Region+":execute-api", "--user", `"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`)
	}
	if m.APIKeyRequired {
		for _, key := range m.API.APIKeys {
			if key.Enabled {
				return append(words, "-H", quote("x-api-key: "+key.Value))
			}
		}
	}
	return words
}

func text(object map[string]any, name string) string {
	value, _ := object[name].(string)
	return value
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quote makes one word of a POSIX shell.
func quote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

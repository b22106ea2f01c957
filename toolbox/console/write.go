package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

// incidental are headers that a client sends whatever it asks for.
var incidental = regexp.MustCompile(`(?i)^(accept-encoding|accept-language|cache-control|connection|content-length|cookie|dnt|host|origin|pragma|` +
	`priority|referer|sec-.*|transfer-encoding|upgrade-insecure-requests|user-agent|x-amz-date|x-amz-content-sha256)$`)

// repeatable is a request as one would write it down: below the stage, without
// incidental headers, secrets masked.
func (c *console) repeatable(t *trace.Trace) (example.Request, error) {
	recorded, _ := trace.Last[trace.Request](t)
	if !utf8.Valid(recorded.Body) {
		return example.Request{}, &fault{http.StatusUnprocessableEntity, "the body is not text: it can't be written down, but replayed"}
	}
	path, below := strings.CutPrefix(t.Summary().Path, "/"+c.served().Stage.Name+"/")
	if !below {
		return example.Request{}, &fault{http.StatusUnprocessableEntity, "the path is not below the stage"}
	}
	request := example.Request{
		Method: recorded.Method, Path: "/" + path,
		Headers: map[string]string{}, Body: string(recorded.Body),
	}
	for _, f := range recorded.Header.Masked() {
		if !incidental.MatchString(f.Name) {
			request.Headers[f.Name] = f.Value
		}
	}
	return request, nil
}

// method is the one that a trace's request came to; nil when none took it.
func (c *console) method(t *trace.Trace) *gateway.Method {
	for _, resource := range c.served().Resources {
		if resource.Path == t.Resource {
			if m := resource.Methods[t.Method]; m != nil {
				return m
			}
			return resource.Methods["ANY"]
		}
	}
	return nil
}

// drop removes a header, however it is spelled.
func drop(r example.Request, name string) {
	for spelled := range r.Headers {
		if strings.EqualFold(spelled, name) {
			delete(r.Headers, spelled)
		}
	}
}

// curl is the command that sends a request again. Where the method wants a key
// or a signature, the command has what the local gateway takes.
func (c *console) curl(t *trace.Trace) (string, error) {
	request, err := c.repeatable(t)
	if err != nil {
		return "", err
	}
	m := c.method(t)
	if m != nil && m.APIKeyRequired {
		drop(request, "x-api-key")
	}
	if m != nil && m.AuthorizationType == "AWS_IAM" {
		drop(request, "Authorization")
	}
	command := request.Curl(m, c.emulator.BaseURLOf(c.number))
	if recorded, _ := trace.Last[trace.Request](t); request.Body != "" && recorded.Header.Get("Content-Type") == "" {
		command += " -H 'Content-Type:'" // or curl says that it is a form
	}
	return command, nil
}

// testCase is a case of integration-tests that expects the answer that the
// request got: status, content type and body, but not what is new each time.
func (c *console) testCase(t *trace.Trace) (string, error) {
	request, err := c.repeatable(t)
	if err != nil {
		return "", err
	}
	for _, secret := range []string{"Authorization", "x-api-key", "x-amz-security-token"} { // the runner has its own
		drop(request, secret)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "What %s %s answered at %s. Put ${unique} where each run needs a value of its own.\n\n",
		request.Method, t.Resource, t.Time.UTC().Format(time.DateTime))
	fmt.Fprintf(&b, "-- request %s %s --\n", request.Method, request.Path)
	writeMessage(&b, request.Headers, request.Body)
	header, body := answerOf(t)
	fmt.Fprintf(&b, "-- expect %d --\n", t.Status)
	expected := map[string]string{}
	for _, f := range header.Masked() {
		if strings.EqualFold(f.Name, "Content-Type") {
			expected["Content-Type"] = f.Value
		}
	}
	writeMessage(&b, expected, lasting(body))
	if text := b.String(); strings.Count(text, "\n-- ") != 2 {
		return "", &fault{http.StatusUnprocessableEntity, "a line of a body would be read as a section of the case"}
	}
	return b.String(), nil
}

// answerOf is what the client got.
func answerOf(t *trace.Trace) (trace.Header, []byte) {
	if failure, failed := t.Failure(); failed {
		return failure.Header, failure.Body
	}
	response, _ := trace.Last[trace.MethodResponse](t)
	return response.Header, response.Body
}

func writeMessage(b *strings.Builder, headers map[string]string, body string) {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		fmt.Fprintf(b, "%s: %s\n", name, headers[name])
	}
	if body != "" {
		fmt.Fprintf(b, "\n%s\n", strings.TrimSuffix(body, "\n"))
	}
}

// passing are JSON strings that are new with each request, and what a case
// expects in their place.
var passing = []struct {
	text     *regexp.Regexp
	expected string
}{
	{regexp.MustCompile(`"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"`), `"~ ^[0-9a-fA-F-]{36}$"`},
	{regexp.MustCompile(`"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"`), `"~ ^[0-9-]{10}T[0-9:.]+Z$"`},
}

// lasting is a body as a case expects it: JSON indented, what is new with each
// request as a pattern, anything else as it is.
func lasting(body []byte) string {
	var indented bytes.Buffer
	if json.Indent(&indented, body, "", "  ") != nil {
		return string(body)
	}
	text := indented.String()
	for _, p := range passing {
		text = p.text.ReplaceAllLiteralString(text, p.expected)
	}
	return text
}

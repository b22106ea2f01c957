// Package example makes requests to try of an API's description, and curl
// commands of requests.
package example

import (
	"regexp"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Key is the metadata of a method that holds a request to try: an object of
// method, path with query, headers and body. With first, another such object
// that is posted before, {take} in path is that member of its answer.
const Key = "apigw:example"

// Request is a request to try.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"` // below the stage, with the query
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`

	// First is sent before, and {Take} in Path stands for that member of its answer.
	First *Request `json:"first"`
	Take  string   `json:"take"`
}

var placeholder = regexp.MustCompile(`\{([^}+]+)\+?\}`)

// Of is the example request of a method's metadata; without one there, the
// method and its path with placeholders named as values, and a body of its model.
func Of(m *gateway.Method) Request {
	r := Request{Method: m.HTTPMethod, Path: placeholder.ReplaceAllString(m.Resource.Path, "$1")}
	if r.Method == "ANY" {
		r.Method = "GET"
	}
	if Declared(m) {
		r.read(m.Integration.Metadata[Key].(map[string]any))
	} else if r.Body = bodyOf(m); r.Body != "" {
		r.Headers = map[string]string{"Content-Type": "application/json"}
	}
	return r
}

// Declared says whether the method's metadata has an example request.
func Declared(m *gateway.Method) bool {
	if m.Integration == nil {
		return false
	}
	_, ok := m.Integration.Metadata[Key].(map[string]any)
	return ok
}

// APIKey is a key that the method's callers may use; "" when it needs none, or
// there is none.
func APIKey(m *gateway.Method) string {
	if m.APIKeyRequired {
		for _, key := range m.API.APIKeys {
			if key.Enabled {
				return key.Value
			}
		}
	}
	return ""
}

func (r *Request) read(object map[string]any) {
	for name, field := range map[string]*string{"method": &r.Method, "path": &r.Path, "body": &r.Body, "take": &r.Take} {
		if value, ok := object[name].(string); ok {
			*field = value
		}
	}
	r.Headers = map[string]string{}
	headers, _ := object["headers"].(map[string]any)
	for name, value := range headers {
		r.Headers[name], _ = value.(string)
	}
	if first, ok := object["first"].(map[string]any); ok {
		r.First = &Request{Method: "POST"}
		r.First.read(first)
	}
}

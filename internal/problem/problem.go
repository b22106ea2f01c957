// Package problem writes problem details, the error format of RFC 9457.
package problem

import (
	"encoding/json"
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/internal/document"
)

// ContentType is the media type of problem details.
const ContentType = "application/problem+json"

// Problem is the body of an error answer. Errors lists every fault of the request's body.
type Problem struct {
	Type   string          `json:"type"`
	Title  string          `json:"title"`
	Status int             `json:"status"`
	Detail string          `json:"detail,omitempty"`
	Errors document.Faults `json:"errors,omitempty"`
}

// New describes a failure that is told well enough by its status: the type is "about:blank", so the title has to be
// the status phrase.
func New(status int, detail string) Problem {
	return Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// Invalid describes a body in which reading it found err, either *document.Malformed or document.Faults.
func Invalid(err error) Problem {
	faults, ok := err.(document.Faults)
	if !ok {
		return New(http.StatusBadRequest, err.Error())
	}
	p := New(http.StatusBadRequest, "the body breaks the rules listed in errors")
	p.Errors = faults
	return p
}

// JSON returns the body.
func (p Problem) JSON() []byte {
	data, err := json.Marshal(p)
	if err != nil { // strings and numbers only
		return []byte(`{}`)
	}
	return data
}

package awsservice

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// maxRequest bounds what the embedded SNS and SQS read of one request.
const maxRequest = 1 << 20

// member is one named member of a query-protocol answer, in order.
type member struct {
	name  string
	value any // string, nil or []member
}

// serviceError is an error in the words of the service.
type serviceError struct {
	status  int
	code    string
	message string
}

func (e *serviceError) Error() string { return e.code + ": " + e.message }

func invalidParameter(reason string) error {
	return &serviceError{http.StatusBadRequest, "InvalidParameter", "Invalid parameter: " + reason}
}

// asServiceError gives any other error the form of a fault of the service.
func asServiceError(err error) *serviceError {
	var known *serviceError
	if errors.As(err, &known) {
		return known
	}
	return &serviceError{http.StatusInternalServerError, "InternalError", err.Error()}
}

// readParameters reads the parameters of a query-protocol request: those of
// the URL and, of a form, those of the body.
func readParameters(r *http.Request) (url.Values, error) {
	parameters := r.URL.Query()
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxRequest))
	if err != nil {
		return nil, &serviceError{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", err.Error()}
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return parameters, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &serviceError{http.StatusBadRequest, "MalformedQueryString", "The query string contains a syntax error"}
	}
	for name, values := range form {
		parameters[name] = values
	}
	return parameters, nil
}

// queryAnswer is the answer of an action: XML, or JSON when the caller asks
// for it, as API Gateway does (rule 65).
type queryAnswer struct {
	namespace string // of the service's XML
	action    string
	result    []member
}

func (a queryAnswer) write(w http.ResponseWriter, r *http.Request) {
	id := uuid.New()
	response := []member{{a.action + "Response", []member{
		{a.action + "Result", a.result},
		{"ResponseMetadata", []member{{"RequestId", id}}},
	}}}
	contentType, text := queryText(accepted(r), response, response, a.namespace)
	writeQuery(w, http.StatusOK, id, contentType, text)
}

func (e *serviceError) write(w http.ResponseWriter, r *http.Request, namespace string) {
	id := uuid.New()
	contentType, text := e.text(accepted(r), id, namespace)
	writeQuery(w, e.status, id, contentType, text)
}

// text is the error's answer with its content type.
func (e *serviceError) text(accept, requestID, namespace string) (contentType, text string) {
	who := "Sender"
	if e.status >= http.StatusInternalServerError {
		who = "Receiver"
	}
	asJSON := []member{
		{"Error", []member{{"Code", e.code}, {"Message", e.message}, {"Type", who}}},
		{"RequestId", requestID},
	}
	asXML := []member{{"ErrorResponse", []member{
		{"Error", []member{{"Type", who}, {"Code", e.code}, {"Message", e.message}}},
		{"RequestId", requestID},
	}}}
	return queryText(accept, asJSON, asXML, namespace)
}

// accepted is what a caller of the engines accepts: XML unless it says so.
func accepted(r *http.Request) string {
	if accept := r.Header.Get("Accept"); accept != "" {
		return accept
	}
	return "text/xml"
}

// queryText chooses between the forms of an answer; JSON without a wish, since
// that is what API Gateway asks for.
func queryText(accept string, asJSON, asXML []member, namespace string) (contentType, text string) {
	var to strings.Builder
	if accept == "" || strings.Contains(accept, "application/json") {
		writeMembers(&to, asJSON)
		return "application/json", to.String()
	}
	writeXML(&to, asXML, namespace)
	return "text/xml", to.String()
}

func writeQuery(w http.ResponseWriter, status int, id, contentType, text string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("x-amzn-RequestId", id)
	w.WriteHeader(status)
	io.WriteString(w, text) // a caller that went away is of no interest
}

// writeMembers writes JSON that keeps the order of the members.
func writeMembers(to *strings.Builder, members []member) {
	to.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			to.WriteByte(',')
		}
		to.WriteString(strconv.Quote(m.name) + ":")
		if nested, ok := m.value.([]member); ok {
			writeMembers(to, nested)
			continue
		}
		value, _ := json.Marshal(m.value) // a string or nil
		to.Write(value)
	}
	to.WriteByte('}')
}

// writeXML leaves out members without a value; the outermost one carries the namespace.
func writeXML(to *strings.Builder, members []member, namespace string) {
	for _, m := range members {
		if m.value == nil {
			continue
		}
		to.WriteString("<" + m.name)
		if namespace != "" {
			to.WriteString(` xmlns="` + namespace + `"`)
		}
		to.WriteByte('>')
		switch value := m.value.(type) {
		case []member:
			writeXML(to, value, "")
		case string:
			xml.EscapeText(to, []byte(value)) // a strings.Builder takes everything
		}
		to.WriteString("</" + m.name + ">")
	}
}

package gateway

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/valyala/fasthttp"
)

// What is refused here is no request, or could be read in two ways: a proxy in
// front might see another end of it than we do, and hand us somebody's request
// as the rest of another's (smuggling). fasthttp reads leniently, so the head
// is looked at again as it came. After a refusal the connection ends, with all
// that the client sent behind it.

const (
	// maxRequestLineAndValues is the service's limit for the request line and
	// the values of all headers together:
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
	maxRequestLineAndValues = 10240
	// maxHead bounds what is read of a head, names and line ends included.
	maxHead = 16 << 10
)

// refuseSyntax answers what the gateway can't take for a request. That the
// service answers with an empty body is unverified.
func refuseSyntax(c *fasthttp.RequestCtx, status int) {
	c.Error("", status)
	c.SetConnectionClose()
}

// unreadable is the status for what fasthttp could not read.
func unreadable(err error) int {
	var tooLarge *fasthttp.ErrSmallBuffer
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestHeaderFieldsTooLarge
	case errors.As(err, &network) && network.Timeout():
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

// refusedSyntax is the status that a request is refused with before anything
// is made of it, 0 when it is fine. It must come first: fasthttp unfolds lines
// in place when it goes through them.
func refusedSyntax(h *fasthttp.RequestHeader) int {
	head := requestHead{size: len(h.Method()) + len(h.RequestURI()) + len(h.Protocol()) + len("  \r\n")}
	switch protocol := string(h.Protocol()); {
	case protocol == "HTTP/1.0":
		head.old = true
	case protocol != "HTTP/1.1":
		return http.StatusHTTPVersionNotSupported
	}
	if !validTarget(string(h.Method()), h.RequestURI()) || !head.read(h.RawHeaders()) || !head.clear(h.RequestURI()) {
		return http.StatusBadRequest
	}
	if head.size > maxRequestLineAndValues {
		return http.StatusRequestHeaderFieldsTooLarge
	}
	return 0
}

// validTarget wants a path, an absolute URL, or * of OPTIONS; without blanks
// and controls.
func validTarget(method string, uri []byte) bool {
	if bytes.ContainsFunc(uri, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return false
	}
	_, target := originForm(uri)
	return bytes.HasPrefix(target, []byte("/")) || bytes.HasPrefix(target, []byte("?")) && len(target) < len(uri) ||
		method == http.MethodOptions && string(target) == "*"
}

// validQuery refuses pipes and braces, which the service doesn't support unless
// they are escaped.
func validQuery(query string) bool { return !strings.ContainsAny(query, "|{}") }

// requestHead is what decides where a request ends and whom it is for.
type requestHead struct {
	old       bool // HTTP/1.0
	size      int  // of the request line and all values
	hosts     int
	host      []byte
	lengths   int
	encodings int
	encoding  []byte
}

// read reads the lines of a head, up to the blank one; false when one of them
// isn't "name: value" with its own CRLF.
func (h *requestHead) read(raw []byte) bool {
	for len(raw) > 0 {
		line, rest, ended := bytes.Cut(raw, []byte("\r\n"))
		if !ended {
			return false
		}
		raw = rest
		if len(line) == 0 {
			break
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found || !isToken(name) || !validValue(value) {
			return false
		}
		h.add(name, bytes.Trim(value, " \t"))
	}
	return true
}

func (h *requestHead) add(name, value []byte) {
	h.size += len(value)
	switch {
	case bytes.EqualFold(name, []byte("Host")):
		h.hosts++
		h.host = value
	case bytes.EqualFold(name, []byte("Content-Length")):
		h.lengths++
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		h.encodings++
		h.encoding = value
	}
}

// clear says whether the body's end and the host can be read in one way only.
func (h *requestHead) clear(uri []byte) bool {
	if h.lengths+h.encodings > 1 || h.encodings == 1 && (h.old || !bytes.EqualFold(h.encoding, []byte("chunked"))) {
		return false
	}
	if h.hosts > 1 || h.hosts == 0 && !h.old || bytes.ContainsAny(h.host, " \t,/\\@?#\"<>") {
		return false
	}
	authority, _ := originForm(uri)
	return authority == nil || h.hosts == 0 || bytes.EqualFold(authority, h.host)
}

// tokenChars may stand in a header's name.
const tokenChars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

var inToken = func() (table [256]bool) {
	for i := range len(tokenChars) {
		table[tokenChars[i]] = true
	}
	return table
}()

func isToken[text string | []byte](name text) bool {
	for i := range len(name) {
		if !inToken[name[i]] {
			return false
		}
	}
	return len(name) > 0
}

// validValue refuses controls, above all those that end a line.
func validValue[text string | []byte](value text) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// originForm parts a target in absolute form, which clients send to proxies,
// into its host and the rest. Any other target has no host.
func originForm(target []byte) (authority, rest []byte) {
	for _, scheme := range []string{"http://", "https://"} {
		if len(target) < len(scheme) || !strings.EqualFold(string(target[:len(scheme)]), scheme) {
			continue
		}
		authority = target[len(scheme):]
		if i := bytes.IndexAny(authority, "/?"); i >= 0 {
			return authority[:i], authority[i:]
		}
		return authority, []byte("/")
	}
	return nil, target
}

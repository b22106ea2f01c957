package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// received is the gateway's answer as the client sees it.
type received struct {
	status int
	header http.Header
	body   []byte
	log    string // the execution log, of a test invocation
}

// send writes the request to the wire byte by byte: no client library sends
// every header that the recordings have.
func send(address string, c *Case) (*received, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(conn, wire(address, c)); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(conn)
	for {
		response, err := http.ReadResponse(reader, &http.Request{Method: c.Request.Method})
		if err != nil {
			return nil, err
		}
		if response.StatusCode == http.StatusContinue {
			continue
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return &received{status: response.StatusCode, header: response.Header, body: body}, err
	}
}

func wire(address string, c *Case) string {
	r, body := c.Request, c.Request.Body
	if r.BodyBase64 != nil {
		body = string(r.BodyBase64)
	}
	target := r.RawPath
	if host, path, found := strings.Cut(strings.TrimPrefix(r.URL, "https://"), "/"); found {
		address, target = host, "/"+path
	}
	if target == "" {
		target = "/" + c.stage() + r.Path
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", r.Method, target)
	present := map[string]bool{}
	for _, name := range sortedKeys(r.Headers) {
		present[strings.ToLower(name)] = true
		values, isList := r.Headers[name].([]any)
		if !isList {
			values = []any{r.Headers[name]}
		}
		for _, value := range values {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if !present["host"] {
		fmt.Fprintf(&b, "Host: %s\r\n", address)
	}
	switch {
	case present["transfer-encoding"]:
		b.WriteString("\r\n")
		if body != "" {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(body), body)
		}
		b.WriteString("0\r\n\r\n")
	case body != "" || r.Method == http.MethodPost || r.Method == http.MethodPut:
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	default:
		b.WriteString("\r\n")
	}
	return b.String()
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

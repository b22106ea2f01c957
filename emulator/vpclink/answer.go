package vpclink

import (
	"io"
	"net/http"
	"strconv"
	"strings"
)

// titles are what the load balancer's own pages say where net/http says otherwise.
var titles = map[int]string{
	http.StatusServiceUnavailable: "Service Temporarily Unavailable",
	http.StatusGatewayTimeout:     "Gateway Time-out",
}

// answer is the load balancer's own page of a status.
func (lb *loadBalancer) answer(r *http.Request, status int, header http.Header) *http.Response {
	title, ok := titles[status]
	if !ok {
		title = http.StatusText(status)
	}
	line := strconv.Itoa(status) + " " + title
	return lb.fixed(r, status, "text/html", header, strings.Join([]string{
		"<html>",
		"<head><title>" + line + "</title></head>",
		"<body>",
		"<center><h1>" + line + "</h1></center>",
		"</body>",
		"</html>",
		"",
	}, "\r\n"))
}

// fixed is a response that no target made.
func (lb *loadBalancer) fixed(r *http.Request, status int, contentType string, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	if !lb.withoutServer {
		header.Set("Server", "awselb/2.0")
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	if r.Body != nil {
		r.Body.Close() // no target reads it
	}
	length := int64(len(body))
	if r.Method == http.MethodHead {
		body = ""
	}
	return &http.Response{
		Status:        strconv.Itoa(status) + " " + http.StatusText(status),
		StatusCode:    status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: length,
		Request:       r,
	}
}
